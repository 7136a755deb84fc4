//! The other organization of the server: it is busy for a while, and closes.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use loket::service::Services;
use loket::service::purge::statement;
use loket::service::tickets::{self, ListQuery};
use loket::store::organizations;
use serde_json::json;
use uuid::Uuid;

use super::{UNDO, letters};
use crate::export::Zip;
use crate::support::app::{Browser, FakePost};
use crate::support::tenant::Tenant;

/// What every mail to it says, with letters of its own after it.
pub(super) const STEM: &str = "dwerguil";

/// What it is called wherever it names itself.
pub(super) const NAME: &str = "bakker";

/// A mail comes so many days after the one before.
const EVERY: i64 = 15;

/// When its owner asks to close it; the next day they follow the link in their mail.
const ASKED_ON: i64 = 480;

/// By this day nothing is left: the window has ended, and the owner has been mailed.
pub(super) const GONE_ON: i64 = ASKED_ON + 1 + UNDO.num_days() + 2;

const OWNER: &str = "owner@bakker.example";
const PATH: &str = "/api/v1/organization/closing";

pub(super) struct Other {
    tenant: Tenant,
    post: Arc<FakePost>,
    /// What its mails are sealed with.
    keys: Vec<Uuid>,
}

impl Other {
    pub(super) async fn new(services: &Services, post: Arc<FakePost>) -> Self {
        let tenant = Tenant::new(services, NAME, "hulp@bakker.example").await;
        Self { tenant, post, keys: Vec::new() }
    }

    /// What happens on a day, before its night.
    pub(super) async fn day(&mut self, services: &Services, day: i64, now: DateTime<Utc>) {
        match day {
            _ if day < ASKED_ON && day % EVERY == 0 => self.receive(services, now).await,
            ASKED_ON => self.ask(services).await,
            _ if day == ASKED_ON + 1 => self.confirm(services).await,
            _ => {}
        }
    }

    async fn receive(&mut self, services: &Services, now: DateTime<Utc>) {
        let word = format!("{STEM}{}", letters(self.keys.len()));
        let raw = format!(
            "From: <klant{}@klant.example>\r\nTo: <hulp@bakker.example>\r\n\
             Subject: Over {word}\r\nMessage-ID: <{word}@klant.example>\r\nDate: {}\r\n\r\n\
             Dit gaat over {word}.\r\n",
            // Customers of the first organization, some of them.
            self.keys.len() % 4,
            now.to_rfc2822()
        );
        assert_eq!(self.tenant.take(services, &[raw.into_bytes()]).await.tickets, 1);
        let views = self.tenant.tickets(services).await;
        let is_it = |view: &&tickets::TicketView| view.summary.ticket.subject.contains(&word);
        let view = views.iter().find(is_it).expect("a ticket about it");
        self.keys.push(view.messages[0].key_id);
    }

    async fn browser(services: &Services) -> Browser {
        Browser::at(services, OWNER, "bakker bakker bakker").await
    }

    async fn ask(&self, services: &Services) {
        let body = json!({ "name": "Winkel", "password": "bakker bakker bakker" });
        let asked = Self::browser(services).await.post(PATH, &body).await;
        assert_eq!(asked.status, StatusCode::OK, "{asked:?}");
    }

    /// The export is ready by now, and is downloaded.
    async fn confirm(&self, services: &Services) {
        let mut browser = Self::browser(services).await;
        let token = self.post.link(OWNER, "/settings/organization/close#").expect("a link");
        let answer =
            browser.post(&format!("{PATH}/confirmation"), &json!({ "token": token })).await;
        assert_eq!(answer.json()["closing"]["state"], "countdown", "{answer:?}");
        let exports = browser.get("/api/v1/organization/exports").await.json();
        let id = exports["items"][0]["id"].as_str().unwrap();
        let mut zip = Zip::of(&browser.get(&format!("/api/v1/exports/{id}/file")).await);
        assert_eq!(zip.json("data.json")["counts"]["tickets"], self.keys.len());
        assert!(!zip.with(STEM).is_empty());
        assert_eq!(zip.with(super::STEM), [""; 0], "nothing of the first organization");
    }

    /// Its keys live until its window ends, and not a day longer.
    pub(super) async fn keys_are_as_promised(&self, services: &Services, day: i64) {
        let living = services.store().keyring().get_many(&self.keys).await.unwrap().len();
        let ends = ASKED_ON + 1 + UNDO.num_days();
        let promised = if day < ends { self.keys.len() } else { 0 };
        assert_eq!(living, promised, "day {day}");
    }

    /// What its owner could read of it, were they let in.
    pub(super) async fn reads(&self, services: &Services) -> Vec<String> {
        let owner = &self.tenant.owner;
        let query = ListQuery { limit: Some(100), ..ListQuery::default() };
        let Ok(page) = tickets::list(services, owner, query).await else { return Vec::new() };
        let mut found = Vec::new();
        for item in page.items {
            let view = tickets::get(services, owner, item.ticket.number).await;
            found.extend(view.ok().map(|view| format!("{view:?}")).filter(|it| it.contains(STEM)));
        }
        found
    }

    /// The statement says what there was; nothing else is left.
    pub(super) async fn is_gone(&self, services: &Services) {
        let id = self.tenant.owner.organization_id;
        assert!(organizations::find(services.store(), id).await.unwrap().is_none());
        let mut nobody =
            Browser::at(services, "owner@winkel.example", "winkel winkel winkel").await;
        let link = self.post.link(OWNER, "/closed/").expect("a mail that says where it is");
        let found = nobody.get(&format!("/api/v1/closed/{link}")).await;
        assert_eq!(found.status, StatusCode::OK, "{found:?}");
        let keys = nobody.get("/.well-known/loket-statement-keys.json").await.json();
        let fingerprint = keys["keys"][0]["fingerprint"].as_str().unwrap();
        let text = found.json().to_string();
        let stated = statement::verify(&text, Some(fingerprint)).unwrap();
        let came = i64::try_from(self.keys.len()).unwrap();
        assert_eq!((stated.deleted.messages, stated.deleted.tickets), (came, came));
        assert!(stated.closed.is_some_and(|closed| closed.exported_at.is_some()));
        assert!(!text.contains(STEM) && !text.contains(NAME), "{text}");
        assert_eq!(self.reads(services).await, [""; 0]);
    }
}
