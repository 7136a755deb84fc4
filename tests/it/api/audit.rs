//! The audit log: many write at once, nothing is lost, and what is altered is noticed.

use axum::http::Method;
use loket::audit::{Action, Actor, AuditEntry, ObjectKind};
use loket::domain::ids::OrganizationId;
use loket::store::audit::{self, NewAuditEntry};
use loket::store::{Store, StoreError};
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;

use crate::support::app::{Org, TestApp};
use crate::support::db::{On, on_both};

fn entry(org: &Org) -> NewAuditEntry {
    NewAuditEntry {
        organization_id: org.id,
        actor: Actor::Member(org.owner.0),
        action: Action::ReadMessage,
        object_kind: ObjectKind::Message,
        object_id: None,
        channel_id: None,
    }
}

async fn entries_of_many_are_numbered_without_gaps(on: On) {
    let app = TestApp::new(on).await;
    let (one, two) = (app.org("bakery").await, app.org("florist").await);
    let store = &app.home.store;
    let writes = (0..60).map(|n| audit::record(store, entry(if n % 3 == 0 { &two } else { &one })));
    for written in futures::future::join_all(writes).await {
        written.unwrap();
    }
    // Each has one more: of its owner, who was made before.
    assert_eq!(audit::verify(store, one.id).await.unwrap(), 41);
    assert_eq!(audit::verify(store, two.id).await.unwrap(), 21);
    let page = audit::list(store, one.id, Some(40), 5).await.unwrap();
    assert_eq!(page.iter().map(|e| e.number).collect::<Vec<_>>(), [39, 38, 37, 36, 35]);
}

/// A waiter that goes away takes no other's entry with it.
async fn a_reader_who_leaves_costs_nobody_an_entry(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let store = &app.home.store;
    for _ in 0..10 {
        let mut leaving = Box::pin(audit::record(store, entry(&org)));
        // It leaves half-way, unless the database was so quick that it had its entry already.
        if let std::task::Poll::Ready(done) = futures::poll!(leaving.as_mut()) {
            done.unwrap();
        }
        let staying = audit::record(store, entry(&org));
        let (staying, ()) = futures::join!(staying, async move { drop(leaving) });
        staying.unwrap();
    }
    let count = audit::verify(store, org.id).await.unwrap();
    assert!((11..=21).contains(&count), "{count}");
}

async fn an_altered_entry_is_noticed(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let store = &app.home.store;
    for _ in 0..3 {
        audit::record(store, entry(&org)).await.unwrap();
    }
    assert_eq!(audit::verify(store, org.id).await.unwrap(), 4);
    let intruder = Database::connect(app.home.audit_url()).await.unwrap();
    intruder
        .execute_unprepared("UPDATE audit_entry SET action = 'ticket.read' WHERE number = 2")
        .await
        .unwrap();
    let found = audit::verify(store, org.id).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
}

/// What is done leaves an entry of who did it and to what.
async fn what_is_done_is_in_the_audit_log(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let (store, member) = (&app.home.store, Actor::Member(org.owner.0));
    let made = newest(store, org.id).await;
    assert_eq!((made.actor, made.action), (Actor::Cli, Action::ChangeMembership));
    let wrong = json!({ "email": "owner@bakery.example", "password": "not this one" });
    app.browser().post("/api/v1/session", &wrong).await;
    let refused = newest(store, org.id).await;
    assert_eq!((refused.actor, refused.action), (Actor::System, Action::SignInRefused));
    assert_eq!(refused.object_id, Some(org.owner.0));
    let unknown = json!({ "email": "nobody@bakery.example", "password": "not this one" });
    app.browser().post("/api/v1/session", &unknown).await;
    let refused = newest(store, loket::service::access::SERVER).await;
    assert_eq!((refused.action, refused.object_id), (Action::SignInRefused, None));

    let mut browser = app.signed_in("owner@bakery.example").await;
    assert_eq!(newest(store, org.id).await.action, Action::SignIn);
    let mailbox = json!({
        "provider": "imap", "address": "info@bakery.example", "display_name": "Info",
        "imap": { "host": "imap.bakery.example", "port": 993, "tls": "implicit" },
        "smtp": { "host": "smtp.bakery.example", "port": 465, "tls": "implicit" },
        "user_name": "info", "password": "its own", "import": { "mode": "now" },
    });
    let linked = browser.post("/api/v1/mailboxes", &mailbox).await.json();
    let id = linked["id"].as_str().unwrap().to_owned();
    let entry = newest(store, org.id).await;
    assert_eq!((entry.actor, entry.action), (member, Action::ConnectMailbox));
    assert_eq!(entry.channel_id.unwrap().to_string(), id);
    let client = json!({ "client_id": "id", "client_secret": "secret" });
    for (method, path, body, action) in [
        (Method::PATCH, format!("/api/v1/mailboxes/{id}"), json!({}), Action::ChangeMailbox),
        (
            Method::PUT,
            format!("/api/v1/mailboxes/{id}/members"),
            json!({ "membership_ids": [org.owner.0] }),
            Action::ChangeMembers,
        ),
        (Method::PUT, "/api/v1/providers/google".to_owned(), client, Action::ChangeSettings),
        (Method::DELETE, "/api/v1/session".to_owned(), json!({}), Action::SignOut),
    ] {
        let done = browser.edit(method, &path, &body).await;
        assert!(done.status.is_success(), "{path}: {done:?}");
        let entry = newest(store, org.id).await;
        assert_eq!((entry.actor, entry.action), (member, action), "{path}");
    }
}

async fn newest(store: &Store, organization_id: OrganizationId) -> AuditEntry {
    audit::list(store, organization_id, None, 1).await.unwrap().remove(0)
}

on_both!(
    what_is_done_is_in_the_audit_log,
    entries_of_many_are_numbered_without_gaps,
    a_reader_who_leaves_costs_nobody_an_entry,
    an_altered_entry_is_noticed,
);
