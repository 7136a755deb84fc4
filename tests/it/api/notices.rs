//! What members are told of tickets, and what they set for themselves.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::{ChannelId, MembershipId};
use loket::domain::words::Role;
use loket::jobs::system_mail::SystemMail;
use loket::mail::{Limits, parse};
use loket::queue::{Worker, WorkerOptions};
use loket::service::outgoing::Outgoing;
use loket::service::prune;
use serde_json::{Value, json};

use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::{On, on_both};
use crate::support::desk::FakeServer;

on_both!(
    a_mention_is_told_to_whom_it_names_and_to_nobody_else,
    a_ticket_that_is_given_to_somebody_is_told_to_them,
    an_answer_of_the_customer_is_told_to_who_works_on_the_ticket,
    an_answer_of_the_customer_is_told_to_who_follows_the_ticket,
    who_left_the_mailbox_has_nothing_unread,
    what_is_switched_off_is_not_told,
    the_bell_is_silent_where_it_is_switched_off,
    a_note_names_only_who_can_read_it,
    a_team_that_is_named_is_told_each_of_it_once,
    notices_end_with_their_time_and_their_ticket,
    an_answer_carries_both_signatures_unless_they_are_taken_out,
);

const QUESTION: &str = "From: Customer <customer@example.net>\r\n\
To: Support <support@bakery.example>\r\nSubject: Bread\r\nMessage-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\r\nWhere is my bread?\r\n";

const AGAIN: &str = "From: Customer <customer@example.net>\r\n\
To: Support <support@bakery.example>\r\nSubject: Re: Bread\r\nMessage-ID: <two@example.net>\r\n\
In-Reply-To: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:30:00 +0000\r\n\r\nStill waiting.\r\n";

struct Bakery {
    app: TestApp,
    org: Org,
    mailbox: ChannelId,
    agent_id: MembershipId,
    owner: Browser,
    agent: Browser,
}

impl Bakery {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent_id = app.user(&org, Role::Agent).await;
        let mailbox = app.mailbox(&org, &[org.owner, agent_id]).await;
        app.deliver(&org, mailbox, 1, QUESTION).await;
        let owner = app.signed_in("owner@bakery.example").await;
        let agent = app.signed_in("agent@bakery.example").await;
        Self { app, org, mailbox, agent_id, owner, agent }
    }

    async fn note(&mut self, mentions: &[MembershipId]) -> StatusCode {
        let ids: Vec<_> = mentions.iter().map(|id| id.0).collect();
        let body = json!({ "text": "@Agent, look at this", "mentions": ids });
        self.owner.post("/api/v1/tickets/1/notes", &body).await.status
    }

    async fn assign(&mut self, to: MembershipId) {
        let ticket = self.owner.get("/api/v1/tickets/1").await.json();
        let version = ticket["version"].as_i64().unwrap();
        let services = &self.app.services;
        let actor = loket::service::sign_in::find_actor(
            services,
            self.account(self.org.owner).await,
            self.org.id,
            self.org.owner,
        );
        let actor = actor.await.unwrap().unwrap();
        let patch =
            loket::service::acts::change::Patch { assignee: Some(Some(to)), ..Default::default() };
        let version = i32::try_from(version).unwrap();
        loket::service::acts::change::update(services, &actor, 1, version, patch).await.unwrap();
        self.app.home.advance(TimeDelta::seconds(1));
    }

    async fn account(&self, member: MembershipId) -> loket::domain::ids::AccountId {
        let store = self.app.services.store();
        let found = loket::store::memberships::find(store, self.org.id, member).await;
        found.unwrap().unwrap().account_id
    }

    /// The mails that Loket has sent meanwhile: to whom, subject and text.
    async fn mails(&self) -> Vec<(String, String, String)> {
        let server: Arc<dyn Outgoing> = Arc::new(FakeServer::default());
        let handler = SystemMail::new(self.app.services.clone(), server);
        let store = self.app.services.store().clone();
        Worker::new(store, vec![Arc::new(handler)], WorkerOptions::default())
            .drain()
            .await
            .unwrap();
        let sent = std::mem::take(&mut *self.app.post.sent.lock().unwrap());
        let read = |(envelope, raw): (loket::service::outgoing::Envelope, Vec<u8>)| {
            let mail = parse(&raw, &Limits::default()).unwrap();
            (envelope.recipients.concat(), mail.subject, mail.text)
        };
        sent.into_iter().map(read).collect()
    }
}

async fn told(browser: &mut Browser) -> Value {
    let page = browser.get("/api/v1/notices").await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    page.json()
}

async fn a_mention_is_told_to_whom_it_names_and_to_nobody_else(on: On) {
    let mut bakery = Bakery::new(on).await;
    let (owner, agent) = (bakery.org.owner, bakery.agent_id);
    assert_eq!(bakery.note(&[agent, owner, agent]).await, StatusCode::CREATED);
    let page = told(&mut bakery.agent).await;
    assert_eq!(page["unread"], 1);
    let notice = &page["items"][0];
    assert_eq!((&notice["kind"], &notice["number"]), (&json!("mention"), &json!(1)));
    assert_eq!(notice["by"]["id"], json!(owner.0));
    assert_eq!(notice["read"], false);
    assert_eq!(told(&mut bakery.owner).await["unread"], 0, "never of one's own acts");
    let mails = bakery.mails().await;
    let [(to, subject, text)] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((to.as_str(), subject.as_str()), ("agent@bakery.example", "Loket: ticket 1"));
    assert!(text.contains("/tickets/1\n"), "{text}");
    assert!(!text.to_lowercase().contains("bread") && !text.contains("look at this"), "{text}");
    // The list of tickets that name somebody is theirs alone.
    let list = |browser: &mut Browser| {
        let mut browser = browser.clone();
        async move { browser.get("/api/v1/tickets?mentioned=me").await.json()["items"].clone() }
    };
    assert_eq!(list(&mut bakery.agent).await[0]["number"], 1);
    assert_eq!(list(&mut bakery.owner).await, json!([]));
    // Opening the ticket reads what was told of it.
    let read = bakery.agent.post("/api/v1/tickets/1/read", &json!({})).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    let page = told(&mut bakery.agent).await;
    assert_eq!((&page["unread"], &page["items"][0]["read"]), (&json!(0), &json!(true)));
}

async fn a_ticket_that_is_given_to_somebody_is_told_to_them(on: On) {
    let mut bakery = Bakery::new(on).await;
    let (owner, agent) = (bakery.org.owner, bakery.agent_id);
    bakery.assign(owner).await;
    assert_eq!(told(&mut bakery.owner).await["unread"], 0);
    bakery.assign(agent).await;
    let page = told(&mut bakery.agent).await;
    assert_eq!(page["items"][0]["kind"], "assigned");
    // Read before the mail leaves, there is nothing left to write.
    let ids = json!({ "ids": [page["items"][0]["id"]] });
    let read = bakery.agent.post("/api/v1/notices/read", &ids).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    assert!(bakery.mails().await.is_empty());
    bakery.assign(owner).await;
    bakery.assign(agent).await;
    assert_eq!(bakery.mails().await.len(), 1);
    let read = bakery.agent.post("/api/v1/notices/read", &json!({})).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&mut bakery.agent).await["unread"], 0);
}

async fn an_answer_of_the_customer_is_told_to_who_works_on_the_ticket(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    bakery.assign(agent).await;
    bakery.mails().await;
    bakery.app.deliver(&bakery.org, bakery.mailbox, 2, AGAIN).await;
    let page = told(&mut bakery.agent).await;
    assert_eq!(page["items"][0]["kind"], "replied");
    assert_eq!(page["items"][0]["by"], Value::Null);
    assert_eq!(told(&mut bakery.owner).await["unread"], 0);
    assert!(bakery.mails().await.is_empty(), "no mail for each mail");
}

async fn an_answer_of_the_customer_is_told_to_who_follows_the_ticket(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    bakery.assign(agent).await;
    let path = "/api/v1/tickets/1/followers/me";
    for browser in [&mut bakery.owner, &mut bakery.agent] {
        let followed = browser.request(Method::PUT, path, &json!({})).await;
        assert!(followed.status.is_success(), "{followed:?}");
    }
    bakery.app.deliver(&bakery.org, bakery.mailbox, 2, AGAIN).await;
    assert_eq!(told(&mut bakery.owner).await["items"][0]["kind"], "replied");
    // Who both follows and works on it is told once.
    let page = told(&mut bakery.agent).await;
    let kinds: Vec<&str> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["replied", "assigned"]);
}

/// Who has left a mailbox is told of its tickets no more, and has no number that never goes away.
async fn who_left_the_mailbox_has_nothing_unread(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    bakery.assign(agent).await;
    assert_eq!(told(&mut bakery.agent).await["unread"], 1);
    let members = json!({ "membership_ids": [bakery.org.owner.0] });
    let path = format!("/api/v1/mailboxes/{}/members", bakery.mailbox);
    let saved = bakery.owner.edit(Method::PUT, &path, &members).await;
    assert!(saved.status.is_success(), "{saved:?}");
    let page = told(&mut bakery.agent).await;
    assert_eq!((&page["unread"], &page["items"]), (&json!(0), &json!([])));
}

async fn what_is_switched_off_is_not_told(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    let off = json!({ "switched_off": ["replied_app", "mention_mail", "mention_mail"] });
    let put = bakery.agent.request(Method::PUT, "/api/v1/profile/settings", &off).await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    assert_eq!(put.json()["switched_off"], json!(["mention_mail", "replied_app"]));
    bakery.assign(agent).await;
    bakery.note(&[agent]).await;
    bakery.app.deliver(&bakery.org, bakery.mailbox, 2, AGAIN).await;
    let page = told(&mut bakery.agent).await;
    let kinds: Vec<&Value> =
        page["items"].as_array().unwrap().iter().map(|notice| &notice["kind"]).collect();
    assert_eq!(kinds, ["mention", "assigned"]);
    let mails = bakery.mails().await;
    let [(_, _, text)] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(text.contains("assigned ticket 1 to you"), "{text}");
}

/// The mail has its own switch, and leads to a ticket that the bell says nothing of.
async fn the_bell_is_silent_where_it_is_switched_off(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    let switch = async |bakery: &mut Bakery, off: Value| {
        let body = json!({ "switched_off": off });
        let put = bakery.agent.request(Method::PUT, "/api/v1/profile/settings", &body).await;
        assert_eq!(put.status, StatusCode::OK, "{put:?}");
    };
    switch(&mut bakery, json!(["mention_app", "assigned_app", "assigned_mail"])).await;
    bakery.assign(agent).await;
    bakery.note(&[agent]).await;
    let page = told(&mut bakery.agent).await;
    assert_eq!((&page["unread"], &page["items"]), (&json!(0), &json!([])));
    let mails = bakery.mails().await;
    let [(_, _, text)] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(text.contains("mentions you in a note on ticket 1"), "{text}");
    switch(&mut bakery, json!([])).await;
    bakery.note(&[agent]).await;
    assert!(told(&mut bakery.agent).await["unread"].as_i64().unwrap() > 0);
}

async fn a_note_names_only_who_can_read_it(on: On) {
    let mut bakery = Bakery::new(on).await;
    let outside = bakery.app.user(&bakery.org, Role::Admin).await;
    assert_eq!(bakery.note(&[outside]).await, StatusCode::UNPROCESSABLE_ENTITY);
    let nobody = MembershipId(bakery.app.services.store().new_id());
    assert_eq!(bakery.note(&[nobody]).await, StatusCode::UNPROCESSABLE_ENTITY);
    let ticket = bakery.owner.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["messages"].as_array().unwrap().len(), 1, "and the note is not there");
}

async fn a_team_that_is_named_is_told_each_of_it_once(on: On) {
    let mut bakery = Bakery::new(on).await;
    let outside = bakery.app.user(&bakery.org, Role::Admin).await;
    let (owner, agent) = (bakery.org.owner, bakery.agent_id);
    let mut teams = Vec::new();
    for (name, members) in [("Bakers", vec![owner, agent, outside]), ("Night", vec![agent])] {
        let members: Vec<_> = members.iter().map(|id| id.0).collect();
        let body = json!({ "name": name, "member_ids": members });
        let made = bakery.owner.post("/api/v1/teams", &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        teams.push(made.json()["id"].clone());
    }
    let note = json!({ "text": "@Bakers @Night", "mentions": [agent.0], "teams": teams });
    let added = bakery.owner.post("/api/v1/tickets/1/notes", &note).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    // Once, by whatever name; never who wrote it, nor who cannot read the ticket.
    let page = told(&mut bakery.agent).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["items"][0]["kind"], "mention");
    assert_eq!(told(&mut bakery.owner).await["unread"], 0);
    let mails = bakery.mails().await;
    let to: Vec<&str> = mails.iter().map(|(to, _, _)| to.as_str()).collect();
    assert_eq!(to, ["agent@bakery.example"]);
    let named = bakery.agent.get("/api/v1/tickets?mentioned=me").await.json();
    assert_eq!(named["items"][0]["number"], 1);
    assert_eq!(bakery.agent.get("/api/v1/tickets/counts").await.json()["mentioned"], 1);
    assert_eq!(bakery.owner.get("/api/v1/tickets/counts").await.json()["mentioned"], 0);

    let unknown = bakery.app.services.store().new_id();
    let note = json!({ "text": "@Nobody", "teams": [unknown] });
    let refused = bakery.owner.post("/api/v1/tickets/1/notes", &note).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["field"], "teams");
}

async fn notices_end_with_their_time_and_their_ticket(on: On) {
    let mut bakery = Bakery::new(on).await;
    let agent = bakery.agent_id;
    bakery.note(&[agent]).await;
    bakery.app.home.advance(TimeDelta::days(89));
    prune::run(&bakery.app.services).await.unwrap();
    let mut browser = bakery.app.signed_in("agent@bakery.example").await;
    assert_eq!(told(&mut browser).await["items"].as_array().unwrap().len(), 1);
    bakery.app.home.advance(TimeDelta::days(2));
    prune::run(&bakery.app.services).await.unwrap();
    let mut browser = bakery.app.signed_in("agent@bakery.example").await;
    assert_eq!(told(&mut browser).await["items"], json!([]));
}

async fn an_answer_carries_both_signatures_unless_they_are_taken_out(on: On) {
    let mut bakery = Bakery::new(on).await;
    let settings = json!({ "signature": "Ada, baker\r\n" });
    let put = bakery.owner.request(Method::PUT, "/api/v1/profile/settings", &settings).await;
    assert_eq!(put.json()["signature"], "Ada, baker");
    let path = format!("/api/v1/mailboxes/{}", bakery.mailbox);
    let change = json!({ "signature": "The bakery" });
    let changed = bakery.owner.edit(Method::PATCH, &path, &change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    for (without, expected) in [(false, true), (true, false)] {
        let body = json!({
            "mode": "reply", "to": [], "text": "It is on its way.", "seen_version": 1_000,
            "without_signature": without,
        });
        let made = bakery.owner.post("/api/v1/tickets/1/replies", &body).await.json();
        let path = format!("/api/v1/messages/{}/original", made["id"].as_str().unwrap());
        let mail = parse(&bakery.owner.get(&path).await.body, &Limits::default()).unwrap();
        let signed = mail.text.contains("-- \nAda, baker\n\nThe bakery");
        assert_eq!(signed, expected, "{}", mail.text);
        assert_eq!(mail.text.contains("bakery\n"), expected);
    }
    let long = json!({ "signature": "x".repeat(10_001) });
    let refused = bakery.agent.request(Method::PUT, "/api/v1/profile/settings", &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
