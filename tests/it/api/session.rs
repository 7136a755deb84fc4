//! Signing in and out, and what is refused before any handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::support::app::{PASSWORD, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

async fn signing_in_gives_a_cookie_that_signing_out_ends(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.browser();
    let body = json!({ "email": "Owner@Bakery.example", "password": PASSWORD });
    let answer = browser.post("/api/v1/session", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-loket="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let kept = browser.clone();
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::OK);
    let out = browser.request(Method::DELETE, "/api/v1/session", &json!({})).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    // Whoever kept the cookie has nothing.
    let mut kept = kept;
    assert_eq!(kept.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
}

/// Counts what the log warns of.
struct Warnings(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() <= tracing::Level::WARN {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn signing_in_and_out_is_nothing_to_warn_of(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let warnings = Arc::new(AtomicUsize::new(0));
    let log = tracing_subscriber::registry().with(Warnings(Arc::clone(&warnings)));
    let _guard = tracing::subscriber::set_default(log);
    let mut browser = app.signed_in("owner@bakery.example").await;
    for _ in 0..2 {
        let out = browser.request(Method::DELETE, "/api/v1/session", &json!({})).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(warnings.load(Ordering::Relaxed), 0);
    tracing::warn!("it is heard");
    assert_eq!(warnings.load(Ordering::Relaxed), 1);
}

async fn signing_in_takes_a_new_id(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let before = browser.clone();
    let body = json!({ "email": "owner@bakery.example", "password": PASSWORD });
    browser.post("/api/v1/session", &body).await;
    assert_ne!(before.cookie, browser.cookie);
    let mut before = before;
    assert_eq!(before.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
}

async fn a_session_ends_when_nobody_uses_it(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    for _ in 0..3 {
        app.home.advance(TimeDelta::days(10));
        assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::OK);
    }
    app.home.advance(TimeDelta::days(15));
    assert_eq!(browser.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
}

async fn wrong_and_unknown_look_alike(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.browser();
    let wrong = json!({ "email": "owner@bakery.example", "password": "not this one" });
    let unknown = json!({ "email": "nobody@bakery.example", "password": "not this one" });
    let wrong = browser.post("/api/v1/session", &wrong).await;
    let unknown = browser.post("/api/v1/session", &unknown).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.json()["type"], "/problems/invalid-credentials");
    assert_eq!(wrong.json(), unknown.json());
    assert!(browser.cookie.is_none());
}

async fn guessing_is_slowed_down(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.browser();
    let wrong = json!({ "email": "owner@bakery.example", "password": "not this one" });
    for _ in 0..10 {
        assert_eq!(browser.post("/api/v1/session", &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = json!({ "email": "owner@bakery.example", "password": PASSWORD });
    let refused = browser.post("/api/v1/session", &right).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "900");
    app.home.advance(TimeDelta::minutes(15));
    assert_eq!(browser.post("/api/v1/session", &right).await.status, StatusCode::OK);
}

async fn other_origins_are_refused(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({ "name": "Changed" });
    let path = "/api/v1/organization";
    for headers in [
        &[][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://loket.example")],
        &[("origin", "https://loket.example.evil.example")],
    ] {
        let refused = browser.send(Method::PATCH, path, headers, Some(&body)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(refused.json()["type"], "/problems/wrong-origin");
    }
    let own = [("origin", PUBLIC_URL), ("if-match", "\"1\"")];
    let done = browser.send(Method::PATCH, path, &own, Some(&body)).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(done.json()["name"], "Changed");
}

async fn what_goes_wrong_is_a_problem(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({ "time_zone": "Mars" });
    let refused = browser.edit(Method::PATCH, "/api/v1/organization", &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    insta::assert_json_snapshot!("problem_invalid", refused.json());
    let absent = browser.get("/api/v1/nothing").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    insta::assert_json_snapshot!("problem_not_found", absent.json());
    let mut nobody = app.browser();
    let anonymous = nobody.get("/api/v1/tickets").await;
    insta::assert_json_snapshot!("problem_unauthenticated", anonymous.json());
}

async fn every_answer_has_the_headers_that_protect_it(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = app.browser();
    for path in ["/api/v1/session", "/healthz", "/", "/tickets/7", "/api/v1/openapi.json"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
}

on_both!(
    signing_in_gives_a_cookie_that_signing_out_ends,
    signing_in_and_out_is_nothing_to_warn_of,
    signing_in_takes_a_new_id,
    a_session_ends_when_nobody_uses_it,
    wrong_and_unknown_look_alike,
    guessing_is_slowed_down,
    other_origins_are_refused,
    what_goes_wrong_is_a_problem,
    every_answer_has_the_headers_that_protect_it,
);
