//! Who reads a ticket, and who writes an answer.

use axum::http::StatusCode;
use chrono::TimeDelta;
use loket::domain::desk::PresenceState;
use loket::domain::words::Role;
use loket::service::feed::{Feed, FeedEvent};
use loket::service::sign_in;
use serde_json::{Value, json};

use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    colleagues_see_who_is_there_until_they_leave_or_fall_silent,
    who_does_not_read_the_mailbox_sees_nobody,
    the_stream_tells_who_comes_and_writes_nothing_down,
);

const QUESTION: &str = "From: Customer <customer@example.net>\r\n\
To: Support <support@bakery.example>\r\nSubject: Bread\r\nMessage-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\nWhere is my bread?\r\n";

const PATH: &str = "/api/v1/tickets/1/presence";

async fn tell(browser: &mut Browser, state: &str) -> Value {
    let answer = browser.post(PATH, &json!({ "state": state })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["people"].clone()
}

async fn everywhere(browser: &mut Browser) -> Value {
    browser.get("/api/v1/presence").await.json()["items"].clone()
}

async fn colleagues_see_who_is_there_until_they_leave_or_fall_silent(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent_id = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner, agent_id]).await;
    app.deliver(&org, mailbox, 1, QUESTION).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(tell(&mut owner, "viewing").await, json!([]), "oneself is nobody else");
    let seen = tell(&mut agent, "replying").await;
    assert_eq!((&seen[0]["id"], &seen[0]["state"]), (&json!(org.owner.0), &json!("viewing")));
    let rooms = everywhere(&mut owner).await;
    assert_eq!(rooms[0]["number"], 1);
    assert_eq!(rooms[0]["people"][0]["state"], "replying");
    tell(&mut agent, "away").await;
    assert_eq!(everywhere(&mut owner).await, json!([]));
    tell(&mut agent, "viewing").await;
    app.home.advance(TimeDelta::seconds(49));
    assert_eq!(everywhere(&mut owner).await[0]["people"][0]["id"], json!(agent_id.0));
    app.home.advance(TimeDelta::seconds(2));
    assert_eq!(everywhere(&mut owner).await, json!([]), "silence is absence");
}

async fn who_does_not_read_the_mailbox_sees_nobody(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, QUESTION).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    tell(&mut owner, "viewing").await;
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(everywhere(&mut agent).await, json!([]));
    let refused = agent.post(PATH, &json!({ "state": "viewing" })).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

async fn the_stream_tells_who_comes_and_writes_nothing_down(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent_id = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner, agent_id]).await;
    app.deliver(&org, mailbox, 1, QUESTION).await;
    let store = app.services.store();
    let account = loket::store::memberships::find(store, org.id, org.owner).await.unwrap().unwrap();
    let actor = sign_in::find_actor(&app.services, account.account_id, org.id, org.owner).await;
    let actor = actor.unwrap().unwrap();
    let mut feed = Feed::open(app.services.clone(), actor, None).await.unwrap();
    let Some(FeedEvent::Start { number }) = feed.next().await else { panic!("no start") };
    let mut agent = app.signed_in("agent@bakery.example").await;
    tell(&mut agent, "replying").await;
    let Some(FeedEvent::Present(room)) = feed.next().await else { panic!("nobody came") };
    assert_eq!(room.number, 1);
    let [person] = room.people.as_slice() else { panic!("{room:?}") };
    assert_eq!((person.membership_id, person.state), (agent_id, PresenceState::Replying));
    let (_, last) = loket::store::events::bounds(store, org.id).await.unwrap();
    assert_eq!(last, number, "the log has not grown");
}
