//! A legal hold beats every deletion, and opens what it keeps only to those whom it names.

use axum::http::StatusCode;
use chrono::TimeDelta;
use loket::domain::words::Role;
use loket::service::retention::run_channel;
use loket::store::purge_rows::Of;
use serde_json::{Value, json};

use super::{advance, disconnect, is_destroyed, letter, owner, purges, work};
use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    what_a_hold_needs_is_checked,
    a_hold_on_a_ticket_outlives_the_mailbox,
    a_hold_on_the_mailbox_stops_its_purge,
    retention_passes_over_what_is_held,
    what_is_held_survives_a_process_that_died,
);

async fn place(browser: &mut Browser, body: Value) -> Value {
    let placed = browser.post("/api/v1/holds", &body).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    placed.json()
}

fn on_ticket(number: i64, people: &[loket::domain::ids::MembershipId]) -> Value {
    json!({
        "kind": "ticket", "ticket_number": number, "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": people,
    })
}

async fn what_a_hold_needs_is_checked(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mut browser = owner(&app).await;
    let good = json!({
        "kind": "organization", "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [org.owner],
    });
    for (field, value) in [
        ("reason", json!("  ")),
        ("review_at", json!("2020-01-01T00:00:00Z")),
        ("people", json!([])),
        ("people", json!(["00000000-0000-7000-8000-000000000000"])),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let refused = browser.post("/api/v1/holds", &wrong).await;
        assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
    }
    let nobody = browser.post("/api/v1/holds", &on_ticket(9, &[org.owner])).await;
    assert_eq!(nobody.json()["errors"][0]["field"], "subject_id", "{nobody:?}");
    let hold = place(&mut browser, good).await;
    assert_eq!(hold["placed_by"]["name"], "Owner of bakery");
    let path = format!("/api/v1/holds/{}/end", hold["id"].as_str().unwrap());
    assert_eq!(browser.post(&path, &json!({})).await.status, StatusCode::NO_CONTENT);
    let again = browser.post(&path, &json!({})).await;
    assert_eq!(again.json()["type"], "/problems/hold-ended");
    let listed = browser.get("/api/v1/holds").await.json();
    assert_eq!(listed["items"][0]["ended_by"]["name"], "Owner of bakery");
}

async fn a_hold_on_a_ticket_outlives_the_mailbox(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let admin = app.user(&org, Role::Admin).await;
    let id = app.mailbox(&org, &[org.owner, agent]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Held", "a", true)).await;
    app.deliver(&org, id, 2, &letter("bert@example.net", "Going", "b", true)).await;
    let mut browser = owner(&app).await;
    let hold = place(&mut browser, on_ticket(1, &[admin])).await;
    disconnect(&mut browser, id).await;
    advance(&app, TimeDelta::days(14)).await;
    assert!(is_destroyed(&app, &org, id).await);
    let mut named = app.signed_in("admin@bakery.example").await;
    let ticket = named.get("/api/v1/tickets/1").await;
    assert_eq!(ticket.status, StatusCode::OK, "{ticket:?}");
    let ticket = ticket.json();
    assert_eq!(ticket["subject"], "About Held");
    assert_eq!(ticket["can_reply"], false);
    let message = ticket["messages"][0]["id"].as_str().unwrap();
    let original = named.get(&format!("/api/v1/messages/{message}/original")).await;
    assert_eq!(original.status, StatusCode::OK);
    assert_eq!(named.get("/api/v1/tickets/2").await.status, StatusCode::NOT_FOUND);
    for email in ["owner@bakery.example", "agent@bakery.example"] {
        let mut other = app.signed_in(email).await;
        assert_eq!(other.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND, "{email}");
    }
    let statements = named.get("/api/v1/statements").await.json();
    let stated = &statements["items"][0]["statement"];
    assert_eq!(stated["kept"]["tickets"], 1);
    assert_eq!(stated["kept"]["messages"], 1);
    assert_eq!(stated["kept"]["holds"][0], hold["id"]);
    assert_eq!(stated["deleted"]["tickets"], 1);
    assert_eq!(stated["deleted"]["messages"], 1);

    let mut browser = owner(&app).await;
    let path = format!("/api/v1/holds/{}/end", hold["id"].as_str().unwrap());
    assert_eq!(browser.post(&path, &json!({})).await.status, StatusCode::NO_CONTENT);
    work(&app).await;
    assert_eq!(named.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        std::fs::read_dir(app.blobs())
            .unwrap()
            .flatten()
            .map(|dir| std::fs::read_dir(dir.path()).unwrap().count())
            .sum::<usize>(),
        0
    );
}

async fn a_hold_on_the_mailbox_stops_its_purge(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let admin = app.user(&org, Role::Admin).await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Held", "a", false)).await;
    let mut browser = owner(&app).await;
    let body = json!({
        "kind": "mailbox", "subject_id": id, "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [admin],
    });
    let hold = place(&mut browser, body).await;
    disconnect(&mut browser, id).await;
    advance(&app, TimeDelta::days(40)).await;
    assert!(!is_destroyed(&app, &org, id).await);
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    let mut named = app.signed_in("admin@bakery.example").await;
    assert_eq!(named.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    assert_eq!(purges(&mut named).await[0]["is_late"], false, "a hold is no delay");
    let path = format!("/api/v1/holds/{}/end", hold["id"].as_str().unwrap());
    browser.post(&path, &json!({})).await;
    work(&app).await;
    assert!(is_destroyed(&app, &org, id).await);
    assert_eq!(purges(&mut named).await[0]["state"], "done");
}

async fn retention_passes_over_what_is_held(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Held", "a", false)).await;
    app.deliver(&org, id, 2, &letter("bert@example.net", "Going", "b", false)).await;
    let mut browser = owner(&app).await;
    let contact = browser.get("/api/v1/tickets/1").await.json()["contact"]["id"].clone();
    let body = json!({
        "kind": "contact", "subject_id": contact, "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [org.owner],
    });
    let hold = place(&mut browser, body).await;
    app.home.advance(TimeDelta::days(600));
    let of = Of { organization_id: org.id, channel_id: id };
    let removed = run_channel(&app.services, of).await.unwrap();
    assert_eq!((removed.deleted, removed.held), (1, 1));
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let path = format!("/api/v1/holds/{}/end", hold["id"].as_str().unwrap());
    browser.post(&path, &json!({})).await;
    let removed = run_channel(&app.services, of).await.unwrap();
    assert_eq!((removed.deleted, removed.held), (1, 0));
}

/// The keyring has committed and the data has not: what the start then puts right must leave alone
/// what a hold keeps, and every other mailbox.
async fn what_is_held_survives_a_process_that_died(on: On) {
    use loket::store::{channels, reconcile, removal};
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let admin = app.user(&org, Role::Admin).await;
    let id = app.mailbox(&org, &[org.owner]).await;
    let other = super::another_mailbox(&app, &org, "info@bakery.example").await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Held", "a", true)).await;
    app.deliver(&org, id, 2, &letter("bert@example.net", "Going", "b", true)).await;
    app.deliver(&org, other, 1, &letter("cees@example.net", "Staying", "c", true)).await;
    let mut browser = owner(&app).await;
    place(&mut browser, on_ticket(1, &[admin])).await;
    let store = &app.home.store;
    let organization_key = loket::store::keys::of_organization(store, org.id).await.unwrap();
    let scope = loket::store::Scope::whole(org.id);
    let held = loket::store::tickets::find_by_number(store, &scope, 1).await.unwrap().unwrap();
    let messages = removal::messages_of(store, org.id, &[held.id], 10).await.unwrap();
    let mut keys: Vec<_> = messages.into_iter().map(|(.., key)| key).collect();
    keys.push(held.key_id);
    // Died right after its keys were wrapped anew.
    assert_eq!(store.keyring().rewrap(&keys, &organization_key).await.unwrap(), 2);
    let done = reconcile::at_start(store, app.services.blobs()).await.unwrap();
    assert_eq!((done.data_entries, done.swept.messages), (1, 0));
    for number in 1..=3 {
        let there = browser.get(&format!("/api/v1/tickets/{number}")).await;
        assert_eq!(there.status, StatusCode::OK, "ticket {number}");
    }
    // Died right after the mailbox's key was destroyed.
    let channel = channels::find(store, org.id, id).await.unwrap().unwrap();
    store.keyring().destroy(&[channel.key_id]).await.unwrap();
    let done = reconcile::at_start(store, app.services.blobs()).await.unwrap();
    assert_eq!((done.swept.channels, done.swept.messages), (1, 1));
    assert_eq!(crate::export::objects(&app), 2, "the large mails that are held and that stay");
    let scope = loket::store::Scope::whole(org.id);
    let kept = loket::store::tickets::find_by_number(store, &scope, 1).await.unwrap().unwrap();
    assert_eq!(kept.subject, "About Held");
    assert_eq!(loket::store::messages::list(store, &scope, kept.id).await.unwrap().len(), 1);
    assert!(loket::store::tickets::find_by_number(store, &scope, 2).await.unwrap().is_none());
    assert_eq!(browser.get("/api/v1/tickets/3").await.status, StatusCode::OK);
}
