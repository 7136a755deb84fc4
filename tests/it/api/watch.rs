//! What watches the server, and what protects it from requests that are too much.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use loket::http::{BODY_LIMIT, HttpOptions, router};
use loket::telemetry::{METRICS, Metrics};
use serde_json::json;
use tower::ServiceExt as _;

use crate::support::app::{MAIL, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

const TOKEN: &str = "watch-7f3a";

fn watched(app: &TestApp, token: Option<&str>) -> Router {
    let options = HttpOptions {
        metrics: Some(Metrics::install().unwrap()),
        metrics_token: token.map(Into::into),
        ..HttpOptions::default()
    };
    router(app.services.clone(), options)
}

/// Asks for the metrics from an address, with these headers.
async fn ask(router: &Router, from: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = Request::get("/metrics");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn every_metric_is_shown_and_nothing_personal(on: On) {
    let app = TestApp::new(on).await;
    let router = watched(&app, Some(TOKEN));
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, MAIL).await;
    let find = Request::get("/api/v1/tickets?q=customer@example.net").body(Body::empty()).unwrap();
    router.clone().oneshot(find).await.unwrap();
    router.clone().oneshot(Request::get("/x/Bread").body(Body::empty()).unwrap()).await.unwrap();
    let token = format!("Bearer {TOKEN}");
    let (status, text) = ask(&router, "192.0.2.1:9", &[("authorization", &token)]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    for (name, ..) in METRICS {
        assert!(text.contains(&format!("\n{name}")), "{name} is not in {text}");
    }
    assert!(text.contains("loket_mails_total{result=\"imported\"} 1"), "{text}");
    assert!(text.contains("route=\"/api/v1/tickets\",status=\"401\""), "{text}");
    assert!(text.contains(&format!("mailbox=\"{mailbox}\"")), "{text}");
    for personal in ["bakery", "customer", "example", "bread", "support", "owner"] {
        assert!(!text.to_lowercase().contains(personal), "{personal} is in {text}");
    }
    for wrong in [&[][..], &[("authorization", "Bearer x")], &[("authorization", TOKEN)]] {
        assert_eq!(ask(&router, "127.0.0.1:9", wrong).await.0, StatusCode::UNAUTHORIZED);
    }
}

/// The test's public address is https: a proxy stands in front, and everybody comes from here.
async fn metrics_are_not_public_by_accident(on: On) {
    let app = TestApp::new(on).await;
    let router = watched(&app, None);
    for peer in ["127.0.0.1:9", "192.0.2.1:9"] {
        assert_eq!(ask(&router, peer, &[]).await.0, StatusCode::NOT_FOUND, "{peer}");
    }
}

async fn only_uploads_may_be_large(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, MAIL).await;
    let large = json!({ "email": "x".repeat(BODY_LIMIT), "password": "x" });
    for path in ["/api/v1/session", "/api/v1/setup"] {
        let refused = app.browser().post(path, &large).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(refused.json()["type"], "/problems/too-large");
    }
    // The longest draft that is saved is sent as well, with a key too.
    let mut browser = app.signed_in("owner@bakery.example").await;
    let fill = |text: &str| text.repeat(1024 * 1024 / text.len());
    let longest = fill("Your bread is on its way.\n");
    let to = [json!({ "address": "customer@example.net" })];
    let html = fill("<p class=\"a\">Your bread is on its way.</p>");
    let draft = json!({ "mode": "reply", "to": to, "text": longest, "html": html });
    let saved = browser.request(Method::PUT, "/api/v1/tickets/1/draft", &draft).await;
    assert_eq!(saved.status, StatusCode::OK, "{:?}", saved.status);
    let mut answer = draft.clone();
    answer["seen_version"] = json!(1);
    let headers = [("origin", PUBLIC_URL), ("idempotency-key", "k1")];
    let path = "/api/v1/tickets/1/replies";
    let sent = browser.send(Method::POST, path, &headers, Some(&answer)).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{:?}", sent.status);
}

async fn a_wrong_method_is_a_problem(on: On) {
    let app = TestApp::new(on).await;
    for path in ["/api/v1/tickets/counts", "/healthz"] {
        let refused = app.browser().request(Method::PATCH, path, &json!({})).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(refused.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(refused.header("allow"), "GET,HEAD", "{path}");
    }
}

on_both!(
    every_metric_is_shown_and_nothing_personal,
    metrics_are_not_public_by_accident,
    only_uploads_may_be_large,
    a_wrong_method_is_a_problem,
);
