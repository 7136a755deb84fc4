//! A mail that is passed on: whole, with its files, to others than the customer.

use loket::domain::desk::DraftKind;
use loket::domain::ids::MessageId;
use loket::domain::words::{MessageKind, Status};
use loket::mail::{Limits, parse};
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::{ServiceError, drafts};
use loket::store::Scope;
use loket::store::drafts::{Content, Forwarded};
use loket::store::messages::Party;
use loket::store::messages::attachments;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::db::{On, on_both};
use crate::support::desk::Desk;

on_both!(
    a_draft_of_each_kind_is_kept_beside_the_others,
    a_forward_takes_text_and_files_along,
    a_forward_leaves_the_customer_waiting,
    a_forward_needs_a_mail_of_its_ticket,
);

const ORDER: &str = "From: Customer <customer@example.net>\r\n\
To: Support <support@bakery.example>\r\nSubject: Bread\r\nMessage-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n\
--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n\
--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
<p>Where is my <b>bread</b>? <img src=\"cid:crumb@example.net\">\
<img src=\"https://spy.example/p.gif\"></p>\r\n\
--r\r\nContent-Type: image/gif\r\nContent-ID: <crumb@example.net>\r\n\
Content-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n--r--\r\n\
--b\r\nContent-Type: application/pdf\r\n\
Content-Disposition: attachment; filename=order.pdf\r\n\
Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n";

async fn a_draft_of_each_kind_is_kept_beside_the_others(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let (services, agent) = (&desk.services, &desk.agent);
    for kind in DraftKind::ALL {
        let content = Content { text: kind.as_str().to_owned(), ..Content::default() };
        drafts::put(services, agent, number, *kind, (content, drafts::Known::Any)).await.unwrap();
    }
    drafts::remove(services, agent, number, DraftKind::Answer).await.unwrap();
    let of = async |kind| drafts::find(services, agent, number, kind).await.unwrap();
    assert!(of(DraftKind::Answer).await.is_none());
    assert_eq!(of(DraftKind::Forward).await.unwrap().content.text, "forward");
    assert_eq!(of(DraftKind::Note).await.unwrap().content.text, "note");
    // A note that is added is no draft any more; an answer takes no other draft with it.
    loket::service::notes::create(services, agent, number, "note").await.unwrap();
    desk.reply("Hij is onderweg.").await;
    assert!(of(DraftKind::Note).await.is_none());
    assert!(of(DraftKind::Forward).await.is_some());
}

async fn a_forward_takes_text_and_files_along(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, ORDER).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    let body = json!({
        "mode": "forward", "to": [{ "address": "mill@example.org" }], "text": "Can you help?",
        "forwarded": { "message_id": message["id"] }, "then": "unchanged",
        "seen_version": ticket["version"],
    });
    let made = browser.post("/api/v1/tickets/1/replies", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    assert_eq!(made["flags"], json!(["forwarded"]));
    let names: Vec<&str> = made["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|file| file["name"].as_str())
        .collect();
    assert!(names.contains(&"order.pdf"), "{names:?}");
    let id = made["id"].as_str().unwrap();
    let original = browser.get(&format!("/api/v1/messages/{id}/original")).await;
    let mail = parse(&original.body, &Limits::default()).unwrap();
    assert_eq!(mail.subject, "Fwd: Bread");
    assert_eq!(mail.to[0].address, "mill@example.org");
    assert!(mail.in_reply_to.is_empty() && mail.references.is_empty());
    let raw = String::from_utf8_lossy(&original.body).replace("=\r\n", "");
    let head =
        "Forwarded message ----------\nFrom: Customer <customer@example.net>\nDate: 2 March 2026";
    assert!(mail.text.contains(head), "{}", mail.text);
    assert!(!raw.contains("spy.example"), "no image elsewhere goes along");
    let image = mail.attachments.iter().find(|file| file.content_type == "image/gif").unwrap();
    let content_id = image.content_id.clone().unwrap();
    assert!(content_id.ends_with("@loket"), "{content_id}");
    assert!(raw.contains(&format!("cid:{content_id}")), "the text shows it");
    // Without a file that the agent took out, and with their own subject.
    let file = &message["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["name"] == "order.pdf")
        .unwrap()["id"];
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let body = json!({
        "mode": "forward", "to": [{ "address": "mill@example.org" }], "text": "",
        "subject": "Flour", "forwarded": { "message_id": message["id"], "without": [file] },
        "then": "unchanged", "seen_version": ticket["version"],
    });
    let made = browser.post("/api/v1/tickets/1/replies", &body).await.json();
    let names: Vec<&str> = made["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|file| file["name"].as_str())
        .collect();
    assert!(!names.contains(&"order.pdf"), "{names:?}");
}

async fn forward(desk: &Desk, message_id: MessageId) -> ReplyRequest {
    let to = Party { name: None, address: "leverancier@customers.test".to_owned() };
    let content = Content {
        text: "Weet jij dit?".to_owned(),
        to: vec![to],
        forwarded: Some(Forwarded { message_id, without: Vec::new() }),
        ..Content::default()
    };
    ReplyRequest { mode: Mode::Forward, content, then: None, ..desk.request("").await }
}

async fn a_forward_leaves_the_customer_waiting(on: On) {
    let desk = Desk::new(on).await;
    let first = desk.reply("Hij is onderweg.").await;
    desk.after_undo().await;
    desk.customer_writes("Waar dan?", true).await;
    let before = desk.ticket().await;
    let request = forward(&desk, first).await;
    let id = replies::create(&desk.services, &desk.agent, request).await.unwrap();
    let after = desk.ticket().await;
    assert_eq!(after.state.status, Status::Open);
    assert_eq!(after.state.waiting_since, before.state.waiting_since);
    // An answer still goes to the customer, and undo brings a draft of a forward back.
    let defaults = desk.defaults().await;
    assert_eq!(defaults.to[0].address, crate::support::desk::CUSTOMER);
    replies::cancel(&desk.services, &desk.agent, id).await.unwrap();
    let found = drafts::find(&desk.services, &desk.agent, after.number, DraftKind::Forward).await;
    assert_eq!(found.unwrap().unwrap().content.forwarded.unwrap().message_id, first);
    let files =
        attachments::list(desk.store(), &Scope::whole(desk.organization()), &[id]).await.unwrap();
    assert!(files.is_empty(), "nothing of it is left");
}

async fn a_forward_needs_a_mail_of_its_ticket(on: On) {
    let desk = Desk::new(on).await;
    let number = desk.ticket().await.number;
    let note = loket::service::notes::create(&desk.services, &desk.agent, number, "geheim");
    let note = note.await.unwrap();
    let messages = desk.messages().await;
    assert!(messages.iter().any(|message| message.kind == MessageKind::Note));
    let refused = replies::create(&desk.services, &desk.agent, forward(&desk, note).await).await;
    assert!(matches!(refused, Err(ServiceError::Invalid { field: "forwarded", .. })));
    let mut nobody = forward(&desk, messages[0].id).await;
    nobody.content.forwarded = None;
    let refused = replies::create(&desk.services, &desk.agent, nobody).await;
    assert!(matches!(refused, Err(ServiceError::Invalid { field: "forwarded", .. })));
}
