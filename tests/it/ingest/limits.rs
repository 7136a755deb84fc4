//! Mail that is not taken in, and taken in after all.

use serde_json::{Value, json};

use super::mail;
use crate::support::rig::{Rig, Shape};
use crate::support::server::Server;

fn items(page: &Value) -> Option<Vec<Value>> {
    page["items"].as_array().filter(|items| !items.is_empty()).cloned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_over_the_limit_is_quarantined_and_fetched_when_the_limit_is_raised() {
    let rig = Rig::new();
    let mut server = Server::start_with(&rig, |config| config.limits.mail_mb = 1).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    let mut large = mail(&mailbox, "Groot");
    large.extend(b"0123456789\r\n".repeat(200_000));
    rig.deliver(&mailbox, "INBOX", &large);
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Klein"));
    server.until_tickets(1).await;
    let found = server.until("/quarantine", items).await;
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["reason"], &found[0]["size"]), (&json!("too_large"), &Value::Null));
    let counts = server.mailbox(&mailbox.address).await["counts"].clone();
    let all = json!({ "imported": 1, "skipped": 0, "skipped_why": [], "quarantined": 1 });
    assert_eq!(counts, all);

    // Tried again under the same limit it comes back.
    let retry = format!("/quarantine/{}/retry", found[0]["id"].as_str().unwrap());
    server.post(&retry, &Value::Null).await;
    let again = server.until("/quarantine", items).await;
    assert_ne!(again[0]["id"], found[0]["id"]);

    server.restart(|config| config.limits.mail_mb = 50).await;
    let retry = format!("/quarantine/{}/retry", again[0]["id"].as_str().unwrap());
    server.post(&retry, &Value::Null).await;
    let tickets = server.until_tickets(2).await;
    assert!(tickets.to_string().contains("Groot"));
    assert_eq!(items(&server.get("/quarantine").await), None);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_idle_a_mailbox_is_polled() {
    let rig = Rig::new();
    let polling = |config: &mut loket::config::Config| {
        config.sync.idle = false;
        config.sync.poll_seconds = 1;
    };
    let mut server = Server::start_with(&rig, polling).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Zonder IDLE"));
    server.until_tickets(1).await;
    let log = rig.doveadm(&["-f", "flow", "who", &mailbox.address]);
    assert!(!log.contains("IDLE"), "{log}");
    server.stop().await;
}
