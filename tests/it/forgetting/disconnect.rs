//! Disconnecting, and coming back within the window.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::FolderRole;
use loket::service::intake::{self, Batch, Incoming};
use loket::service::sync;
use loket::store::folders::Cursor;
use serde_json::json;

use super::{advance, disconnect, letter, owner, purges, work};
use crate::support::app::{Org, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    a_disconnected_mailbox_is_readable_and_silent,
    within_the_window_everything_comes_back,
    once_the_window_has_ended_nothing_comes_back,
    a_last_message_goes_to_open_tickets_once,
    its_address_is_taken_until_its_data_is_gone,
);

fn reply() -> serde_json::Value {
    json!({ "mode": "reply", "to": [{ "address": "klant@example.net" }], "text": "On its way.", "seen_version": 1 })
}

/// What the supervisor does that was at work when the mailbox was disconnected.
async fn late_mail(app: &TestApp, org: &Org, id: loket::domain::ids::ChannelId) -> bool {
    let target = intake::Target {
        organization_id: org.id,
        channel_id: id,
        own_addresses: vec!["support@bakery.example".to_owned()],
    };
    let folder = sync::folder(&app.services, &target, "INBOX", FolderRole::Inbox).await.unwrap();
    let raw = letter("late@example.net", "Late", "late", false);
    let batch = Batch {
        cursor: Cursor { last_uid: 9, ..folder.cursor() },
        folder,
        mails: vec![Incoming {
            uid: 9,
            raw: raw.into_bytes().into(),
            received_at: Some(app.now()),
            is_history: false,
        }],
        missing: Vec::new(),
        skipped: Vec::new(),
    };
    intake::take(&app.services, &target, batch).await.is_ok()
}

async fn a_disconnected_mailbox_is_readable_and_silent(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    let mut browser = owner(&app).await;
    let waiting = browser.post("/api/v1/tickets/1/replies", &reply()).await;
    assert_eq!(waiting.status, StatusCode::CREATED, "{waiting:?}");

    let preview = browser.get(&format!("/api/v1/mailboxes/{id}/disconnection")).await.json();
    assert_eq!(preview["counts"]["tickets"], 1);
    assert_eq!(preview["counts"]["messages"], 2);
    assert_eq!(preview["counts"]["contacts"], 1);
    assert_eq!(preview["open_count"], 1);
    assert_eq!(preview["open_tickets"][0]["subject"], "About Taart");
    assert_eq!(preview["waiting_answers"], 1);
    assert_eq!(preview["undo_days"], 14);

    let begun = disconnect(&mut browser, id).await;
    assert_eq!(begun["stopped_tickets"], json!([1]));
    assert_eq!(begun["due_at"], "2026-03-16T09:00:00Z");
    let again = browser.post(&format!("/api/v1/mailboxes/{id}/disconnection"), &json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    let ticket = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["mailbox"]["disconnected"], true);
    assert_eq!(ticket["mailbox"]["due_at"], begun["due_at"]);
    assert_eq!(ticket["mailbox"]["name"], "Support");
    let messages = ticket["messages"].as_array().unwrap();
    let answer = messages.iter().find(|message| message["kind"] == "outbound").unwrap();
    assert_eq!(answer["delivery"]["state"], "failed");
    let retry = format!("/api/v1/messages/{}/retry", answer["id"].as_str().unwrap());
    let refused = browser.post(&retry, &json!({})).await;
    assert_eq!(refused.json()["type"], "/problems/mailbox-disconnected", "{refused:?}");
    assert_eq!(answer["delivery"]["code"], "disconnected");
    let refused = browser.post("/api/v1/tickets/1/replies", &reply()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["type"], "/problems/mailbox-disconnected");
    assert!(!late_mail(&app, &org, id).await, "mail came in");
    app.home.advance(TimeDelta::minutes(1));
    work(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/2").await.status, StatusCode::NOT_FOUND);
    let listed = purges(&mut browser).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "countdown");
    assert_eq!(listed[0]["address"], "support@bakery.example");
    assert_eq!(listed[0]["requested_by"]["name"], "Owner of bakery");
    assert_eq!(listed[0]["grant"], "forgotten");
}

async fn within_the_window_everything_comes_back(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    let mut browser = owner(&app).await;
    disconnect(&mut browser, id).await;
    advance(&app, TimeDelta::days(14) - TimeDelta::seconds(1)).await;
    let mut browser = owner(&app).await;
    let back = browser.post(&format!("/api/v1/mailboxes/{id}/reconnection"), &json!({})).await;
    assert_eq!(back.status, StatusCode::OK, "{back:?}");
    assert_eq!(back.json()["state"], "connecting");
    assert!(purges(&mut browser).await.is_empty());
    advance(&app, TimeDelta::days(20)).await;
    let mut browser = owner(&app).await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["subject"], "About Taart");
    assert_eq!(ticket["mailbox"]["disconnected"], false);
    // The cursor is where it was: the next mail is the next number.
    app.deliver(&org, id, 2, &letter("klant2@example.net", "Brood", "b", false)).await;
    // And it can be disconnected once more.
    disconnect(&mut browser, id).await;
    assert_eq!(purges(&mut browser).await.len(), 1);
}

async fn once_the_window_has_ended_nothing_comes_back(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    let mut browser = owner(&app).await;
    disconnect(&mut browser, id).await;
    // The window has ended and no worker has been there yet.
    app.home.advance(TimeDelta::days(14));
    let mut browser = owner(&app).await;
    let path = format!("/api/v1/mailboxes/{id}/reconnection");
    let refused = browser.post(&path, &json!({})).await;
    assert_eq!(refused.json()["type"], "/problems/purge-under-way", "{refused:?}");
    work(&app).await;
    let gone = browser.post(&path, &json!({})).await;
    assert_eq!(gone.json()["type"], "/problems/purge-under-way", "{gone:?}");
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
}

async fn a_last_message_goes_to_open_tickets_once(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    for (uid, word) in [(1, "Taart"), (2, "Brood"), (3, "Koek")] {
        let from = format!("{word}@example.net");
        app.deliver(&org, id, uid, &letter(&from, word, word, false)).await;
    }
    let mut browser = owner(&app).await;
    let closed = browser
        .send(
            Method::PATCH,
            "/api/v1/tickets/2",
            &[("origin", crate::support::app::PUBLIC_URL), ("if-match", "\"1\"")],
            Some(&json!({ "status": "closed" })),
        )
        .await;
    assert_eq!(closed.status, StatusCode::OK, "{closed:?}");
    let path = format!("/api/v1/mailboxes/{id}/farewell");
    let empty = browser.post(&path, &json!({ "text": "  " })).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = json!({ "text": "We move to info@other.example." });
    assert_eq!(browser.post(&path, &body).await.json()["answered"], 2);
    browser.post(&path, &body).await;
    for (number, messages) in [(1, 1), (2, 0), (3, 1)] {
        let ticket = browser.get(&format!("/api/v1/tickets/{number}")).await.json();
        let all = ticket["messages"].as_array().unwrap().clone();
        let sent = all.iter().filter(|message| message["kind"] == "outbound").count();
        assert_eq!(sent, messages, "ticket {number}");
    }
}

async fn its_address_is_taken_until_its_data_is_gone(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    let mut browser = owner(&app).await;
    disconnect(&mut browser, id).await;
    let link = crate::support::app::maildir_link("support@bakery.example");
    let who = [org.owner];
    let add = || loket::service::mailboxes::create_for(&app.services, org.id, &who, link.clone());
    let refused = add().await.unwrap_err();
    assert!(
        matches!(refused, loket::service::ServiceError::Conflict { code: "mailbox_leaving", .. }),
        "{refused:?}"
    );
    advance(&app, TimeDelta::days(14)).await;
    assert_ne!(add().await.unwrap(), id);
}
