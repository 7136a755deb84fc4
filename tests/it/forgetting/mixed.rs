//! A ticket in which messages of two mailboxes stand: each follows the mailbox that it came by.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;

use super::{advance, another_mailbox, disconnect, letter, owner, work};
use crate::support::app::TestApp;
use crate::support::db::{On, on_both};

on_both!(
    the_ticket_lives_on_with_the_messages_that_stay,
    an_answer_loses_what_it_quotes_of_the_mailbox_that_goes,
);

/// Ticket 1 of `home` gets the messages of ticket 2 of `other` as well.
async fn bring_together(app: &TestApp) {
    use loket::domain::ids::TicketId;
    use loket::store::messages::moves;
    use loket::store::{Scope, tickets};
    let org = loket::store::organizations::list(&app.home.store).await.unwrap().remove(0);
    let scope = Scope::whole(org.id);
    let id = |number| {
        let scope = scope.clone();
        async move {
            let ticket = tickets::find_by_number(&app.home.store, &scope, number).await.unwrap();
            ticket.unwrap().id
        }
    };
    let (into, from): (TicketId, TicketId) = (id(1).await, id(2).await);
    let tx = app.home.store.begin().await.unwrap();
    moves::move_all(&tx, org.id, from, into).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_ticket_lives_on_with_the_messages_that_stay(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let home = app.mailbox(&org, &[org.owner]).await;
    let other = another_mailbox(&app, &org, "info@bakery.example").await;
    app.deliver(&org, home, 1, &letter("anna@example.net", "Going", "a", false)).await;
    app.deliver(&org, other, 1, &letter("bert@example.net", "Staying", "b", true)).await;
    bring_together(&app).await;
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.json()["subject"], "About Going");
    disconnect(&mut browser, home).await;
    advance(&app, TimeDelta::days(14)).await;
    let mut browser = owner(&app).await;
    let ticket = browser.get("/api/v1/tickets/1").await;
    assert_eq!(ticket.status, StatusCode::OK);
    let text = String::from_utf8_lossy(&ticket.body).into_owned();
    assert!(!text.contains("Going") && !text.contains("anna"), "{text}");
    let ticket = ticket.json();
    assert_eq!(ticket["subject"], "About Staying");
    assert_eq!(ticket["mailbox"]["id"], json!(other));
    assert_eq!(ticket["messages"].as_array().unwrap().len(), 1);
    assert_eq!(ticket["contact"]["identities"][0]["value"], "bert@example.net");
    // It is a whole ticket of its new mailbox: it goes with that one.
    disconnect(&mut browser, other).await;
    advance(&app, TimeDelta::days(14)).await;
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        browser.get("/api/v1/statements").await.json()["items"].as_array().unwrap().len(),
        2
    );
}

async fn an_answer_loses_what_it_quotes_of_the_mailbox_that_goes(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let home = app.mailbox(&org, &[org.owner]).await;
    let other = another_mailbox(&app, &org, "info@bakery.example").await;
    app.deliver(&org, home, 1, &letter("anna@example.net", "Staying", "a", false)).await;
    app.deliver(&org, other, 1, &letter("bert@example.net", "Going", "b", false)).await;
    // The answer to Bert goes out by the other mailbox; the one to Anna, given later, quotes Bert.
    bring_together(&app).await;
    let mut browser = owner(&app).await;
    let message = browser.get("/api/v1/tickets/1").await.json();
    let version = message["version"].clone();
    let reply = json!({
        "mode": "reply",
        "text": "My own words.",
        "seen_version": version,
        "to": [{ "address": "anna@example.net" }],
    });
    let made = browser.post("/api/v1/tickets/1/replies", &reply).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    app.home.advance(TimeDelta::minutes(1));
    work(&app).await;
    let messages = browser.get("/api/v1/tickets/1").await.json()["messages"].clone();
    let quoting = messages.as_array().unwrap().last().unwrap().clone();
    let by = quoting["mailbox_id"].clone();
    disconnect(&mut browser, other).await;
    advance(&app, TimeDelta::days(14)).await;
    let mut browser = owner(&app).await;
    let ticket = browser.get("/api/v1/tickets/1").await;
    let text = String::from_utf8_lossy(&ticket.body).into_owned();
    assert!(text.contains("Staying") && !text.contains("Going"), "{by}: {text}");
}
