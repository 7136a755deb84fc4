//! Policy texts: published by an owner, mailed, and read at the next sign-in before anything else.

use std::sync::Arc;

use axum::http::StatusCode;
use loket::audit::Action;
use loket::domain::words::Role;
use loket::jobs::system_mail::SystemMail;
use loket::queue::{Worker, WorkerOptions};
use loket::store::audit;
use serde_json::{Value, json};

use super::password::NoMailbox;
use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};

const POLICIES: &str = "/api/v1/policies";

fn text(kind: &str, words: &str) -> Value {
    json!({ "kind": kind, "title": "How we handle mail", "changes": "A second part.", "text": words })
}

async fn publish(owner: &mut Browser, kind: &str, words: &str) -> Value {
    let answer = owner.post(POLICIES, &text(kind, words)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()
}

fn unread(session: &Value) -> bool {
    session["policies_unread"].as_bool().unwrap()
}

/// Who is at work goes on; who signs in afterwards reads first, each text, and then is let in.
async fn a_text_is_read_at_the_next_sign_in_before_anything_else(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut at_work = app.signed_in("agent@bakery.example").await;
    let privacy = publish(&mut owner, "privacy", "Read no more than you need.").await;
    let security = publish(&mut owner, "security", "Lock your screen.").await;
    assert_eq!(at_work.get("/api/v1/tickets").await.status, StatusCode::OK);
    // Who wrote it knows it.
    let mut again = app.signed_in("owner@bakery.example").await;
    assert!(!unread(&again.get("/api/v1/session").await.json()));

    let mut agent = app.signed_in("agent@bakery.example").await;
    assert!(unread(&agent.get("/api/v1/session").await.json()));
    for path in ["/api/v1/tickets", "/api/v1/users", "/api/v1/organization", "/api/v1/events"] {
        let refused = agent.get(path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(refused.json()["type"], "/problems/policy-unread", "{path}");
    }
    let listed = agent.get(POLICIES).await.json();
    let texts: Vec<&Value> =
        listed["items"].as_array().unwrap().iter().map(|one| &one["content"]["text"]).collect();
    assert_eq!(texts, ["Read no more than you need.", "Lock your screen."]);
    assert_eq!(listed["items"][0]["readers"], Value::Null, "an agent sees who read what");
    for (policy, left) in [(&privacy, true), (&security, false)] {
        let path = format!("{POLICIES}/{}/acknowledgement", policy["id"].as_str().unwrap());
        let read = agent.post(&path, &json!({})).await;
        assert_eq!(read.status, StatusCode::OK, "{read:?}");
        assert_eq!(read.json()["read_at"], json!(app.now()));
        assert_eq!(unread(&agent.get("/api/v1/session").await.json()), left);
    }
    assert_eq!(agent.get("/api/v1/tickets").await.status, StatusCode::OK);
    // Another browser of theirs is not asked again.
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(agent.get("/api/v1/tickets").await.status, StatusCode::OK);

    let of = format!("{POLICIES}/{}", privacy["id"].as_str().unwrap());
    let readers = owner.get(&of).await.json()["readers"].clone();
    let read: Vec<bool> =
        readers.as_array().unwrap().iter().map(|one| one["read_at"].is_string()).collect();
    assert_eq!(read, [true, true]);
    let entries = audit::list(&app.home.store, org.id, None, 100).await.unwrap();
    let count = |action| entries.iter().filter(|entry| entry.action == action).count();
    assert_eq!((count(Action::PublishPolicy), count(Action::AcknowledgePolicy)), (2, 2));
}

/// A new version asks everybody again; the one before stays to be looked up, as it was.
async fn a_new_version_takes_the_place_of_the_one_before(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    app.user(&org, Role::Auditor).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let first = publish(&mut owner, "privacy", "One.").await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    let path = format!("{POLICIES}/{}/acknowledgement", first["id"].as_str().unwrap());
    agent.post(&path, &json!({})).await;
    let second = publish(&mut owner, "privacy", "Two.").await;
    assert_eq!((&first["version"], &second["version"]), (&json!(1), &json!(2)));

    let mut agent = app.signed_in("agent@bakery.example").await;
    assert!(unread(&agent.get("/api/v1/session").await.json()));
    // The first one is no way round the second.
    agent.post(&path, &json!({})).await;
    assert!(unread(&agent.get("/api/v1/session").await.json()));
    let before = agent.get(&format!("{POLICIES}/{}", first["id"].as_str().unwrap())).await.json();
    assert_eq!((&before["in_force"], &before["content"]["text"]), (&json!(false), &json!("One.")));
    // An auditor has to read it as well, and sees who has not.
    let mut auditor = app.signed_in("auditor@bakery.example").await;
    let listed = auditor.get(POLICIES).await.json();
    let readers = listed["items"][0]["readers"].as_array().unwrap();
    let mut missing: Vec<&str> = readers
        .iter()
        .filter(|one| one["read_at"].is_null())
        .map(|one| one["user"]["name"].as_str().unwrap())
        .collect();
    missing.sort_unstable();
    assert_eq!(missing, ["agent of bakery", "auditor of bakery"]);
    assert_eq!(listed["items"][1]["content"], Value::Null);
    assert_eq!(auditor.get("/api/v1/register").await.status, StatusCode::FORBIDDEN);
}

/// Each member gets a mail in which the text stands; who comes late gets the newest only.
async fn every_member_is_mailed_the_text(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.org("florist").await;
    app.user(&org, Role::Agent).await;
    app.user(&org, Role::Auditor).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    publish(&mut owner, "privacy", "An old rule.").await;
    publish(&mut owner, "privacy", "Read no more than you need.").await;
    let handler = SystemMail::new(app.services.clone(), Arc::new(NoMailbox));
    let store = app.home.store.clone();
    Worker::new(store, vec![Arc::new(handler)], WorkerOptions::default()).drain().await.unwrap();
    let sent = std::mem::take(&mut *app.post.sent.lock().unwrap());
    let mut to_whom: Vec<String> =
        sent.iter().flat_map(|(envelope, _)| envelope.recipients.clone()).collect();
    to_whom.sort_unstable();
    assert_eq!(to_whom, ["agent@bakery.example", "auditor@bakery.example"]);
    for (_, raw) in &sent {
        let mail = String::from_utf8_lossy(raw);
        for part in ["Read no more than you need.", "A second part.", "/settings/policies"] {
            assert!(mail.contains(part), "{part}: {mail}");
        }
    }
}

/// Only an owner publishes; what is empty or too long is told by field; nobody else's is seen.
async fn what_is_not_right_is_refused(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.org("florist").await;
    app.user(&org, Role::Admin).await;
    let mut admin = app.signed_in("admin@bakery.example").await;
    assert_eq!(admin.post(POLICIES, &text("terms", "x")).await.status, StatusCode::FORBIDDEN);
    let mut owner = app.signed_in("owner@bakery.example").await;
    for (body, field) in [
        (json!({ "kind": "terms", "title": "", "text": "x" }), "title"),
        (json!({ "kind": "terms", "title": "a\nb", "text": "x" }), "title"),
        (json!({ "kind": "terms", "title": "a", "text": " " }), "text"),
        (json!({ "kind": "terms", "title": "a", "text": "x".repeat(100_001) }), "text"),
    ] {
        let refused = owner.post(POLICIES, &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
    assert_eq!(owner.get(POLICIES).await.json()["items"], json!([]));
    let policy = publish(&mut owner, "terms", "Ours.").await;
    let mut other = app.signed_in("owner@florist.example").await;
    let path = format!("{POLICIES}/{}", policy["id"].as_str().unwrap());
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    let acknowledge = format!("{path}/acknowledgement");
    assert_eq!(other.post(&acknowledge, &json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(POLICIES).await.json()["items"], json!([]));
}

on_both!(
    a_text_is_read_at_the_next_sign_in_before_anything_else,
    a_new_version_takes_the_place_of_the_one_before,
    every_member_is_mailed_the_text,
    what_is_not_right_is_refused,
);
