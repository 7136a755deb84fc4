//! What the server has is held against the ledger each day, and what was missed is fetched.

use chrono::TimeDelta;
use loket::domain::words::{ImportMode, Provider};
use loket::ingest::{Looked, Options, once};
use loket::service::mailboxes::{self, Import, Link, MailServer, MailboxSettings, Tls};
use loket::service::sync;
use loket::telemetry::name::MISSED;
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::{Value, json};

use super::mail;
use crate::support::app::{Browser, TestApp};
use crate::support::db::{On, on_both};
use crate::support::rig::{Account, Rig, Shape};

/// A mailbox of the rig, read by hand under a clock of the test's.
pub(super) struct Read {
    pub(super) rig: Rig,
    pub(super) app: TestApp,
    pub(super) account: Account,
    mailbox: sync::SyncMailbox,
    pub(super) browser: Browser,
    pub(super) options: Options,
}

impl Read {
    /// Three mails are there before the mailbox is linked.
    pub(super) async fn new(on: On, mode: ImportMode) -> Self {
        let (rig, app) = (Rig::new(), TestApp::new(on).await);
        let account = rig.account(Shape::Plain).await;
        for subject in ["Een", "Twee", "Drie"] {
            rig.deliver(&account, "INBOX", &mail(&account, subject));
        }
        let org = app.org("bakery").await;
        let server = |of: loket::net::Endpoint| {
            Some(MailServer { host: of.host, port: of.port, tls: Tls::Implicit })
        };
        let link = Link {
            provider: Provider::Imap,
            address: account.address.clone(),
            display_name: "Hulp".to_owned(),
            language: None,
            settings: MailboxSettings {
                imap: server(rig.imap(Shape::Plain)),
                smtp: server(rig.smtp()),
                ..MailboxSettings::default()
            },
            password: Some("test-pw".into()),
            import: Import { mode, since: None },
        };
        let channel =
            mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
        let mailbox = sync::find(&app.services, org.id, channel).await.unwrap().unwrap();
        let browser = app.signed_in("owner@bakery.example").await;
        let options = Options { idle: false, ..Options::default() };
        Self { rig, app, account, mailbox, browser, options }
    }

    pub(super) async fn read(&self) {
        let net = self.rig.net();
        let looked = once(&self.app.services, &net, &self.mailbox, self.options).await.unwrap();
        assert_eq!(looked, Looked::Here);
    }

    /// What the page shows of the INBOX, without the time.
    async fn inbox(&mut self) -> Value {
        let list = self.browser.get("/api/v1/mailboxes").await.json();
        let all = list["items"][0]["comparisons"].as_array().unwrap();
        let mut found = all.iter().find(|found| found["folder"] == "inbox").unwrap().clone();
        found.as_object_mut().unwrap().remove("at").unwrap();
        found
    }

    async fn database(&self, sql: &str) {
        let database = Database::connect(&self.app.home.data_url).await.unwrap();
        assert_ne!(database.execute_unprepared(sql).await.unwrap().rows_affected(), 0, "{sql}");
    }
}

fn found(on_server: u32, imported: u32, duplicates: u32, missed: u32) -> Value {
    let left_out = on_server - imported - duplicates;
    json!({
        "folder": "inbox", "on_server": on_server, "imported": imported,
        "duplicates": duplicates, "left_out": left_out, "missed": missed,
    })
}

async fn what_was_missed_is_fetched_within_a_day(on: On) {
    let mut read = Read::new(on, ImportMode::All).await;
    read.rig.deliver(&read.account, "INBOX", &mail(&read.account, "Drie"));
    read.read().await;
    assert_eq!(read.inbox().await, found(4, 3, 1, 0));

    // The cursor goes past a mail that was never read.
    read.database("UPDATE folder SET last_uid = 5 WHERE role = 'inbox'").await;
    read.rig.deliver(&read.account, "INBOX", &mail(&read.account, "Gemist"));
    // And a line is lost, of mail that is there.
    read.database("DELETE FROM ledger WHERE uid = 3").await;
    read.app.home.advance(TimeDelta::hours(23));
    read.read().await;
    assert_eq!(read.inbox().await, found(4, 3, 1, 0), "it is not time yet");
    read.app.home.advance(TimeDelta::hours(1));
    read.read().await;
    assert_eq!(read.inbox().await, found(5, 4, 1, 2));
    let tickets = read.browser.get("/api/v1/tickets").await.json();
    assert!(tickets.to_string().contains("Gemist"), "{tickets}");

    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let missed = recorder.handle();
    let guard = metrics::set_default_local_recorder(&recorder);
    loket::service::status::measure(&read.app.services).await.unwrap();
    drop(guard);
    let line = format!("{MISSED}{{mailbox=\"{}\"}} 2", read.mailbox.target.channel_id);
    assert!(missed.render().contains(&line), "{}", missed.render());

    read.app.home.advance(TimeDelta::days(1));
    read.read().await;
    assert_eq!(read.inbox().await, found(5, 4, 1, 0));
}

async fn mail_before_the_import_is_not_missed(on: On) {
    let mut read = Read::new(on, ImportMode::Now).await;
    // As if it had come in before the mailbox was linked, by the server's clock.
    read.mailbox.connected_at = chrono::Utc::now() + TimeDelta::days(1);
    read.read().await;
    assert_eq!(read.inbox().await, found(3, 0, 0, 0));
    // The import ended before it came to the first mail.
    read.database("DELETE FROM ledger WHERE uid = 1").await;
    read.app.home.advance(TimeDelta::days(1));
    read.read().await;
    assert_eq!(read.inbox().await, found(3, 0, 0, 0));
    // A hole above that is looked at, and is too old as well.
    read.database("DELETE FROM ledger WHERE uid = 3").await;
    read.app.home.advance(TimeDelta::days(1));
    read.read().await;
    assert_eq!(read.inbox().await, found(3, 0, 0, 0));
    let tickets = read.browser.get("/api/v1/tickets").await.json();
    assert_eq!(tickets["items"], json!([]));
}

on_both!(what_was_missed_is_fetched_within_a_day, mail_before_the_import_is_not_missed);
