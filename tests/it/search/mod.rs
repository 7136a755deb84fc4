//! Search, as somebody who searches sees it, and what lies on disk of it.

mod bounds;
mod instances;
mod life;
mod people;
mod quality;
mod quality_corpus;
mod rights;
mod secrecy;

use axum::http::StatusCode;
use loket::domain::ids::{ChannelId, MembershipId};
use loket::service::search::feed::Feeder;
use serde_json::{Value, json};

use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::On;

pub(crate) const SEARCH: &str = "/api/v1/search";

/// A shop with two mailboxes; the owner belongs to both.
struct Shop {
    app: TestApp,
    org: Org,
    channel: ChannelId,
    other: ChannelId,
    uid: i64,
}

impl Shop {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let channel = app.mailbox(&org, &[org.owner]).await;
        let other = Self::second(&app, &org, &[org.owner]).await;
        Self { app, org, channel, other, uid: 0 }
    }

    async fn second(app: &TestApp, org: &Org, members: &[MembershipId]) -> ChannelId {
        Self::another(app, org, members, "Orders").await
    }

    async fn another(app: &TestApp, org: &Org, members: &[MembershipId], name: &str) -> ChannelId {
        let address = format!("{}@bakery.example", name.to_lowercase());
        let mut link = crate::support::app::maildir_link(&address);
        name.clone_into(&mut link.display_name);
        loket::service::mailboxes::create_for(&app.services, org.id, members, link).await.unwrap()
    }

    /// A customer's mail arrives.
    async fn mail(&mut self, channel: ChannelId, from: &str, subject: &str, text: &str) {
        self.uid += 1;
        let uid = self.uid;
        let raw = format!(
            "From: {from}\r\nTo: support@bakery.example\r\nSubject: {subject}\r\n\
             Message-ID: <m{uid}@example.net>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        );
        self.app.deliver(&self.org, channel, uid, &raw).await;
    }

    /// A day's mail: three tickets in one mailbox, one in the other.
    async fn day(&mut self) {
        let (first, second) = (self.channel, self.other);
        let anna = "Anna Visser <anna@visser.example>";
        self.mail(first, anna, "Broken bicycle", "The lighthouse lamp is broken.").await;
        self.mail(first, "bo@example.net", "Invoice", "Please send order 2026-004711 again.").await;
        self.mail(
            first,
            "Çağla <c@example.net>",
            "Vraag",
            "Waar blijft mijn bakfiets? Ik wacht op mijn fietsverzekering.",
        )
        .await;
        self.mail(second, "dirk@example.net", "Lighthouse", "A new lighthouse, please.").await;
    }

    fn feeder(&self) -> Feeder {
        Feeder::begin(&self.app.services).expect("the folder is free")
    }
}

/// Feeds until there is nothing to do.
pub(crate) async fn settle(feeder: &mut Feeder) {
    loop {
        let more = feeder.step().await.unwrap();
        if !more && feeder.is_complete() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn ask(browser: &mut Browser, query: &str) -> Value {
    let answer = browser.post(SEARCH, &json!({ "q": query })).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {answer:?}");
    answer.json()
}

/// The numbers of what was found.
fn numbers(found: &Value) -> Vec<i64> {
    let items = found["items"].as_array().unwrap();
    let mut numbers: Vec<i64> =
        items.iter().map(|item| item["ticket"]["number"].as_i64().unwrap()).collect();
    assert!(found["total"].as_u64().unwrap() >= numbers.len() as u64, "{found}");
    numbers.sort_unstable();
    numbers
}

/// What was looked for, joined.
fn marked(pieces: &Value) -> Vec<&str> {
    let pieces = pieces.as_array().unwrap().iter();
    pieces
        .filter(|piece| piece["hit"] == true)
        .map(|piece| piece["text"].as_str().unwrap())
        .collect()
}
