//! Tickets over HTTP: versions. That every read of mail is in the audit log is in the matrix.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{MAIL, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

async fn a_change_to_an_old_version_is_refused(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, MAIL).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let ticket = browser.get("/api/v1/tickets/1").await;
    let tag = ticket.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", ticket.json()["version"]));
    let path = "/api/v1/tickets/1";
    let body = json!({ "status": "pending" });
    let without = browser.request(Method::PATCH, path, &body).await;
    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED);
    let headers = [("origin", PUBLIC_URL), ("if-match", tag.as_str())];
    let done = browser.send(Method::PATCH, path, &headers, Some(&body)).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    assert_eq!(done.json()["status"], "pending");
    let stale = browser.send(Method::PATCH, path, &headers, Some(&body)).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(stale.json()["type"], "/problems/stale");
}

on_both!(a_change_to_an_old_version_is_refused);
