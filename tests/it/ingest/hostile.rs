//! Mail that was made to hurt: each becomes a ticket or lies in quarantine, and the server goes on.

use serde_json::json;

use super::mail;
use crate::support::rig::{Rig, Shape};
use crate::support::server::Server;

fn hostile() -> Vec<Vec<u8>> {
    let with = |headers: &str, body: &str| {
        format!("From: Boef <boef@elders.test>\r\nSubject: Gemeen\r\n{headers}\r\n{body}\r\n")
            .into_bytes()
    };
    let html = "Content-Type: text/html\r\n";
    let words = "=?utf-8?q?a?= ".repeat(200_000);
    let mut literal = with("Content-Type: application/octet-stream\r\n", "");
    literal.extend(
        b"0123456789012345678901234567890123456789012345678901234567890123456789012\r\n"
            .repeat(25 * 14_000),
    );
    let mut nested = b"From: boef@elders.test\r\nSubject: Diep\r\n".to_vec();
    nested.extend(b"Content-Type: message/rfc822\r\n\r\n".repeat(30_000));
    vec![
        nested,
        with(html, &"<div>".repeat(50_000)),
        with(&format!("X-Words: {words}\r\nTo: {words}\r\n"), "woorden"),
        b"Subject: Zonder afzender\r\n\r\nWie?\r\n".to_vec(),
        b"From: een@elders.test\r\nFrom: twee@elders.test\r\nSubject: Twee afzenders\r\n\r\nWij\r\n".to_vec(),
        literal,
        with("", "een \0 en \0\0 nog een"),
        b"From: cr@elders.test\rSubject: Kale CR\r\n\r\nregel\rregel\r\n".to_vec(),
        with("Content-Type: text/plain; charset=x-bestaat-niet\r\nContent-Transfer-Encoding: 8bit\r\n", "caf\u{e9} \u{fffd}"),
        Vec::from(&b"\r\n"[..]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hostile_mail_becomes_a_ticket_or_is_quarantined_and_the_server_goes_on() {
    let rig = Rig::new();
    let mut server = Server::start(&rig).await;
    let mailbox = rig.account(Shape::Plain).await;
    server.connect(&rig, &mailbox).await;
    server.until_mailbox(&mailbox.address, |m| m["state"] == "active").await;
    let mails = hostile();
    for raw in &mails {
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
