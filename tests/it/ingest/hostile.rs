//! Mail that was made to hurt: each becomes a ticket or lies in quarantine, and the server goes on.

use serde_json::json;

use super::mail;
use crate::support::hostile::hostile;
use crate::support::rig::{Rig, Shape};
use crate::support::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hostile_mail_becomes_a_ticket_or_is_quarantined_and_the_server_goes_on() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    let mails = hostile();
    for (_, raw) in &mails {
        rig.deliver(&mailbox, "INBOX", raw);
    }
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Gewoon"));
    let all = mails.len() + 1;
    let done = server
        .until_mailbox(&mailbox.address, |m| {
            let count = |name: &str| m["counts"][name].as_u64().unwrap_or(0);
            count("imported") + count("quarantined") + count("skipped") == all as u64
        })
        .await;
    assert_eq!(done["counts"]["skipped"], 0, "{done}");
    let quarantine = server.get("/quarantine").await;
    let reasons: Vec<_> =
        quarantine["items"].as_array().unwrap().iter().map(|item| item["reason"].clone()).collect();
    assert!(reasons.contains(&json!("nested_too_deep")), "{reasons:?}");
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Daarna"));
    server
        .until("/tickets?status=open", |page| page.to_string().contains("Daarna").then_some(()))
        .await;
    server.stop().await;
}
