//! A POST that is repeated with the same key acts once.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

fn mailbox(address: &str) -> Value {
    json!({
        "provider": "maildir",
        "address": address,
        "display_name": "Support",
        "path": "/var/mail/in",
        "deliver": { "kind": "folder", "path": "/var/mail/out" },
        "import": { "mode": "now" },
    })
}

async fn create(browser: &mut Browser, key: &str, body: &Value) -> Answer {
    let headers = [("origin", PUBLIC_URL), ("idempotency-key", key)];
    browser.send(Method::POST, "/api/v1/mailboxes", &headers, Some(body)).await
}

async fn a_repeated_request_gets_the_first_answer(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = mailbox("info@bakery.example");
    let first = create(&mut browser, "k1", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    let second = create(&mut browser, "k1", &body).await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first.json(), second.json());
    let all = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    // Without the key it is a request of its own.
    assert_eq!(browser.post("/api/v1/mailboxes", &body).await.status, StatusCode::CONFLICT);
    // After a day the key is forgotten.
    app.home.advance(TimeDelta::hours(25));
    assert_eq!(create(&mut browser, "k1", &body).await.status, StatusCode::CONFLICT);
}

async fn a_key_belongs_to_one_request(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    create(&mut browser, "k1", &mailbox("info@bakery.example")).await;
    let other = create(&mut browser, "k1", &mailbox("shop@bakery.example")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()["type"], "/problems/idempotency-key-reused");
}

async fn a_refusal_gives_the_key_back(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let wrong = create(&mut browser, "k1", &mailbox("no address")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = create(&mut browser, "k1", &mailbox("info@bakery.example")).await;
    assert_eq!(right.status, StatusCode::CREATED, "{right:?}");
}

async fn keys_of_different_people_are_different(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    app.org("florist").await;
    let mut one = app.signed_in("owner@bakery.example").await;
    let mut two = app.signed_in("owner@florist.example").await;
    let body = mailbox("info@shared.example");
    let first = create(&mut one, "k1", &body).await.json();
    let second = create(&mut two, "k1", &body).await;
    assert_eq!(second.status, StatusCode::CREATED, "{second:?}");
    assert_ne!(first["id"], second.json()["id"]);
}

async fn racing_requests_act_once(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let browser = app.signed_in("owner@bakery.example").await;
    let body = mailbox("info@bakery.example");
    let race = (0..8).map(|_| {
        let (mut browser, body) = (browser.clone(), body.clone());
        async move { create(&mut browser, "k1", &body).await }
    });
    let answers = futures::future::join_all(race).await;
    for answer in &answers {
        let fine = answer.status == StatusCode::CREATED
            || answer.json()["type"] == "/problems/still-running";
        assert!(fine, "{answer:?}");
    }
    let mut browser = browser;
    let all = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}

on_both!(
    a_repeated_request_gets_the_first_answer,
    a_key_belongs_to_one_request,
    a_refusal_gives_the_key_back,
    keys_of_different_people_are_different,
    racing_requests_act_once,
);
