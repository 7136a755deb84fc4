//! Two instances on one database: who is at a ticket behind the other one.

use axum::http::StatusCode;
use chrono::TimeDelta;
use loket::domain::ids::{MembershipId, TicketId};
use loket::domain::words::Role;
use loket::service::{Services, mailboxes, prune};
use loket::store::{Scope, removal, tickets};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::{Value, json};

use super::events::Stream;
use crate::support::app::{Browser, Org, PASSWORD, TestApp, maildir_link};
use crate::support::db::{On, on_both};

on_both!(only_a_database_of_several_is_written_to);

fn mail(number: i64) -> String {
    format!(
        "From: Customer <customer@example.net>\r\nTo: Support <support@bakery.example>\r\n\
        Subject: Bread\r\nMessage-ID: <{number}@example.net>\r\n\
        Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\nWhere is my bread?\r\n"
    )
}

/// Two people and two tickets: the owner reads both, the agent the second one only.
struct Shop {
    app: TestApp,
    org: Org,
    agent: MembershipId,
    other: Services,
}

impl Shop {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent = app.user(&org, Role::Agent).await;
        let first = app.mailbox(&org, &[org.owner]).await;
        let link = maildir_link("shop@bakery.example");
        let members = [org.owner, agent];
        let second = mailboxes::create_for(&app.services, org.id, &members, link).await;
        for (uid, channel) in [(1, first), (2, second.unwrap())] {
            app.deliver(&org, channel, uid, &mail(uid)).await;
        }
        let (other, ..) = app.beside("other").await;
        Self { app, org, agent, other }
    }

    async fn here(&self, role: &str) -> Browser {
        self.app.signed_in(&format!("{role}@bakery.example")).await
    }

    async fn there(&self, role: &str) -> Browser {
        Browser::at(&self.other, &format!("{role}@bakery.example"), PASSWORD).await
    }

    async fn ticket(&self, number: i64) -> TicketId {
        let scope = Scope::whole(self.org.id);
        let found = tickets::find_by_number(self.app.services.store(), &scope, number).await;
        found.unwrap().unwrap().id
    }

    async fn rows(&self) -> i64 {
        let data = Database::connect(&self.app.home.data_url).await.unwrap();
        let count = "SELECT count(*) AS n FROM presence".to_owned();
        let count = Statement::from_string(data.get_database_backend(), count);
        let count = data.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap();
        data.close().await.unwrap();
        count
    }
}

/// Says what one does with a ticket; who else is there.
async fn tell(browser: &mut Browser, ticket: i64, state: &str) -> Value {
    let path = format!("/api/v1/tickets/{ticket}/presence");
    let answer = browser.post(&path, &json!({ "state": state })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["people"].clone()
}

/// Who is seen where, and what they do.
async fn everywhere(browser: &mut Browser) -> Vec<(i64, String, String)> {
    let found = browser.get("/api/v1/presence").await.json()["items"].clone();
    let rooms = found.as_array().unwrap().iter();
    let people = rooms.flat_map(|room| {
        let people = room["people"].as_array().unwrap().iter();
        people.map(|person| {
            let word = |name: &str| person[name].as_str().unwrap().to_owned();
            (room["number"].as_i64().unwrap(), word("id"), word("state"))
        })
    });
    people.collect()
}

/// The next that the stream tells of who is at a ticket.
async fn heard(stream: &mut Stream) -> (i64, Vec<(String, String)>) {
    loop {
        let (_, name, data) = stream.any().await;
        if name != "presence" {
            continue;
        }
        let people = data["people"].as_array().unwrap().iter().map(|person| {
            let word = |name: &str| person[name].as_str().unwrap().to_owned();
            (word("id"), word("state"))
        });
        return (data["number"].as_i64().unwrap(), people.collect());
    }
}

/// One comes, writes and leaves; the other asks at another instance.
#[tokio::test]
async fn who_is_there_is_seen_through_another_instance() {
    let shop = Shop::new(On::Postgres).await;
    let (mut owner, mut agent) = (shop.here("owner").await, shop.there("agent").await);
    let (owner_id, agent_id) = (shop.org.owner.0.to_string(), shop.agent.0.to_string());
    let at = |id: &str, state: &str| vec![(2, id.to_owned(), state.to_owned())];
    assert_eq!(tell(&mut owner, 2, "viewing").await, json!([]));
    assert_eq!(everywhere(&mut agent).await, at(&owner_id, "viewing"));
    let seen = tell(&mut agent, 2, "replying").await;
    assert_eq!((&seen[0]["id"], &seen[0]["state"]), (&json!(owner_id), &json!("viewing")));
    assert_eq!(seen.as_array().unwrap().len(), 1, "oneself is nobody else");
    let seen = tell(&mut owner, 2, "replying").await;
    assert_eq!((&seen[0]["id"], &seen[0]["state"]), (&json!(agent_id), &json!("replying")));
    assert_eq!(everywhere(&mut agent).await, at(&owner_id, "replying"));
    tell(&mut owner, 2, "away").await;
    assert_eq!(everywhere(&mut agent).await, []);
    // Whom another instance answers the next time.
    let mut elsewhere = shop.there("owner").await;
    tell(&mut elsewhere, 2, "viewing").await;
    assert_eq!(everywhere(&mut agent).await, at(&owner_id, "viewing"));
    assert_eq!(everywhere(&mut owner).await, at(&agent_id, "replying"));

    shop.app.home.advance(TimeDelta::seconds(30));
    tell(&mut owner, 2, "viewing").await;
    shop.app.home.advance(TimeDelta::seconds(30));
    assert_eq!(everywhere(&mut agent).await, at(&owner_id, "viewing"), "a beat prolongs");
    assert_eq!(everywhere(&mut owner).await, [], "silence is absence");
    shop.app.home.advance(TimeDelta::seconds(30));
    assert_eq!(everywhere(&mut agent).await, []);
}

/// The owner's stream at the other instance tells of both tickets, the agent's of theirs only.
#[tokio::test]
async fn a_stream_tells_what_another_instance_was_told() {
    let shop = Shop::new(On::Postgres).await;
    let admin = shop.app.user(&shop.org, Role::Admin).await;
    let mut owner = shop.here("owner").await;
    let mut wide = Stream::open(&mut shop.there("owner").await, None).await;
    let mut narrow = Stream::open(&mut shop.there("agent").await, None).await;
    // Reads no mailbox at all, and hears nothing of it at either instance.
    let mut outsider = shop.there("admin").await;
    let mut deaf = Stream::open(&mut outsider, None).await;
    tell(&mut owner, 1, "viewing").await;
    assert_eq!(heard(&mut wide).await, (1, vec![]), "one's own page hears that one came");
    tell(&mut owner, 2, "viewing").await;
    let came = |state: &str| (2, vec![(shop.org.owner.0.to_string(), state.to_owned())]);
    assert_eq!(heard(&mut narrow).await, came("viewing"));
    tell(&mut owner, 2, "replying").await;
    assert_eq!(heard(&mut narrow).await, came("replying"));
    // A beat that changes nothing is told too: it says until when it holds.
    shop.app.home.advance(TimeDelta::seconds(20));
    tell(&mut owner, 2, "replying").await;
    assert_eq!(heard(&mut narrow).await, came("replying"));
    tell(&mut owner, 2, "away").await;
    assert_eq!(heard(&mut narrow).await, came("away"));

    assert_eq!(everywhere(&mut outsider).await, []);
    let refused = outsider.post("/api/v1/tickets/2/presence", &json!({})).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    // What the outsider hears first is what they may hear.
    let members = [shop.org.owner, admin];
    let link = maildir_link("third@bakery.example");
    let (services, org) = (&shop.app.services, &shop.org);
    let third = mailboxes::create_for(services, org.id, &members, link).await;
    let third = third.unwrap();
    shop.app.deliver(org, third, 3, &mail(3)).await;
    tell(&mut owner, 3, "viewing").await;
    let expected = (3, vec![(shop.org.owner.0.to_string(), "viewing".to_owned())]);
    assert_eq!(heard(&mut deaf).await, expected);
}

/// One instance on files of its own writes nothing down; several write a row for each that is at a
/// ticket. It goes with its ticket, when they come to another one after it is over, and at the hour.
async fn only_a_database_of_several_is_written_to(on: On) {
    let shop = Shop::new(on).await;
    let mut owner = shop.here("owner").await;
    let rows = async |expected: i64, why: &str| {
        let expected = if on == On::Postgres { expected } else { 0 };
        assert_eq!(shop.rows().await, expected, "{why}");
    };
    tell(&mut owner, 1, "viewing").await;
    tell(&mut owner, 1, "replying").await;
    rows(1, "one for each ticket and person").await;
    shop.app.home.advance(TimeDelta::seconds(51));
    rows(1, "nobody has come since").await;
    tell(&mut owner, 2, "viewing").await;
    rows(1, "where they were is gone").await;
    tell(&mut shop.here("agent").await, 2, "viewing").await;
    rows(2, "").await;
    let ticket = shop.ticket(2).await;
    let messages = removal::messages_of(shop.app.services.store(), shop.org.id, &[ticket], 9).await;
    let messages: Vec<_> = messages.unwrap().into_iter().map(|(id, ..)| id).collect();
    let tx = shop.app.services.store().begin().await.unwrap();
    removal::messages(&tx, shop.org.id, &messages).await.unwrap();
    removal::tickets(&tx, shop.org.id, &[ticket]).await.unwrap();
    tx.commit().await.unwrap();
    rows(0, "gone with their ticket").await;
    tell(&mut owner, 1, "viewing").await;
    shop.app.home.advance(TimeDelta::seconds(51));
    rows(1, "").await;
    prune::run(&shop.app.services).await.unwrap();
    rows(0, "swept").await;
}
