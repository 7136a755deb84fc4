//! Forgetting a mailbox, as people and auditors see it.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::crypto::KeyError;
use loket::domain::ids::ChannelId;
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use serde_json::{Value, json};

use crate::support::app::{Browser, Org, PASSWORD, TestApp};
use crate::support::desk::FakeServer;

mod closing;
mod disconnect;
mod early;
pub(crate) mod erasure;
mod grants;
mod holds;
mod mixed;
mod purge;
mod retention;

/// A mail of `from` with words that are looked for, and a file that is too large for the database.
pub(crate) fn letter(from: &str, word: &str, id: &str, file: bool) -> String {
    let mut mail = format!(
        "From: {word} Sender <{from}>\r\nTo: support@bakery.example\r\nSubject: About {word}\r\n\
         Message-ID: <{id}@example.net>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nI wrote {word} here.\r\n"
    );
    if file {
        mail.push_str(
            "--b\r\nContent-Type: application/octet-stream\r\n\
             Content-Disposition: attachment; filename=large.bin\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n",
        );
        // Does not compress.
        let mut state = 1_u32;
        for _ in 0..2_000 {
            for _ in 0..72 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let letter = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                mail.push(char::from(letter[(state >> 26) as usize]));
            }
            mail.push_str("\r\n");
        }
    }
    mail.push_str("--b--\r\n");
    mail
}

/// Runs every job that is due, and what becomes due by it.
pub(crate) async fn work(app: &TestApp) -> usize {
    let server: Arc<dyn loket::service::outgoing::Outgoing> = Arc::new(FakeServer::default());
    let handlers = jobs::handlers(&app.services, &server);
    let worker = Worker::new(app.home.store.clone(), handlers, WorkerOptions::default());
    worker.drain().await.unwrap()
}

pub(crate) async fn advance(app: &TestApp, by: TimeDelta) {
    app.home.advance(by);
    work(app).await;
}

/// A second mailbox of the organization.
pub(crate) async fn another_mailbox(app: &TestApp, org: &Org, address: &str) -> ChannelId {
    let link = crate::support::app::maildir_link(address);
    loket::service::mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap()
}

pub(crate) async fn disconnect(browser: &mut Browser, id: ChannelId) -> Value {
    let answer = browser.post(&format!("/api/v1/mailboxes/{id}/disconnection"), &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

pub(crate) async fn purges(browser: &mut Browser) -> Vec<Value> {
    browser.get("/api/v1/purges").await.json()["items"].as_array().unwrap().clone()
}

/// The session outlives days here: signs in again where the clock has moved on.
pub(crate) async fn owner(app: &TestApp) -> Browser {
    app.signed_in("owner@bakery.example").await
}

pub(crate) async fn is_destroyed(app: &TestApp, org: &Org, id: ChannelId) -> bool {
    let channel = loket::store::channels::find(&app.home.store, org.id, id).await.unwrap().unwrap();
    matches!(app.home.store.keyring().get(channel.key_id).await, Err(KeyError::Destroyed(_)))
}

pub(crate) async fn haste(
    browser: &mut Browser,
    id: &Value,
    address: &str,
    password: &str,
) -> Value {
    let path = format!("/api/v1/purges/{}/haste", id.as_str().unwrap());
    let body = json!({ "address": address, "password": password });
    browser.request(Method::POST, &path, &body).await.json()
}

pub(crate) fn password() -> &'static str {
    PASSWORD
}
