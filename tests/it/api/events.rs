//! The event stream.

use std::time::Duration;

use axum::body::BodyDataStream;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use futures::StreamExt as _;
use loket::domain::words::Role;
use loket::service::acts::due;
use loket::service::mailboxes;
use serde_json::json;

use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};

/// Longer than any test machine needs.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open stream of events.
pub(super) struct Stream(BodyDataStream, String);

impl Stream {
    pub(super) async fn open(browser: &mut Browser, last: Option<&str>) -> Self {
        let headers: Vec<_> = last.map(|last| ("last-event-id", last)).into_iter().collect();
        let answer = browser.open(Method::GET, "/api/v1/events", &headers, None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body().into_data_stream(), String::new())
    }

    /// The next event as (id, name, data).
    async fn next(&mut self) -> (i64, String, serde_json::Value) {
        let (id, name, data) = self.any().await;
        (id.unwrap(), name, data)
    }

    /// As [`Self::next`], of events that have no id too.
    pub(super) async fn any(&mut self) -> (Option<i64>, String, serde_json::Value) {
        let read = async {
            loop {
                if let Some((block, rest)) = self.1.split_once("\n\n") {
                    let block = block.to_owned();
                    self.1 = rest.to_owned();
                    let line = |name: &str| {
                        block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
                    };
                    if let Some(name) = line("event:") {
                        let id = line("id:").map(|id| id.parse().unwrap());
                        let data = serde_json::from_str(line("data:").unwrap()).unwrap();
                        return (id, name.to_owned(), data);
                    }
                    continue;
                }
                let bytes = self.0.next().await.expect("the stream ended").unwrap();
                self.1.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        };
        tokio::time::timeout(PATIENCE, read).await.expect("no event came")
    }
}

/// A page that was read after the session misses nothing, and is not told what it knows.
async fn a_stream_goes_on_after_the_session(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.mailbox(&org, &[org.owner]).await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let session = browser.get("/api/v1/session").await.json();
    let last = session["last_event_id"].as_i64().unwrap();
    assert!(last > 0);
    let link = crate::support::app::maildir_link("shop@bakery.example");
    let members = [org.owner];
    let new = mailboxes::create_for(&app.services, org.id, &members, link).await.unwrap();
    let mut stream = Stream::open(&mut browser, Some(&last.to_string())).await;
    let (id, name, data) = stream.next().await;
    assert!(id > last);
    assert_eq!((name.as_str(), &data["mailbox_id"]), ("mailbox", &json!(new.0)));
}

async fn what_happens_is_told_to_those_who_may_know(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let florist = app.org("florist").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut worker = app.signed_in("agent@bakery.example").await;
    let mut stream = Stream::open(&mut worker, None).await;
    let (start, name, _) = stream.next().await;
    assert_eq!(name, "start");
    // Another organization's and another mailbox's events are not for the agent.
    app.mailbox(&florist, &[]).await;
    let hidden = app.mailbox(&org, &[org.owner]).await;
    let link = crate::support::app::maildir_link("shop@bakery.example");
    let seen = mailboxes::create_for(&app.services, org.id, &[agent], link).await.unwrap();
    let (id, name, data) = stream.next().await;
    assert_eq!(name, "mailbox");
    assert_eq!(data["mailbox_id"], seen.0.to_string());
    // Whoever was cut off before anything happened misses nothing.
    let mut early = Stream::open(&mut worker, Some(&start.to_string())).await;
    assert_eq!(early.next().await, (id, name, data));
    // Whoever comes again goes on where they were.
    let path = format!("/api/v1/mailboxes/{seen}");
    owner.edit(Method::PATCH, &path, &json!({ "display_name": "Shop" })).await;
    let mut again = Stream::open(&mut worker, Some(&id.to_string())).await;
    let (next, _, data) = again.next().await;
    assert!(next > id);
    assert_eq!(data["mailbox_id"], seen.0.to_string());
    // A right that is taken away is gone at once.
    let members = format!("/api/v1/mailboxes/{hidden}/members");
    let body = json!({ "membership_ids": [org.owner.0, agent.0] });
    owner.edit(Method::PUT, &members, &body).await;
    let (_, _, data) = again.next().await;
    assert_eq!(data["mailbox_id"], hidden.0.to_string());
}

/// What is saved of a draft is told to who writes it, wherever they are signed in, and to nobody else.
async fn a_saved_letter_is_told_to_who_writes_it(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let mut here = app.signed_in("owner@bakery.example").await;
    let mut there = app.signed_in("owner@bakery.example").await;
    let mut colleague = app.signed_in("agent@bakery.example").await;
    let mut own = Stream::open(&mut there, None).await;
    let mut others = Stream::open(&mut colleague, None).await;
    for stream in [&mut own, &mut others] {
        assert_eq!(stream.next().await.1, "start");
    }
    let path = "/api/v1/letter";
    let first =
        here.request(Method::PUT, path, &json!({ "text": "Dear", "builds_on": null })).await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    let (id, name, data) = own.any().await;
    assert_eq!((id, name.as_str(), &data["kind"]), (None, "draft", &json!("letter")));
    assert_eq!(data["saved_at"], first.json()["updated_at"]);
    // The colleague hears of what came after it.
    app.mailbox(&org, &[agent]).await;
    let (id, ..) = others.any().await;
    assert!(id.is_some());

    for builds_on in [json!(null), json!("2026-01-01T00:00:00Z")] {
        let body = json!({ "text": "Hello", "builds_on": builds_on });
        let refused = there.request(Method::PUT, path, &body).await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED, "{builds_on}");
    }
    let again = json!({ "text": "Dear", "builds_on": null });
    assert_eq!(here.request(Method::PUT, path, &again).await.status, StatusCode::OK);
    let known = here.get(path).await.json()["updated_at"].clone();
    let body = json!({ "text": "Dear Sam", "builds_on": known });
    assert_eq!(there.request(Method::PUT, path, &body).await.status, StatusCode::OK);
    let body = json!({ "text": "Whatever is there" });
    assert_eq!(here.request(Method::PUT, path, &body).await.status, StatusCode::OK);
}

async fn whoever_is_too_far_behind_starts_over(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.mailbox(&org, &[org.owner]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let newest = owner.get("/api/v1/session").await.json()["last_event_id"].clone();
    // A number that the log never had: the database was restored.
    let mut stream = Stream::open(&mut owner, Some("100000")).await;
    let (id, name, data) = stream.next().await;
    assert_eq!((name.as_str(), &data["kind"]), ("reset", &json!("reset")));
    assert_eq!(json!(id), newest);
}

/// A desk of two mailboxes, of which the agent has the first.
struct Two {
    app: TestApp,
    owner: Browser,
    /// What the agent is told.
    told: Stream,
}

impl Two {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent = app.user(&org, Role::Agent).await;
        let seen = app.mailbox(&org, &[org.owner, agent]).await;
        let link = crate::support::app::maildir_link("billing@bakery.example");
        let hidden =
            mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
        for (channel, who) in [(hidden, "ann"), (seen, "ben")] {
            let raw = format!(
                "From: {who}@example.net\r\nTo: x@bakery.example\r\nSubject: Bread\r\n\
                 Message-ID: <{who}@example.net>\r\n\r\nWhere is it?\r\n"
            );
            app.deliver(&org, channel, 1, &raw).await;
        }
        let owner = app.signed_in("owner@bakery.example").await;
        let mut worker = app.signed_in("agent@bakery.example").await;
        let session = worker.get("/api/v1/session").await.json();
        let last = session["last_event_id"].to_string();
        let told = Stream::open(&mut worker, Some(&last)).await;
        Self { app, owner, told }
    }

    async fn made(&mut self, path: &str, body: serde_json::Value) -> serde_json::Value {
        let made = self.owner.post(path, &body).await;
        assert!(made.status.is_success(), "{path}: {made:?}");
        made.json()["id"].clone()
    }

    /// The contact of a ticket gets a name.
    async fn name_customer(&mut self, ticket: i64) -> serde_json::Value {
        let found = self.owner.get(&format!("/api/v1/tickets/{ticket}")).await.json();
        let id = found["contact"]["id"].clone();
        let path = format!("/api/v1/contacts/{}", id.as_str().unwrap());
        let body = json!({ "name": "Somebody", "facts": [] });
        let named = self.owner.request(Method::PUT, &path, &body).await;
        assert_eq!(named.status, StatusCode::OK, "{named:?}");
        id
    }

    /// The next that the agent is told is this and nothing else.
    async fn hears(&mut self, name: &str, id: &serde_json::Value) {
        let (_, told, data) = self.told.next().await;
        assert_eq!((told.as_str(), &data["id"]), (name, id));
    }
}

/// What belongs to no mailbox is told to those who see it where it is listed, by its id alone.
async fn what_is_edited_is_told_to_those_who_see_it(on: On) {
    let mut two = Two::new(on).await;
    let id = two.made("/api/v1/tags", json!({ "name": "VIP", "color": "red" })).await;
    two.hears("tag", &id).await;
    let path = format!("/api/v1/tags/{}", id.as_str().unwrap());
    two.owner.edit(Method::PATCH, &path, &json!({ "name": "Regular" })).await;
    two.hears("tag", &id).await;
    let id = two.made("/api/v1/teams", json!({ "name": "Night", "member_ids": [] })).await;
    two.hears("team", &id).await;

    // One's own is nobody else's, until it is shared.
    let view = json!({ "name": "Mine", "filter": {} });
    let own = two.made("/api/v1/views", view).await;
    let shared = json!({ "name": "Ours", "filter": {}, "shared": true });
    let id = two.made("/api/v1/views", shared).await;
    two.hears("view", &id).await;
    let path = format!("/api/v1/views/{}", own.as_str().unwrap());
    let change = json!({ "name": "Mine", "filter": {}, "shared": true });
    two.owner.edit(Method::PUT, &path, &change).await;
    two.hears("view", &own).await;

    let reply = |scope: &str| json!({ "scope": scope, "name": scope, "text": "Dear customer," });
    two.made("/api/v1/saved-replies", reply("personal")).await;
    let id = two.made("/api/v1/saved-replies", reply("organization")).await;
    two.hears("saved_reply", &id).await;

    two.name_customer(1).await;
    let id = two.name_customer(2).await;
    two.hears("contact", &id).await;

    let about = two.owner.get("/api/v1/session").await.json()["organization"]["id"].clone();
    two.owner.edit(Method::PATCH, "/api/v1/organization", &json!({ "name": "Baker" })).await;
    two.hears("organization", &about).await;
}

/// A ticket that is gone is told of by its number to those who had it before them.
async fn what_is_gone_is_told_to_those_who_saw_it(on: On) {
    let mut two = Two::new(on).await;
    let numbers = json!({ "numbers": [1, 2], "delete": true });
    let ordered = two.owner.post("/api/v1/tickets/bulk", &numbers).await;
    assert_eq!(ordered.json()["done"], json!([1, 2]), "{ordered:?}");
    two.app.home.advance(TimeDelta::minutes(10));
    due::run(&two.app.services).await.unwrap();
    // That it was put into the trash is said of nothing any more.
    let (_, name, data) = two.told.next().await;
    assert_eq!((name.as_str(), &data["number"]), ("ticket", &json!(2)));
    assert_eq!(data["kind"], "ticket_removed");
}

on_both! {
    a_stream_goes_on_after_the_session,
    what_happens_is_told_to_those_who_may_know,
    a_saved_letter_is_told_to_who_writes_it,
    whoever_is_too_far_behind_starts_over,
    what_is_edited_is_told_to_those_who_see_it,
    what_is_gone_is_told_to_those_who_saw_it,
}
