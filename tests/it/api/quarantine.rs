//! Mail that could not be processed, over HTTP.

use axum::http::StatusCode;
use chrono::{SecondsFormat, TimeDelta};
use loket::audit::Action;
use loket::blob::seal_blob;
use loket::service::mailboxes;
use loket::store::ledger::{self, QuarantineFilter};
use loket::store::{Scope, audit, raw};
use serde_json::json;

use crate::support::app::{MAIL, TestApp, maildir_link};
use crate::support::db::{On, on_both};

on_both!(
    a_quarantined_mail_is_read_and_tried_again,
    what_is_mended_becomes_a_ticket,
    the_quarantine_is_narrowed_to_what_is_looked_for,
);

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
    let line = ledger::list_quarantined(store, &scope, &QuarantineFilter::default(), None, 1)
        .await
        .unwrap()
        .remove(0);
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

async fn the_quarantine_is_narrowed_to_what_is_looked_for(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let support = app.mailbox(&org, &[org.owner]).await;
    let link = maildir_link("sales@bakery.example");
    let sales = mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
    app.take_in(&org, support, 1, &nested()).await;
    app.home.advance(TimeDelta::minutes(1));
    app.take_in(&org, support, 2, &format!("{}\r\nHello\r\n", "X-Much: x\r\n".repeat(10_001)))
        .await;
    app.home.advance(TimeDelta::days(1));
    let then = app.now();
    app.take_in(&org, sales, 1, &nested()).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let mut found = async |query: &str| {
        let listed = browser.get(&format!("/api/v1/quarantine?{query}")).await.json();
        let items = listed["items"].as_array().unwrap().iter();
        items
            .map(|mail| (mail["mailbox"]["id"].clone(), mail["reason"].clone()))
            .collect::<Vec<_>>()
    };
    let (support, sales) = (json!(support.0), json!(sales.0));
    let (deep, many) = (json!("nested_too_deep"), json!("too_many_headers"));
    assert_eq!(found("").await.len(), 3);
    let in_sales = vec![(sales.clone(), deep.clone())];
    assert_eq!(found(&format!("mailbox={}", sales.as_str().unwrap())).await, in_sales);
    assert_eq!(found("reason=too_many_headers").await, [(support.clone(), many.clone())]);
    assert_eq!(
        found("reason=nested_too_deep").await,
        [(sales, deep.clone()), (support.clone(), deep.clone())]
    );
    let then = then.to_rfc3339_opts(SecondsFormat::Millis, true);
    assert_eq!(found(&format!("from={then}")).await, in_sales);
    assert_eq!(found(&format!("to={then}")).await, [(support.clone(), many), (support, deep)]);
    assert!(found("reason=empty").await.is_empty());
}
