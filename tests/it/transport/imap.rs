//! Reading mail.

use std::time::{Duration, Instant};

use loket::imap::{ImapError, Options, Role, Session, Skipped, Wake, Why};
use loket::net::Credentials;

use super::{connect, mail, plain, session};
use crate::support::rig::{Rig, Shape};

const MANY: u64 = 16 << 20;

#[tokio::test]
async fn xoauth2_opens_the_mailbox_at_both_vendors() {
    let rig = Rig::new();
    for shape in [Shape::Google, Shape::Microsoft] {
        let account = rig.account(shape).await;
        let grant = rig.grant(&account).await;
        let token = account.token(&grant);
        for endpoint in [rig.imap(shape), rig.imap_starttls(shape)] {
            connect(&rig, &endpoint, &token).await.unwrap().logout().await;
        }
    }
}

#[tokio::test]
async fn an_expired_token_asks_for_a_new_sign_in() {
    let rig = Rig::new();
    for shape in [Shape::Google, Shape::Microsoft] {
        let account = rig.account(shape).await;
        let token = account.token(&rig.grant(&account).await);
        rig.control("expire-access", shape, serde_json::json!({ "email": account.address })).await;
        let endpoint = rig.imap(shape);
        let refused = connect(&rig, &endpoint, &token).await;
        assert!(
            matches!(refused, Err(ImapError::NeedsReauthorization { .. })),
            "{shape:?}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_token_of_another_mailbox_is_refused() {
    let rig = Rig::new();
    let (one, other) = (rig.account(Shape::Google).await, rig.account(Shape::Google).await);
    let token = other.token(&rig.grant(&one).await);
    let endpoint = rig.imap(Shape::Google);
    let refused = connect(&rig, &endpoint, &token).await;
    assert!(matches!(refused, Err(ImapError::NeedsReauthorization { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_wrong_password_is_told_from_trouble() {
    let rig = Rig::new();
    let account = rig.account(Shape::Plain).await;
    let wrong = Credentials::Password { user: account.address, password: "wr\"o\\ng é".into() };
    for endpoint in [rig.imap(Shape::Plain), rig.imap_starttls(Shape::Plain)] {
        let refused = connect(&rig, &endpoint, &wrong).await;
        assert!(matches!(refused, Err(ImapError::NeedsReauthorization { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn folders_have_their_roles_at_each_kind_of_host() {
    let rig = Rig::new();
    for (shape, sent, all) in [
        (Shape::Google, "[Gmail]/Sent Mail", Some("[Gmail]/All Mail")),
        (Shape::Microsoft, "Sent Items", None),
        (Shape::Plain, "Sent", None),
    ] {
        let account = rig.account(shape).await;
        let folders = session(&rig, &account).await.list_folders().await.unwrap();
        let of = |role| {
            folders.iter().find(|folder| folder.role == role).map(|folder| folder.name.as_str())
        };
        assert_eq!(of(Role::Inbox), Some("INBOX"), "{shape:?}");
        assert_eq!(of(Role::Sent), Some(sent), "{shape:?}");
        assert_eq!(of(Role::All), all, "{shape:?}");
        assert!(of(Role::Junk).is_some() && of(Role::Trash).is_some(), "{shape:?} {folders:?}");
    }
}

#[tokio::test]
async fn mails_come_whole_and_stay_unread() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    for n in 1..=3 {
        rig.deliver(&account, "INBOX", &mail(&format!("whole-{n}")));
    }
    let inbox = imap.examine("INBOX").await.unwrap();
    assert_eq!(inbox.exists, 3);
    let uids = imap.uids_between(1..=inbox.uid_next - 1).await.unwrap();
    assert_eq!(uids.len(), 3);
    assert_eq!(imap.uids_between(inbox.uid_next..=u32::MAX).await.unwrap(), [0; 0]);
    let newest_first: Vec<u32> = uids.iter().rev().copied().collect();
    let batch = imap.fetch_batch(&newest_first, MANY).await.unwrap();
    assert_eq!(batch.mails.iter().map(|m| m.uid).collect::<Vec<_>>(), newest_first);
    assert!(batch.skipped.is_empty() && batch.rest.is_empty());
    let newest = &batch.mails[0];
    assert_eq!(newest.raw, mail("whole-3"));
    assert_eq!(newest.size, newest.raw.len() as u64);
    assert!(newest.internal_date.is_some() && !newest.seen);
    let unseen = rig.doveadm(&["search", "-u", &account.address, "mailbox", "INBOX", "UNSEEN"]);
    assert_eq!(unseen.lines().count(), 3, "reading marked mails as read");
}

#[tokio::test]
async fn a_batch_keeps_to_its_budget() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    for n in 0..4 {
        rig.deliver(&account, "INBOX", &[mail(&format!("b{n}")), vec![b'x'; 10_000]].concat());
    }
    imap.examine("INBOX").await.unwrap();
    let batch = imap.fetch_batch(&[1, 2, 3, 4], 25_000).await.unwrap();
    assert_eq!(batch.mails.iter().map(|m| m.uid).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(batch.rest, [3, 4]);
    // At least one, however small the budget.
    let batch = imap.fetch_batch(&[4, 1], 1).await.unwrap();
    assert_eq!((batch.mails[0].uid, batch.rest), (4, vec![1]));
}

#[tokio::test]
async fn expunged_mails_are_reported_missing_and_the_rest_comes() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    for n in 1..=4 {
        rig.deliver(&account, "INBOX", &mail(&format!("x{n}")));
    }
    imap.examine("INBOX").await.unwrap();
    let expunge = |uid| {
        rig.doveadm(&["expunge", "-u", &account.address, "mailbox", "INBOX", "uid", uid]);
    };
    expunge("2"); // while the folder is open: this session has not heard of it
    let batch = imap.fetch_batch(&[1, 2, 3, 4, 99], MANY).await.unwrap();
    assert_eq!(batch.mails.iter().map(|m| m.uid).collect::<Vec<_>>(), [1, 3, 4]);
    let missing = |uid| Skipped { uid, why: Why::Missing };
    assert_eq!(batch.skipped, [missing(99), missing(2)]);
    assert_eq!(imap.uids_between(1..=100).await.unwrap(), [1, 3, 4]);
}

#[tokio::test]
async fn a_changed_uidvalidity_shows_when_the_folder_is_opened() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    rig.deliver(&account, "INBOX", &mail("validity"));
    let before = imap.examine("INBOX").await.unwrap();
    imap.logout().await;
    let user = account.address.as_str();
    rig.doveadm(&["mailbox", "update", "-u", user, "--uid-validity", "77777", "INBOX"]);
    let after = session(&rig, &account).await.examine("INBOX").await.unwrap();
    assert_ne!(before.uid_validity, 77777);
    assert_eq!((after.uid_validity, after.exists), (77777, 1));
}

#[tokio::test]
async fn a_25_mb_mail_comes_in_pieces_and_within_its_own_size_of_memory() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    let line = [vec![b'y'; 76], b"\r\n".to_vec()].concat();
    let raw = [mail("large"), line.repeat((25 << 20) / 78)].concat();
    rig.deliver(&account, "INBOX", &raw);
    rig.deliver(&account, "INBOX", &mail("small"));
    // Exactly one and two pieces: the end must be found all the same.
    let exact = [raw.get(..1 << 20).unwrap(), raw.get(..2 << 20).unwrap()];
    for raw in exact {
        rig.deliver(&account, "INBOX", raw);
    }
    imap.examine("INBOX").await.unwrap();
    let before = peak_memory();
    let batch = imap.fetch_batch(&[1], MANY).await.unwrap();
    assert!(batch.mails[0].raw == raw, "the mail differs");
    let grown = peak_memory() - before;
    assert!(grown < (25 << 20) + (8 << 20), "peak memory grew by {} MiB", grown >> 20);
    let batch = imap.fetch_batch(&[3, 2, 4], MANY).await.unwrap();
    assert_eq!(batch.mails.iter().map(|m| m.uid).collect::<Vec<_>>(), [3, 2, 4]);
    assert!(batch.mails[0].raw == exact[0] && batch.mails[2].raw == exact[1]);
}

#[tokio::test]
async fn a_mail_beyond_the_limit_is_skipped_with_its_size() {
    let rig = Rig::new();
    let account = rig.account(Shape::Plain).await;
    let raw = [mail("fat"), vec![b'z'; 5000]].concat();
    rig.deliver(&account, "INBOX", &raw);
    let options = Options { max_mail: 4000 };
    let endpoint = rig.imap(Shape::Plain);
    let connected = Session::connect(&rig.net(), &endpoint, &account.password(), options).await;
    let mut imap = connected.unwrap();
    imap.examine("INBOX").await.unwrap();
    let batch = imap.fetch_batch(&[1], MANY).await.unwrap();
    assert!(batch.mails.is_empty());
    assert!(matches!(batch.skipped[0].why, Why::TooLarge(size) if size >= raw.len() as u64));
}

/// The most memory this process ever held, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn idle_wakes_on_a_delivery_and_not_before() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    rig.deliver(&account, "INBOX", &mail("first"));
    imap.examine("INBOX").await.unwrap();
    assert!(imap.can_idle());
    assert_eq!(imap.idle(Duration::from_millis(100)).await.unwrap(), Wake::Quiet);
    let began = Instant::now();
    let wait = imap.idle(Duration::from_secs(30));
    let deliver = async {
        let (rig, account) = (rig.clone(), account.clone());
        tokio::task::spawn_blocking(move || rig.deliver(&account, "INBOX", &mail("second"))).await
    };
    let (woken, delivered) = tokio::join!(wait, deliver);
    delivered.unwrap();
    assert_eq!(woken.unwrap(), Wake::News);
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(imap.uids_between(2..=9).await.unwrap(), [2]);
}

#[tokio::test]
async fn news_that_came_with_another_command_ends_the_waiting_at_once() {
    let rig = Rig::new();
    let (account, mut imap) = plain(&rig).await;
    imap.examine("INBOX").await.unwrap();
    rig.deliver(&account, "INBOX", &mail("early"));
    imap.noop().await.unwrap();
    assert_eq!(imap.idle(Duration::from_secs(600)).await.unwrap(), Wake::News);
}

#[tokio::test]
async fn a_sent_copy_is_filed_and_found_by_its_message_id() {
    let rig = Rig::new();
    for shape in [Shape::Plain, Shape::Google, Shape::Microsoft] {
        let account = rig.account(shape).await;
        let mut imap = session(&rig, &account).await;
        let folders = imap.list_folders().await.unwrap();
        let sent = folders.iter().find(|folder| folder.role == Role::Sent).unwrap();
        let id = "copy-1@customers.test";
        assert_eq!(imap.find_by_message_id(&sent.name, id).await.unwrap(), [0; 0]);
        let uid = imap.append(&sent.name, &mail("copy-1")).await.unwrap();
        let found = imap.find_by_message_id(&sent.name, id).await.unwrap();
        assert_eq!(found, [uid.unwrap()]);
        let batch = imap.fetch_batch(&found, MANY).await.unwrap();
        assert!(batch.mails[0].seen && batch.mails[0].raw == mail("copy-1"));
        let outlook = b"Message-ID: <theirs@outlook>\r\n\
                        X-Microsoft-Original-Message-ID: <ours@desk.test>\r\n\r\nx\r\n";
        imap.append(&sent.name, outlook).await.unwrap();
        assert_eq!(imap.find_by_message_id(&sent.name, "ours@desk.test").await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_refused_and_the_session_lives() {
    let rig = Rig::new();
    let (_, mut imap) = plain(&rig).await;
    let refused = imap.examine("No such \"folder\"").await;
    assert!(matches!(refused, Err(ImapError::Refused { .. })), "{refused:?}");
    imap.examine("INBOX").await.unwrap();
}

#[tokio::test]
async fn a_folder_for_sent_mail_is_made_where_it_can_be() {
    let rig = Rig::new();
    let (_, mut imap) = plain(&rig).await;
    assert_eq!(imap.create_sent().await.unwrap(), "Sent");
    // Now it is there; a server may refuse it for another reason: the next place is tried.
    let name = imap.create_sent().await.unwrap();
    assert_eq!(name, "INBOX.Sent");
    imap.append(&name, &mail("copy-2")).await.unwrap();
    let found = imap.find_by_message_id(&name, "copy-2@customers.test").await.unwrap();
    assert_eq!(found.len(), 1);
}
