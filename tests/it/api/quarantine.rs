//! Mail that could not be processed, over HTTP.

use axum::http::StatusCode;
use loket::audit::Action;
use loket::blob::seal_blob;
use loket::store::{Scope, audit, ledger, raw};
use serde_json::json;

use crate::support::app::{MAIL, TestApp};
use crate::support::db::{On, on_both};

on_both!(a_quarantined_mail_is_read_and_tried_again, what_is_mended_becomes_a_ticket);

/// More mails within each other than are taken apart.
fn nested() -> String {
    format!("Subject: deep\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100))
}

async fn a_quarantined_mail_is_read_and_tried_again(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let raw = nested();
    assert_eq!(app.take_in(&org, mailbox, 1, &raw).await.quarantined, 1);
    let mut browser = app.signed_in("owner@bakery.example").await;
    let listed = browser.get("/api/v1/quarantine").await.json();
    let mail = &listed["items"][0];
    assert_eq!(mail["reason"], "nested_too_deep");
    let path = format!("/api/v1/quarantine/{}", mail["id"].as_str().unwrap());

    let original = browser.get(&format!("{path}/original")).await;
    assert_eq!(original.status, StatusCode::OK);
    assert_eq!(original.body, raw.as_bytes());
    let newest = audit::list(&app.home.store, org.id, None, 1).await.unwrap();
    assert_eq!(newest[0].action, Action::ReadQuarantined);

    let retried = browser.post(&format!("{path}/retry"), &json!({})).await;
    assert!(retried.status.is_success(), "{retried:?}");
    let listed = browser.get("/api/v1/quarantine").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "as before");
}

async fn what_is_mended_becomes_a_ticket(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.take_in(&org, mailbox, 1, &nested()).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let store = &app.home.store;
    let scope = Scope::whole(org.id);
    let line = ledger::list_quarantined(store, &scope, None, 1).await.unwrap().remove(0);
    // Stands for a Loket that understands the mail by now: another one lies under its line.
    let id = line.message_id.unwrap();
    let old = raw::find(store, org.id, id).await.unwrap().unwrap();
    let key = store.keyring().get(old.key_id()).await.unwrap();
    let sealed = seal_blob(&key, id.0, MAIL.as_bytes()).unwrap();
    let placed = raw::place(app.services.blobs(), id, &key, sealed).await.unwrap();
    let tx = store.begin().await.unwrap();
    raw::remove(&tx, org.id, id).await.unwrap();
    raw::add(&tx, org.id, mailbox, vec![placed]).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/v1/quarantine/{}/retry", line.id);
    let retried = browser.post(&path, &json!({})).await;
    assert!(retried.status.is_success(), "{retried:?}");
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["subject"], "Bread");
    assert_eq!(ticket["customer"]["address"], "customer@example.net");
    let gone = browser.post(&path, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "it is no longer there");
}
