//! Tickets over HTTP: versions, and that every read of mail is in the audit log first.

use axum::http::{Method, StatusCode};
use loket::audit::Action;
use loket::store::audit;
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

async fn every_read_of_mail_is_in_the_audit_log(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, MAIL).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    let id = message["id"].as_str().unwrap();
    let file = message["attachments"][0]["id"].as_str().unwrap();
    for (path, action) in [
        ("/api/v1/tickets/1".to_owned(), Action::ReadTicket),
        (format!("/api/v1/messages/{id}"), Action::ReadMessage),
        (format!("/api/v1/messages/{id}/html"), Action::ReadMessage),
        (format!("/api/v1/messages/{id}/original"), Action::ReadOriginal),
        (format!("/api/v1/messages/{id}/attachments/{file}"), Action::ReadAttachment),
    ] {
        let before = audit::verify(&app.home.store, org.id).await.unwrap();
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
        let newest = audit::list(&app.home.store, org.id, None, 1).await.unwrap();
        assert!(newest[0].number > before, "{path} left no entry");
        assert_eq!(newest[0].action, action, "{path}");
        assert_eq!(newest[0].channel_id, Some(mailbox.0), "{path}");
    }
}

on_both!(a_change_to_an_old_version_is_refused, every_read_of_mail_is_in_the_audit_log);
