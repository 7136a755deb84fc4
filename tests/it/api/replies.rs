//! Answers over HTTP: whom they go to, how they leave, what people can do about them.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::Role;
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use loket::service::mailboxes;
use loket::service::outgoing::{Outgoing, SendOutcome, SentCopy};
use loket::store::{Scope, uploads};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::{Browser, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};
use crate::support::desk::FakeServer;

on_both!(
    whom_an_answer_goes_to,
    an_answer_leaves_and_can_be_stopped_before,
    what_waits_for_a_person_is_sent_or_taken_back,
    what_was_refused_is_sent_again_or_taken_back,
    what_is_in_doubt_is_settled_by_a_person,
    drafts_keep_what_was_written,
    a_file_hangs_on_the_mailbox_of_its_ticket,
    a_note_is_among_colleagues,
    a_note_keeps_its_files,
);

/// The bakery with one mailbox and a question in it, its owner's browser, and a mail server that
/// does what it is told.
struct Bakery {
    app: TestApp,
    browser: Browser,
    server: Arc<FakeServer>,
}

const QUESTION: &str = "From: Customer <customer@example.net>\r\n\
To: Support <support@bakery.example>, Sister <sister@example.net>\r\n\
Cc: Neighbour <neighbour@example.net>\r\nSubject: Bread\r\nMessage-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\nWhere is my bread?\r\n";

impl Bakery {
    async fn new(on: On, mails: &[&str]) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        app.user(&org, Role::Agent).await;
        let mailbox = app.mailbox(&org, &[org.owner]).await;
        for (uid, mail) in (1..).zip(mails) {
            app.deliver(&org, mailbox, uid, mail).await;
        }
        let browser = app.signed_in("owner@bakery.example").await;
        Self { app, browser, server: Arc::default() }
    }

    /// Time passes, and the worker works.
    async fn after(&self, time: TimeDelta) {
        self.app.home.advance(time);
        let outgoing: Arc<dyn Outgoing> = self.server.clone();
        let handlers = jobs::handlers(&self.app.services, &outgoing);
        let store = self.app.services.store().clone();
        Worker::new(store, handlers, WorkerOptions::default()).drain().await.unwrap();
    }

    async fn ticket(&mut self) -> Value {
        self.browser.get("/api/v1/tickets/1").await.json()
    }

    async fn reply(&mut self) -> String {
        let version = self.ticket().await["version"].clone();
        let body = json!({
            "mode": "reply", "to": [], "text": "It is on its way.", "seen_version": version,
        });
        let made = self.browser.post("/api/v1/tickets/1/replies", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn delivery(&mut self, id: &str) -> Value {
        self.browser.get(&format!("/api/v1/messages/{id}")).await.json()["delivery"].clone()
    }

    async fn act(&mut self, id: &str, act: &str) -> (StatusCode, Value) {
        let done = self.browser.post(&format!("/api/v1/messages/{id}/{act}"), &json!({})).await;
        (done.status, done.json())
    }
}

fn addresses(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|person| person["address"].as_str().unwrap()).collect()
}

async fn whom_an_answer_goes_to(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let ticket = bakery.ticket().await;
    let defaults = &ticket["reply_defaults"];
    assert_eq!(addresses(&defaults["to"]), ["customer@example.net"]);
    assert_eq!(addresses(&defaults["cc"]), ["neighbour@example.net"]);
    assert_eq!(addresses(&defaults["others"]), ["sister@example.net"]);
    assert_eq!(defaults["bcc_warning"], false);
    assert_eq!(ticket["messages"][0]["flags"], json!([]));
    let id = bakery.reply().await;
    let version = bakery.ticket().await["version"].clone();
    let all = json!({ "mode": "reply_all", "to": [], "text": "To all.", "seen_version": version });
    bakery.browser.post("/api/v1/tickets/1/replies", &all).await;
    bakery.after(TimeDelta::seconds(10)).await;
    let sent: Vec<_> = bakery.server.sent().into_iter().map(|mail| mail.0.recipients).collect();
    assert_eq!(sent[0], ["customer@example.net", "neighbour@example.net"]);
    assert_eq!(sent[1], ["customer@example.net", "sister@example.net", "neighbour@example.net"]);
    assert_eq!(bakery.delivery(&id).await["state"], "sent");

    // Only a blind copy for us: whoever gets an answer sees that we read along.
    let blind = QUESTION.replace("Support <support@bakery.example>, ", "");
    let mut bakery = Bakery::new(on, &[&blind]).await;
    let ticket = bakery.ticket().await;
    assert_eq!(ticket["reply_defaults"]["bcc_warning"], true);
    assert_eq!(ticket["messages"][0]["flags"], json!(["bcc_only"]));
    // A newsletter has nobody in To either, and nothing to be warned of.
    let list = blind.replace("Subject", "List-Id: <news.example.net>\r\nSubject");
    let mut bakery = Bakery::new(on, &[&list]).await;
    assert_eq!(bakery.ticket().await["messages"][0]["flags"], json!([]));
}

async fn an_answer_leaves_and_can_be_stopped_before(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let id = bakery.reply().await;
    let delivery = bakery.delivery(&id).await;
    assert_eq!((&delivery["state"], &delivery["can_cancel"]), (&json!("waiting"), &json!(true)));
    assert!(delivery["undo_until"].is_string());
    assert_eq!(bakery.ticket().await["status"], "pending");
    let (status, draft) = bakery.act(&id, "cancel").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(draft["text"], "It is on its way.");
    let ticket = bakery.ticket().await;
    assert_eq!(ticket["status"], "open");
    assert_eq!(ticket["draft"]["text"], "It is on its way.");
    bakery.after(TimeDelta::minutes(1)).await;
    assert!(bakery.server.sent().is_empty());
    let (status, _) = bakery.act(&id, "cancel").await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let id = bakery.reply().await;
    bakery.after(TimeDelta::seconds(10)).await;
    let delivery = bakery.delivery(&id).await;
    assert_eq!((&delivery["state"], &delivery["can_cancel"]), (&json!("sent"), &json!(false)));
    for (act, problem) in [
        ("cancel", "/problems/on-its-way"),
        ("retry", "/problems/not-failed"),
        ("confirm", "/problems/not-waiting"),
        ("sent", "/problems/not-in-doubt"),
    ] {
        let (status, said) = bakery.act(&id, act).await;
        assert_eq!((status, said["type"].as_str()), (StatusCode::CONFLICT, Some(problem)), "{act}");
    }
}

async fn what_waits_for_a_person_is_sent_or_taken_back(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    for act in ["cancel", "confirm"] {
        let id = bakery.reply().await;
        bakery.after(TimeDelta::hours(13)).await;
        let delivery = bakery.delivery(&id).await;
        assert_eq!(delivery["state"], "needs_confirmation");
        assert_eq!((&delivery["code"], &delivery["can_cancel"]), (&json!("late"), &json!(true)));
        assert_eq!(bakery.act(&id, act).await.0, StatusCode::OK, "{act}");
        bakery.after(TimeDelta::seconds(1)).await;
        assert_eq!(bakery.server.sent().len(), usize::from(act == "confirm"), "{act}");
    }
}

async fn what_was_refused_is_sent_again_or_taken_back(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let words = "550 5.1.1 no such user";
    for act in ["cancel", "retry"] {
        bakery.server.answers([SendOutcome::Failed { words: words.to_owned() }]);
        let id = bakery.reply().await;
        bakery.after(TimeDelta::seconds(10)).await;
        let delivery = bakery.delivery(&id).await;
        assert_eq!((&delivery["state"], &delivery["error"]), (&json!("failed"), &json!(words)));
        assert_eq!((&delivery["code"], &delivery["can_cancel"]), (&json!("refused"), &json!(true)));
        assert_eq!(bakery.act(&id, act).await.0, StatusCode::OK, "{act}");
        bakery.after(TimeDelta::seconds(1)).await;
        if act == "retry" {
            assert_eq!(bakery.delivery(&id).await["state"], "sent");
        }
    }
}

async fn what_is_in_doubt_is_settled_by_a_person(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    bakery.server.keeps([SentCopy::Unknown; 8]);
    for (act, sent) in [("sent", 1), ("confirm", 3)] {
        bakery.server.answers([SendOutcome::InDoubt]);
        let id = bakery.reply().await;
        bakery.after(TimeDelta::seconds(10)).await;
        bakery.after(TimeDelta::hours(1)).await;
        let delivery = bakery.delivery(&id).await;
        assert_eq!(delivery["state"], "in_doubt");
        assert_eq!(delivery["code"], "connection_lost");
        assert_eq!(delivery["can_cancel"], false);
        let (status, message) = bakery.act(&id, act).await;
        assert_eq!(status, StatusCode::OK, "{message}");
        bakery.after(TimeDelta::seconds(1)).await;
        assert_eq!(bakery.delivery(&id).await["state"], "sent");
        assert_eq!(bakery.server.sent().len(), sent, "{act}");
    }
}

async fn drafts_keep_what_was_written(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let path = "/api/v1/tickets/1/draft";
    assert_eq!(bakery.browser.get(path).await.status, StatusCode::NOT_FOUND);
    let body = json!({
        "text": "Dear", "html": "<p>Dear</p>", "to": [{ "name": "C", "address": "c@example.net" }],
    });
    let saved = bakery.browser.request(Method::PUT, path, &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{saved:?}");
    let found = bakery.browser.get(path).await.json();
    assert_eq!((&found["text"], &found["html"]), (&body["text"], &body["html"]));
    assert_eq!(addresses(&found["to"]), ["c@example.net"]);
    assert_eq!(bakery.ticket().await["draft"]["text"], "Dear");
    for builds_on in [Value::Null, json!("2026-01-01T00:00:00Z")] {
        let body = json!({ "text": "Hello", "builds_on": builds_on });
        let refused = bakery.browser.request(Method::PUT, path, &body).await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{builds_on}");
    }
    let body = json!({ "text": "Dear Sam", "builds_on": found["updated_at"] });
    let saved = bakery.browser.request(Method::PUT, path, &body).await;
    assert_eq!(saved.status, StatusCode::OK, "{saved:?}");
    let headers = [("origin", PUBLIC_URL)];
    let gone = bakery.browser.send(Method::DELETE, path, &headers, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(bakery.ticket().await["draft"], Value::Null);
}

async fn a_file_hangs_on_the_mailbox_of_its_ticket(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let first = app.mailbox(&org, &[org.owner]).await;
    let link = crate::support::app::maildir_link("shop@bakery.example");
    let second = mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
    app.deliver(&org, second, 1, QUESTION).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let upload = browser.upload(Some(1), "bread.png", "image/png", "a picture").await;
    assert_eq!(upload.status, StatusCode::CREATED, "{upload:?}");
    let id = upload.json()["id"].as_str().unwrap().to_owned();
    let (store, scope) = (app.services.store(), Scope::whole(org.id));
    let found = uploads::find(store, &scope, org.owner, id.parse::<Uuid>().unwrap().into());
    let (_, channel) = found.await.unwrap().unwrap();
    assert_eq!(channel, second, "not just any of the agent's, such as {first}");
    for (ticket, status) in [(Some(9), StatusCode::NOT_FOUND), (None, StatusCode::CREATED)] {
        assert_eq!(browser.upload(ticket, "x", "text/plain", "x").await.status, status);
    }

    // The editor shows it, to nobody but who writes.
    let path = format!("/api/v1/uploads/{id}");
    let shown = browser.get(&path).await;
    assert_eq!((shown.status, &shown.body[..]), (StatusCode::OK, &b"a picture"[..]));
    assert_eq!(shown.header("content-type"), "image/png");
    app.user(&org, Role::Agent).await;
    let mut other = app.signed_in("agent@bakery.example").await;
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);

    // It goes out within the text.
    let version = browser.get("/api/v1/tickets/1").await.json()["version"].clone();
    let body = json!({
        "mode": "reply", "to": [], "text": "[bread.png]", "seen_version": version,
        "html": format!("<p><img src=\"cid:{id}\" alt=\"bread.png\"></p>"), "attachment_ids": [id],
    });
    let made = browser.post("/api/v1/tickets/1/replies", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["attachments"][0]["inline"], true);
}

async fn a_note_is_among_colleagues(on: On) {
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let note = json!({ "text": "He is a regular." });
    let made = bakery.browser.post("/api/v1/tickets/1/notes", &note).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!((&made["kind"], &made["text"]), (&json!("note"), &note["text"]));
    assert_eq!((&made["delivery"], &made["to"]), (&Value::Null, &json!([])));
    let ticket = bakery.ticket().await;
    assert_eq!((&ticket["status"], &ticket["message_count"]), (&json!("open"), &json!(2)));
    let empty = bakery.browser.post("/api/v1/tickets/1/notes", &json!({ "text": " " })).await;
    assert_eq!(empty.json()["errors"][0]["field"], "text");
    bakery.after(TimeDelta::hours(1)).await;
    assert!(bakery.server.sent().is_empty());
}

async fn a_note_keeps_its_files(on: On) {
    const NOTES: &str = "/api/v1/tickets/1/notes";
    let mut bakery = Bakery::new(on, &[QUESTION]).await;
    let mut upload = async |name: &str, kind: &str, text: &str| {
        let made = bakery.browser.upload(Some(1), name, kind, text).await;
        made.json()["id"].as_str().unwrap().to_owned()
    };
    let picture = upload("oven.png", "image/png", "\u{1}\u{0}a picture\r\n.\r\n").await;
    let list = upload("lijst é.csv", "text/csv", "brood;é\n").await;
    // They wait with the note while it is written.
    let draft = json!({ "text": "Look at", "attachment_ids": [picture, list] });
    let path = "/api/v1/tickets/1/draft?kind=note";
    let saved = bakery.browser.request(Method::PUT, path, &draft).await;
    assert_eq!(saved.status, StatusCode::OK, "{saved:?}");
    let mut colleague = bakery.app.signed_in("agent@bakery.example").await;
    let note = json!({ "text": "", "attachment_ids": [picture, list] });
    let not_theirs = colleague.post(NOTES, &note).await;
    assert_eq!(not_theirs.status, StatusCode::NOT_FOUND, "nor is the ticket");

    let made = bakery.browser.post(NOTES, &note).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    let id = made["id"].as_str().unwrap();
    let files = made["attachments"].as_array().unwrap();
    let told = |file: &Value| (file["name"].clone(), file["size"].clone(), file["inline"].clone());
    assert_eq!(
        files.iter().map(told).collect::<Vec<_>>(),
        [
            (json!("oven.png"), json!(16), json!(false)),
            (json!("lijst é.csv"), json!(9), json!(false))
        ]
    );
    for (file, bytes) in files.iter().zip(["\u{1}\u{0}a picture\r\n.\r\n", "brood;é\n"]) {
        let path = format!("/api/v1/messages/{id}/attachments/{}", file["id"].as_str().unwrap());
        assert_eq!(bakery.browser.get(&path).await.body, bytes.as_bytes());
        let other = colleague.get(&path).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
    }
    // It was never a mail.
    let original = bakery.browser.get(&format!("/api/v1/messages/{id}/original")).await;
    assert_eq!(original.status, StatusCode::NOT_FOUND);
    let ticket = bakery.ticket().await;
    assert_eq!((&ticket["has_attachment"], &ticket["note_draft"]), (&json!(true), &Value::Null));
    bakery.after(TimeDelta::hours(1)).await;
    assert!(bakery.server.sent().is_empty());

    // What is gone is said before anything is kept.
    let gone = json!({ "text": "Again", "attachment_ids": [Uuid::nil()] });
    let refused = bakery.browser.post(NOTES, &gone).await;
    assert_eq!(refused.json()["errors"][0]["field"], "attachment_ids");
    let many = json!({ "text": "All", "attachment_ids": vec![&picture; 51] });
    let refused = bakery.browser.post(NOTES, &many).await;
    assert_eq!(refused.json()["errors"][0]["field"], "attachment_ids");
    assert_eq!(bakery.ticket().await["message_count"], 2);
}
