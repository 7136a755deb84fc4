//! Sending mail.

use loket::imap::Role;
use loket::net::Credentials;
use loket::smtp::{Outcome, Reason, check, send};
use serde_json::json;

use super::{mail, session};
use crate::support::rig::{Account, Rig, Shape};

async fn send_as(rig: &Rig, account: &Account, to: &[&str], subject: &str) -> Outcome {
    let to: Vec<String> = to.iter().map(|&to| to.to_owned()).collect();
    let endpoint = rig.smtp();
    let credentials = account.password();
    send(&rig.net(), &endpoint, &credentials, &account.address, &to, &mail(subject)).await
}

async fn inbox(rig: &Rig, account: &Account) -> Vec<Vec<u8>> {
    let mut imap = session(rig, account).await;
    // Postfix hands over to Dovecot within moments of its 250.
    for _ in 0..100 {
        let inbox = imap.examine("INBOX").await.unwrap();
        if inbox.exists > 0 {
            break;
        }
        imap.idle(std::time::Duration::from_millis(200)).await.unwrap();
    }
    let uids = imap.uids_between(1..=1000).await.unwrap();
    let batch = imap.fetch_batch(&uids, 64 << 20).await.unwrap();
    batch.mails.into_iter().map(|mail| mail.raw.to_vec()).collect()
}

#[tokio::test]
async fn a_mail_arrives_byte_for_byte_through_tls_and_starttls() {
    let rig = Rig::new();
    for endpoint in [rig.smtp(), rig.smtp_starttls()] {
        let (from, to) = (rig.account(Shape::Plain).await, rig.account(Shape::Plain).await);
        let sent = send(
            &rig.net(),
            &endpoint,
            &from.password(),
            &from.address,
            std::slice::from_ref(&to.address),
            &mail("bytes"),
        )
        .await;
        assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
        let got = inbox(&rig, &to).await;
        assert!(got[0].ends_with(&mail("bytes")), "{}", String::from_utf8_lossy(&got[0]));
    }
}

#[tokio::test]
async fn xoauth2_sends_at_both_vendors_and_the_vendor_keeps_the_copy() {
    let rig = Rig::new();
    for shape in [Shape::Google, Shape::Microsoft] {
        let (from, to) = (rig.account(shape).await, rig.account(Shape::Plain).await);
        let token = from.token(&rig.grant(&from).await);
        let endpoint = rig.provider(shape).smtp;
        let recipients = [to.address.clone()];
        let raw = mail("vendor");
        let sent = send(&rig.net(), &endpoint, &token, &from.address, &recipients, &raw).await;
        assert!(matches!(sent, Outcome::Sent { .. }), "{shape:?} {sent:?}");
        assert_eq!(inbox(&rig, &to).await.len(), 1);
        let mut imap = session(&rig, &from).await;
        let folders = imap.list_folders().await.unwrap();
        let copies = &folders.iter().find(|folder| folder.role == Role::Sent).unwrap().name;
        let found = imap.find_by_message_id(copies, "vendor@customers.test").await.unwrap();
        assert_eq!(found.len(), 1);
    }
}

#[tokio::test]
async fn a_dead_token_and_a_wrong_password_ask_for_a_new_sign_in() {
    let rig = Rig::new();
    for shape in [Shape::Google, Shape::Microsoft] {
        let account = rig.account(shape).await;
        let token = account.token(&rig.grant(&account).await);
        let endpoint = rig.provider(shape).smtp;
        check(&rig.net(), &endpoint, &token).await.unwrap();
        rig.control("expire-access", shape, json!({ "email": account.address })).await;
        let refused = check(&rig.net(), &endpoint, &token).await;
        assert!(matches!(refused, Err(Outcome::NeedsReauthorization { .. })), "{refused:?}");
    }
    let user = rig.account(Shape::Plain).await.address;
    let wrong = Credentials::Password { user, password: "wrong".into() };
    let refused = check(&rig.net(), &rig.smtp(), &wrong).await;
    assert!(matches!(refused, Err(Outcome::NeedsReauthorization { .. })), "{refused:?}");
}

#[tokio::test]
async fn refused_recipients_are_named_and_nobody_gets_half_an_answer() {
    let rig = Rig::new();
    let (from, to) = (rig.account(Shape::Plain).await, rig.account(Shape::Plain).await);
    let fine = to.address.as_str();
    let (later, never) = ("tempfail@customers.test", "permfail@customers.test");

    let outcome = send_as(&rig, &from, &[fine, later], "half").await;
    let Outcome::Retry { reason: Reason::Recipient, words } = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(words.as_str().starts_with("451 4.7.1"), "{words:?}");

    let outcome = send_as(&rig, &from, &[later, fine, never], "half").await;
    let Outcome::Failed { reason: Reason::Recipient, words, recipients } = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(words.as_str().starts_with("550 5.1.1"), "{words:?}");
    assert_eq!(*recipients, [never]);

    let sent = send_as(&rig, &from, &[fine], "whole").await;
    assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
    let got = inbox(&rig, &to).await;
    assert_eq!(got.len(), 1, "somebody got half an answer");
    assert!(String::from_utf8_lossy(&got[0]).contains("Subject: whole"));
}

#[tokio::test]
async fn a_foreign_sender_and_a_mail_too_large_fail_with_their_own_reasons() {
    let rig = Rig::new();
    let (account, other) = (rig.account(Shape::Plain).await, rig.account(Shape::Plain).await);
    let (net, smtp, password) = (rig.net(), rig.smtp(), account.password());
    let to = [other.address.clone()];
    let foreign = send(&net, &smtp, &password, &other.address, &to, &mail("foreign")).await;
    assert!(matches!(foreign, Outcome::Failed { reason: Reason::Sender, .. }), "{foreign:?}");
    let huge = [mail("huge"), b"line\r\n".repeat(6 << 20)].concat();
    let large = send(&net, &smtp, &password, &account.address, &to, &huge).await;
    assert!(matches!(large, Outcome::Failed { reason: Reason::TooLarge, .. }), "{large:?}");
    let injected = send_as(&rig, &account, &["a@b>\r\nRCPT TO:<c@d.test"], "inject").await;
    assert!(matches!(injected, Outcome::Failed { reason: Reason::Invalid, .. }), "{injected:?}");
}

#[tokio::test]
async fn an_answer_lost_after_the_final_dot_is_in_doubt_and_before_it_is_a_retry() {
    let rig = Rig::new();
    let (from, to) = (rig.account(Shape::Google).await, rig.account(Shape::Plain).await);
    let proxy = rig.proxy(&rig.smtp()).await;
    let recipients = [to.address.clone()];
    let raw = mail("doubt");
    let (net, password) = (rig.net(), from.password());
    let attempt = || send(&net, &proxy.endpoint, &password, &from.address, &recipients, &raw);

    for on in ["^EHLO", "^AUTH", "^MAIL", "^RCPT", "^DATA"] {
        proxy.rule(json!({ "do": "drop-after", "on": on })).await;
        let outcome = attempt().await;
        assert!(
            matches!(outcome, Outcome::Retry { reason: Reason::Network(_), .. }),
            "{on} {outcome:?}"
        );
    }
    proxy.rule(json!({ "do": "drop-after", "on": r"^\.\r\n" })).await;
    let outcome = attempt().await;
    assert!(matches!(outcome, Outcome::InDoubt { .. }), "{outcome:?}");
    // It did arrive, and the Sent folder is how to know.
    assert_eq!(inbox(&rig, &to).await.len(), 1);
    let mut imap = session(&rig, &from).await;
    let found = imap.find_by_message_id("[Gmail]/Sent Mail", "doubt@customers.test").await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn what_vendors_say_when_they_are_busy_is_a_retry() {
    let rig = Rig::new();
    let (from, to) = (rig.account(Shape::Plain).await, rig.account(Shape::Plain).await);
    let proxy = rig.proxy(&rig.smtp()).await;
    let to = [to.address.clone()];
    for (on, text) in [
        ("^AUTH", "454 4.7.0 Temporary authentication failure"),
        ("^MAIL", "421 4.3.2 Service not available"),
        (r"^\.\r\n", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
        (r"^\.\r\n", "550 5.5.0 filter out of order"),
    ] {
        proxy.rule(json!({ "do": "reply", "on": on, "text": text })).await;
        let (net, raw) = (rig.net(), mail("busy"));
        let password = from.password();
        let outcome = send(&net, &proxy.endpoint, &password, &from.address, &to, &raw).await;
        assert!(
            matches!(outcome, Outcome::Retry { reason: Reason::Busy, .. }),
            "{text} {outcome:?}"
        );
        assert_eq!(outcome.words(), Some(text));
    }
}
