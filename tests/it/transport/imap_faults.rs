//! What connections and servers do when they fail.

use std::time::Duration;

use loket::imap::{ImapError, Options, Session, Why};
use loket::net::{Endpoint, Net, NetError, NetOptions, TlsMode};
use serde_json::json;

use super::{connect, mail};
use crate::support::rig::{Account, Proxy, Rig, Shape};

const MANY: u64 = 16 << 20;

async fn behind_proxy(rig: &Rig) -> (Account, Proxy, Session) {
    let account = rig.account(Shape::Plain).await;
    for n in 1..=5 {
        let raw = [mail(&format!("f{n}")), vec![b'x'; 3000]].concat();
        rig.deliver(&account, "INBOX", &raw);
    }
    let proxy = rig.proxy(&rig.imap(Shape::Plain)).await;
    let mut imap = connect(rig, &proxy.endpoint, &account.password()).await.unwrap();
    imap.examine("INBOX").await.unwrap();
    (account, proxy, imap)
}

#[tokio::test]
async fn a_connection_cut_inside_a_literal_is_an_error_and_ends_the_session() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    proxy.rule(json!({ "do": "cut-literal", "fraction": 0.5, "min": 1000 })).await;
    let cut = imap.fetch_batch(&[1, 2, 3, 4, 5], MANY).await;
    assert!(matches!(cut, Err(ImapError::Network(_))), "{cut:?}");
    assert!(imap.noop().await.is_err(), "a spent session must not be used again");
}

#[tokio::test]
async fn a_connection_cut_between_two_replies_is_an_error_and_not_a_short_success() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    let two_of_five = "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n* 2 FETCH (UID 2 RFC822.SIZE 10)";
    proxy
        .rule(json!({ "do": "reply", "on": "RFC822.SIZE", "text": two_of_five, "close": true }))
        .await;
    let cut = imap.fetch_batch(&[1, 2, 3, 4, 5], MANY).await;
    assert!(matches!(cut, Err(ImapError::Network(_))), "{cut:?}");
}

#[tokio::test]
async fn a_refused_fetch_is_an_error_and_not_an_empty_success() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    proxy.rule(json!({ "do": "reply", "on": "RFC822.SIZE", "text": "{tag} NO Bad day" })).await;
    let refused = imap.fetch_batch(&[1], MANY).await;
    assert!(matches!(refused, Err(ImapError::Refused { .. })), "{refused:?}");
    proxy.rule(json!({ "do": "reply", "on": "SEARCH", "text": "{tag} NO [INUSE] Later" })).await;
    let refused = imap.uids_between(1..=9).await;
    assert!(matches!(refused, Err(ImapError::TemporarilyUnavailable { .. })), "{refused:?}");
    assert_eq!(imap.uids_between(1..=9).await.unwrap().len(), 5, "the session is still good");
}

#[tokio::test]
async fn throttling_in_the_middle_of_a_batch_is_not_taken_for_missing_mail() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    let text = "{tag} NO [ALERT] Account exceeded command or bandwidth limits. (Failure)";
    proxy.rule(json!({ "do": "reply", "on": "BODY.PEEK", "text": text })).await;
    let throttled = imap.fetch_batch(&[1, 2], MANY).await;
    assert!(matches!(throttled, Err(ImapError::TemporarilyUnavailable { .. })), "{throttled:?}");
}

#[tokio::test]
async fn one_damaged_mail_does_not_stop_its_neighbours() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    let no = |on: &str| json!({ "do": "reply", "on": on, "text": "{tag} NO Message is damaged" });
    proxy.rule(no(r"FETCH 1:5 .*BODY\.PEEK")).await;
    proxy.rule(no(r"FETCH 3 .*BODY\.PEEK")).await;
    let batch = imap.fetch_batch(&[1, 2, 3, 4, 5], MANY).await.unwrap();
    assert_eq!(batch.mails.iter().map(|m| m.uid).collect::<Vec<_>>(), [1, 2, 4, 5]);
    let skipped = &batch.skipped[0];
    assert_eq!(skipped.uid, 3);
    assert!(matches!(&skipped.why, Why::Unreadable(words) if words.as_str().contains("damaged")));
}

/// Exchange computes `RFC822.SIZE` without rendering the mail and is often wrong.
#[tokio::test]
async fn a_size_that_the_server_got_wrong_cuts_no_mail() {
    let rig = Rig::new();
    let (account, proxy, mut imap) = behind_proxy(&rig).await;
    let raw = [mail("wrong-size"), b"0123456789abcdef\r\n".repeat(150_000)].concat();
    rig.deliver(&account, "INBOX", &raw);
    imap.noop().await.unwrap();
    for wrong in [1 << 10, (1 << 20) + 5, 20 << 20] {
        let text = format!("* 6 FETCH (UID 6 RFC822.SIZE {wrong})\r\n{{tag}} OK done");
        proxy.rule(json!({ "do": "reply", "on": "RFC822.SIZE", "text": text })).await;
        let batch = imap.fetch_batch(&[6], MANY).await.unwrap();
        assert!(batch.mails[0].raw == raw, "told {wrong}, got {}", batch.mails[0].size);
    }
}

#[tokio::test]
async fn a_server_that_says_bye_is_temporarily_gone() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    let text = "* BYE Session expired, please log in again";
    proxy.rule(json!({ "do": "reply", "on": "NOOP", "text": text, "close": true })).await;
    let gone = imap.noop().await;
    assert!(matches!(gone, Err(ImapError::TemporarilyUnavailable { .. })), "{gone:?}");
}

#[tokio::test]
async fn a_connection_lost_while_idle_is_an_error() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    let (woken, ()) = tokio::join!(imap.idle(Duration::from_secs(30)), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        proxy.kill().await;
    });
    assert!(matches!(woken, Err(ImapError::Network(_))), "{woken:?}");
}

#[tokio::test]
async fn an_idle_that_the_server_refuses_is_an_error() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    proxy.rule(json!({ "do": "reply", "on": "IDLE", "text": "{tag} NO not now" })).await;
    let refused = imap.idle(Duration::from_secs(30)).await;
    assert!(matches!(refused, Err(ImapError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_dropped_command_ends_the_session() {
    let rig = Rig::new();
    let (_, proxy, mut imap) = behind_proxy(&rig).await;
    proxy.rule(json!({ "do": "freeze", "on": "SEARCH" })).await;
    let waiting = tokio::time::timeout(Duration::from_millis(200), imap.uids_between(1..=9)).await;
    assert!(waiting.is_err());
    assert!(imap.noop().await.is_err(), "the next command would read the old answer");
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_judged_now_is_no_reason_to_reconnect() {
    let rig = Rig::new();
    let account = rig.account(Shape::Plain).await;
    let proxy = rig.proxy(&rig.imap(Shape::Plain)).await;
    let password = account.password();
    for text in [
        "{tag} NO [UNAVAILABLE] Temporary authentication failure.",
        "{tag} NO [ALERT] Too many simultaneous connections. (Failure)",
    ] {
        proxy.rule(json!({ "do": "reply", "on": "AUTHENTICATE|LOGIN", "text": text })).await;
        let refused = connect(&rig, &proxy.endpoint, &password).await;
        assert!(matches!(refused, Err(ImapError::TemporarilyUnavailable { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn an_unknown_authority_a_wrong_name_and_a_forbidden_address_are_told_apart() {
    let rig = Rig::new();
    let account = rig.account(Shape::Plain).await;
    let connect = async |net: &Net, endpoint: &Endpoint| {
        let password = account.password();
        let failed = Session::connect(net, endpoint, &password, Options::default()).await;
        match failed {
            Err(ImapError::Network(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let endpoint = rig.imap(Shape::Plain);
    let guard = loket::net::Guard::AllowPrivate;
    let stranger = Net::new(&NetOptions { extra_roots_pem: None, guard }).unwrap();
    assert!(matches!(connect(&stranger, &endpoint).await, NetError::Certificate(_)));
    let guarded = Net::new(&NetOptions { extra_roots_pem: Some(rig.ca()), ..Default::default() });
    assert!(matches!(connect(&guarded.unwrap(), &endpoint).await, NetError::Blocked));
    // 127.0.0.9 is not in the certificate (Dovecot listens on 127.0.0.4 only: refused).
    let nobody = Endpoint::new("127.0.0.9", endpoint.port, TlsMode::Implicit);
    assert!(matches!(connect(&rig.net(), &nobody).await, NetError::Connect(_)));
    let unknown = Endpoint::new("no-such-host.invalid", 993, TlsMode::Implicit);
    assert!(matches!(connect(&rig.net(), &unknown).await, NetError::Resolve(_)));
}
