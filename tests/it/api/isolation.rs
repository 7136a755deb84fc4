//! Two organizations with the same data never see a trace of each other.

use axum::http::{Method, StatusCode};
use loket::domain::words::Role;
use serde_json::json;

use crate::support::app::{MAIL, TestApp};
use crate::support::db::{On, on_both};

async fn two_organizations_share_nothing(on: On) {
    let app = TestApp::new(on).await;
    let (one, two) = (app.org("bakery").await, app.org("florist").await);
    app.user(&one, Role::Agent).await;
    app.user(&two, Role::Agent).await;
    let here = app.mailbox(&one, &[one.owner]).await;
    let there = app.mailbox(&two, &[two.owner]).await;
    app.deliver(&one, here, 1, MAIL).await;
    app.deliver(&two, there, 1, MAIL).await;
    let mut other = app.signed_in("owner@florist.example").await;
    let theirs = other.get("/api/v1/tickets/1").await.json()["messages"][0]["id"].clone();
    let theirs = theirs.as_str().unwrap();
    let mut browser = app.signed_in("owner@bakery.example").await;
    let words =
        ["florist", theirs, &two.id.0.to_string(), &there.0.to_string(), &two.owner.0.to_string()];
    for path in [
        "/api/v1/session",
        "/api/v1/users",
        "/api/v1/organization",
        "/api/v1/mailboxes",
        "/api/v1/quarantine",
        "/api/v1/providers/google",
        "/api/v1/tickets?status=all",
        "/api/v1/tickets/counts",
        "/api/v1/tickets/1",
        "/api/v1/tags",
        "/api/v1/teams",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        let text = answer.json().to_string();
        for word in words {
            assert!(!text.contains(word), "{path} shows {word}: {text}");
        }
    }
    assert!(
        browser.get("/api/v1/mailboxes").await.json().to_string().contains(&here.0.to_string())
    );
    for (method, path, body) in [
        (Method::PATCH, format!("/api/v1/mailboxes/{there}"), json!({ "display_name": "Mine" })),
        (
            Method::PUT,
            format!("/api/v1/mailboxes/{there}/members"),
            json!({ "membership_ids": [] }),
        ),
        (Method::POST, format!("/api/v1/mailboxes/{there}/sync"), json!({})),
        (Method::POST, format!("/api/v1/messages/{theirs}/split"), json!({})),
        (Method::GET, format!("/api/v1/messages/{theirs}"), json!({})),
        (Method::GET, format!("/api/v1/messages/{theirs}/html"), json!({})),
        (Method::GET, format!("/api/v1/messages/{theirs}/original"), json!({})),
    ] {
        let refused = browser.edit(method, &path, &body).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
    }
    let members = format!("/api/v1/mailboxes/{here}/members");
    let body = json!({ "membership_ids": [two.owner.0] });
    let refused = browser.edit(Method::PUT, &members, &body).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

on_both!(two_organizations_share_nothing);
