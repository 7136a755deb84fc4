//! What agents do with tickets, and how it is undone.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::ChannelId;
use loket::domain::words::Role;
use loket::service::mailboxes;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, Org, PUBLIC_URL, TestApp, maildir_link};
use crate::support::db::{On, on_both};

mod bulk;
mod deletion;
mod marks;
mod merges;
mod moves;
mod snooze;

/// A bakery with a mailbox, and an agent at work.
struct Bakery {
    app: TestApp,
    org: Org,
    mailbox: ChannelId,
    owner: Browser,
    agent: Browser,
    uid: i64,
}

impl Bakery {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent = app.user(&org, Role::Agent).await;
        let mailbox = app.mailbox(&org, &[org.owner, agent]).await;
        let owner = app.signed_in("owner@bakery.example").await;
        let agent = app.signed_in("agent@bakery.example").await;
        Self { app, org, mailbox, owner, agent, uid: 0 }
    }

    /// A second mailbox, of the owner alone.
    async fn billing(&self) -> ChannelId {
        let link = maildir_link("billing@bakery.example");
        let members = [self.org.owner];
        mailboxes::create_for(&self.app.services, self.org.id, &members, link).await.unwrap()
    }

    /// A customer writes; `more` are header lines.
    async fn mail(&mut self, from: &str, id: &str, more: &str, text: &str) {
        self.uid += 1;
        // One after the other, also in the conversation.
        self.app.home.advance(TimeDelta::seconds(1));
        let raw = format!(
            "From: {from}\r\nTo: support@bakery.example\r\nSubject: Bread {id}\r\n\
             Message-ID: <{id}>\r\n{more}\r\n{text}\r\n"
        );
        self.app.deliver(&self.org, self.mailbox, self.uid, &raw).await;
    }

    async fn ticket(&mut self, number: i64) -> Value {
        let answer = self.agent.get(&format!("/api/v1/tickets/{number}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    /// The numbers in a list.
    async fn listed(&mut self, query: &str) -> Vec<i64> {
        let answer = self.agent.get(&format!("/api/v1/tickets?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let items = answer.json()["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["number"].as_i64().unwrap()).collect()
    }

    /// Does something with a ticket as it is now.
    async fn act(&mut self, method: Method, number: i64, path: &str, body: &Value) -> Answer {
        let version = self.ticket(number).await["version"].to_string();
        let tag = format!("\"{version}\"");
        let headers = [("origin", PUBLIC_URL), ("if-match", tag.as_str())];
        let path = format!("/api/v1/tickets/{number}{path}");
        self.agent.send(method, &path, &headers, Some(body)).await
    }

    async fn change(&mut self, number: i64, body: &Value) -> Value {
        let answer = self.act(Method::PATCH, number, "", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    async fn undo(&mut self, changed: &Value) -> Answer {
        let id = changed["act_id"].as_str().expect("something to undo");
        self.agent.post(&format!("/api/v1/acts/{id}/undo"), &json!({})).await
    }

    async fn undone(&mut self, changed: &Value) -> Value {
        let answer = self.undo(changed).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    /// What the ticket's lines say happened, oldest first.
    async fn lines(&mut self, number: i64) -> Vec<Value> {
        let messages = self.ticket(number).await["messages"].as_array().unwrap().clone();
        let events = messages.iter().filter(|message| message["kind"] == "event");
        events.map(|message| message["event"].clone()).collect()
    }
}

fn refused(answer: &Answer, status: StatusCode, kind: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.json()["type"], format!("/problems/{kind}"));
}

fn texts(ticket: &Value) -> Vec<String> {
    let messages = ticket["messages"].as_array().unwrap();
    let mails = messages.iter().filter(|message| message["kind"] != "event");
    mails.map(|message| message["text"].as_str().unwrap().trim().to_owned()).collect()
}
