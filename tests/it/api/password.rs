//! A password by a link that comes by mail: for who forgot theirs, and for a new user.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::Role;
use loket::jobs::system_mail::SystemMail;
use loket::queue::{Worker, WorkerOptions};
use loket::service::outgoing::{AppendError, Envelope, Mailbox, Outgoing, SendOutcome, SentCopy};
use loket::service::users;
use serde_json::json;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::db::{On, on_both};

/// Nothing leaves by a mailbox here.
#[derive(Debug)]
pub(super) struct NoMailbox;

#[async_trait]
impl Outgoing for NoMailbox {
    async fn send(&self, _: Mailbox, _: &Envelope, _: &[u8]) -> SendOutcome {
        SendOutcome::Retry { code: "unreachable", words: None }
    }

    async fn sent_copy(&self, _: Mailbox, _: &str, _: &[String]) -> SentCopy {
        SentCopy::Unreachable
    }

    async fn append_sent(&self, _: Mailbox, _: &str, _: &[u8]) -> Result<(), AppendError> {
        Ok(())
    }
}

/// Sends what waits; the token of the link in the one mail that left, if one did.
pub(super) async fn mailed(app: &TestApp, to: &str) -> Option<String> {
    app.services.settle().await;
    let handler = SystemMail::new(app.services.clone(), Arc::new(NoMailbox));
    let store = app.home.store.clone();
    let worker = Worker::new(store, vec![Arc::new(handler)], WorkerOptions::default());
    worker.drain().await.unwrap();
    let sent = std::mem::take(&mut *app.post.sent.lock().unwrap());
    assert!(sent.len() <= 1, "{sent:?}");
    let (envelope, raw) = sent.into_iter().next()?;
    assert_eq!(envelope.recipients, [to]);
    // A line that begins with F is written so, lest it be taken for the envelope's "From ".
    let text = String::from_utf8(raw).unwrap().replace("=\r\n", "").replace("=46", "F");
    let (_, rest) = text.split_once("/password#").expect(&text);
    Some(rest.split_whitespace().next().unwrap().to_owned())
}

async fn who_forgot_it_chooses_another_by_a_link_that_works_once(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut signed_in = app.signed_in("owner@bakery.example").await;
    let mut browser = app.browser();
    let ask = json!({ "email": "Owner@bakery.example" });
    let asked = browser.post("/api/v1/password/links", &ask).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    let token = mailed(&app, "owner@bakery.example").await.unwrap();
    let weak = json!({ "token": token, "password": "short" });
    let refused = browser.request(Method::PUT, "/api/v1/password", &weak).await;
    assert_eq!(refused.json()["errors"][0]["field"], "password");
    let new = json!({ "token": token, "password": "a new password" });
    let set = browser.request(Method::PUT, "/api/v1/password", &new).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{set:?}");
    let again = browser.request(Method::PUT, "/api/v1/password", &new).await;
    assert_eq!(again.json()["type"], "/problems/password-link-spent");
    // Whoever was signed in with the old one is not any more.
    assert_eq!(signed_in.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    let old = json!({ "email": "owner@bakery.example", "password": PASSWORD });
    assert_eq!(browser.post("/api/v1/session", &old).await.status, StatusCode::UNAUTHORIZED);
    let new = json!({ "email": "owner@bakery.example", "password": "a new password" });
    assert_eq!(browser.post("/api/v1/session", &new).await.status, StatusCode::OK);
}

async fn a_link_ends_and_cannot_be_made_up(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.browser();
    let ask = json!({ "email": "owner@bakery.example" });
    browser.post("/api/v1/password/links", &ask).await;
    let token = mailed(&app, "owner@bakery.example").await.unwrap();
    let mut changed = token.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let longer_life = format!("{}{}", token.split_at(22).0, changed);
    for wrong in ["", "x", &changed, &longer_life, token.split_at(30).0] {
        let body = json!({ "token": wrong, "password": "a new password" });
        let refused = browser.request(Method::PUT, "/api/v1/password", &body).await;
        assert_eq!(refused.json()["type"], "/problems/password-link-spent", "{wrong}");
    }
    app.home.advance(TimeDelta::minutes(61));
    let late = json!({ "token": token, "password": "a new password" });
    let refused = browser.request(Method::PUT, "/api/v1/password", &late).await;
    assert_eq!(refused.json()["type"], "/problems/password-link-spent");
}

async fn nobody_learns_who_there_is_and_no_inbox_is_filled(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.browser();
    for email in ["nobody@bakery.example", "owner@bakery.example"] {
        let ask = json!({ "email": email });
        for _ in 0..3 {
            let asked = browser.post("/api/v1/password/links", &ask).await;
            assert_eq!(asked.status, StatusCode::ACCEPTED);
        }
        let asked = browser.post("/api/v1/password/links", &ask).await;
        assert_eq!(asked.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(mailed(&app, "owner@bakery.example").await.is_some(), "one mail for three wishes");
}

async fn a_new_user_is_invited_and_chooses_a_password(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let made = users::invite_for(&app.services, org.id, "Bea", "bea@bakery.example", Role::Agent);
    made.await.unwrap();
    let token = mailed(&app, "bea@bakery.example").await.unwrap();
    let mut browser = app.browser();
    let early = json!({ "email": "bea@bakery.example", "password": "" });
    assert_eq!(browser.post("/api/v1/session", &early).await.status, StatusCode::UNAUTHORIZED);
    app.home.advance(TimeDelta::days(6));
    let new = json!({ "token": token, "password": "a new password" });
    let set = browser.request(Method::PUT, "/api/v1/password", &new).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{set:?}");
    let sign_in = json!({ "email": "bea@bakery.example", "password": "a new password" });
    assert_eq!(browser.post("/api/v1/session", &sign_in).await.status, StatusCode::OK);
}

on_both!(
    who_forgot_it_chooses_another_by_a_link_that_works_once,
    a_link_ends_and_cannot_be_made_up,
    nobody_learns_who_there_is_and_no_inbox_is_filled,
    a_new_user_is_invited_and_chooses_a_password,
);
