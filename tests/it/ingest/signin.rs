//! Sign-ins that are refused, and grants that die.

use serde_json::{Value, json};

use super::mail;
use crate::support::rig::{Rig, Shape};
use crate::support::server::Server;

/// An access token that ends before its time costs nothing: another one is got, where mail is
/// read and where answers are handed in.
async fn a_token_that_ended_early_is_replaced(shape: Shape) {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(shape).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;

    let expired = rig.control("expire-access", shape, json!({ "email": mailbox.address })).await;
    assert!(expired["tokens"].as_u64() > Some(0), "{expired}");
    // The session that is open was signed in before: look anew.
    server.sync(&mailbox.address).await;
    rig.deliver(&mailbox, "INBOX", &mail(&mailbox, "Eerste"));
    let tickets = server.until_tickets(1).await;
    let after = server.mailbox(&mailbox.address).await;
    assert_eq!((&after["state"], &after["error"]), (&json!("active"), &Value::Null));

    let expired = rig.control("expire-access", shape, json!({ "email": mailbox.address })).await;
    assert!(expired["tokens"].as_u64() > Some(0), "another token was got: {expired}");
    let customer = rig.account(Shape::Plain).await;
    let path = format!("/tickets/{}", tickets[0]["number"]);
    let answer = json!({
        "mode": "reply", "to": [{ "name": null, "address": customer.address }], "cc": [], "bcc": [],
        "text": "Dag terug", "html": null, "attachment_ids": [], "then": "pending",
        "seen_version": tickets[0]["version"],
    });
    server.post(&format!("{path}/replies"), &answer).await;
    let delivery = server
        .until(&path, |ticket| {
            let settled = |m: &&Value| {
                matches!(m["delivery"]["state"].as_str(), Some("sent" | "retrying" | "failed"))
            };
            ticket["messages"].as_array()?.iter().find(settled).map(|m| m["delivery"].clone())
        })
        .await;
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("sent"), &json!(1)));
    assert_eq!(server.mailbox(&mailbox.address).await["state"], "active");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_ended_early_is_replaced_at_google() {
    a_token_that_ended_early_is_replaced(Shape::Google).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_ended_early_is_replaced_at_microsoft() {
    a_token_that_ended_early_is_replaced(Shape::Microsoft).await;
}
