//! What people ask about their data, over HTTP and by mail.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::ChannelId;
use loket::domain::words::Role;
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use regex::Regex;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, Org, TestApp};
use crate::support::db::On;
use crate::support::desk::FakeServer;

mod acts;
mod erasure;
mod identity;
mod parcel;
mod register;
mod restriction;

/// A customer of these tests.
const ANNA: &str = "anna@example.net";

/// A bakery with a mailbox, its owner at the desk, and the server that its mail leaves by.
struct Bakery {
    app: TestApp,
    org: Org,
    mailbox: ChannelId,
    owner: Browser,
    server: Arc<FakeServer>,
}

impl Bakery {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent = app.user(&org, Role::Agent).await;
        let mailbox = app.mailbox(&org, &[org.owner, agent]).await;
        let owner = app.signed_in("owner@bakery.example").await;
        Self { app, org, mailbox, owner, server: Arc::default() }
    }

    /// With a ticket of Anna's, number 1.
    async fn with_anna(on: On) -> Self {
        let bakery = Self::new(on).await;
        bakery.deliver(1, &letter(ANNA, "bread", "a")).await;
        bakery
    }

    async fn deliver(&self, uid: i64, raw: &str) {
        self.app.deliver(&self.org, self.mailbox, uid, raw).await;
    }

    async fn drain(&self) {
        let server: Arc<dyn loket::service::outgoing::Outgoing> = self.server.clone();
        let handlers = jobs::handlers(&self.app.services, &server);
        let store = self.app.home.store.clone();
        Worker::new(store, handlers, WorkerOptions::default()).drain().await.unwrap();
    }

    /// Sessions end meanwhile: the owner signs in again.
    async fn advance(&mut self, by: TimeDelta) {
        self.app.home.advance(by);
        self.drain().await;
        self.owner = self.app.signed_in("owner@bakery.example").await;
    }

    async fn open(&mut self, kind: &str, address: &str) -> String {
        let body = json!({ "kind": kind, "address": address });
        let made = self.owner.post("/api/v1/data-requests", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn get(&mut self, id: &str) -> Value {
        let found = self.owner.get(&format!("/api/v1/data-requests/{id}")).await;
        assert_eq!(found.status, StatusCode::OK, "{found:?}");
        found.json()
    }

    /// Does something to a request, whatever comes of it.
    async fn tries(&mut self, method: Method, id: &str, what: &str, body: Value) -> Answer {
        let path = format!("/api/v1/data-requests/{id}/{what}");
        self.owner.request(method, &path, &body).await
    }

    async fn act(&mut self, method: Method, id: &str, what: &str, body: Value) -> Value {
        let done = self.tries(method, id, what, body).await;
        assert_eq!(done.status, StatusCode::OK, "{what}: {done:?}");
        done.json()
    }

    /// The type of the problem that it ends in.
    async fn refused(&mut self, method: Method, id: &str, what: &str, body: Value) -> String {
        let refused = self.tries(method, id, what, body).await;
        assert!(refused.status.is_client_error(), "{what}: {refused:?}");
        refused.json()["type"].as_str().unwrap().to_owned()
    }

    /// The last mail that left: to whom, and its text.
    fn last_mail(&self) -> (Vec<String>, String) {
        let (envelope, raw) = self.server.sent().pop().expect("no mail has left");
        let mail = loket::mail::parse(&raw, &loket::mail::Limits::default()).unwrap();
        (envelope.recipients, mail.reply_text + &mail.quoted_text)
    }

    /// Sends a code; the code, and the token of the page, as the person reads them.
    async fn code(&mut self, id: &str) -> (String, String) {
        self.act(Method::POST, id, "code", json!({})).await;
        self.drain().await;
        let (_, text) = self.last_mail();
        (code_in(&text), token_in(&text))
    }

    async fn identify(&mut self, id: &str) {
        let (code, _) = self.code(id).await;
        self.act(Method::POST, id, "identity", json!({ "code": code })).await;
    }
}

pub(crate) fn code_in(text: &str) -> String {
    let found = Regex::new(r"\b(\d{4}) (\d{4})\b").unwrap();
    let found = found.captures(text).unwrap_or_else(|| panic!("no code: {text}"));
    format!("{}{}", &found[1], &found[2])
}

fn token_in(text: &str) -> String {
    let found = Regex::new(r"/requests#([A-Za-z0-9_-]+)").unwrap();
    found.captures(text).unwrap_or_else(|| panic!("no link: {text}"))[1].to_owned()
}

/// A mail of `from` about a word.
fn letter(from: &str, word: &str, id: &str) -> String {
    headed(from, word, id, "")
}

/// As [`letter`], with further headers.
fn headed(from: &str, word: &str, id: &str, headers: &str) -> String {
    format!(
        "From: Anna <{from}>\r\nTo: support@bakery.example\r\n{headers}Subject: About {word}\r\n\
         Message-ID: <{id}@example.net>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nI wrote {word} here.\r\n"
    )
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let number: u64 = code.parse().unwrap();
    format!("{:08}", (number + 1) % 100_000_000)
}
