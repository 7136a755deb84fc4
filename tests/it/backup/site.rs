//! A whole server in a home folder of its own, with a clock that is moved by hand: to be backed
//! up, lost and restored.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use loket::app::App;
use loket::app::restore::{self, Report, Request, RestoreError};
use loket::clock::FakeClock;
use loket::config::{Config, load_from};
use loket::ids::SystemIds;
use loket::service::Services;
use loket::service::tickets::TicketView;
use loket::store::{forget, keys};
use uuid::Uuid;

use crate::support::app::{Browser, over};
use crate::support::db::{On, TestDatabase, new_database};
use crate::support::search::Word;
use crate::support::tenant::Tenant;

/// A server's home and databases.
pub(crate) struct Site {
    pub(crate) on: On,
    pub(crate) clock: Arc<FakeClock>,
    variables: Vec<(String, String)>,
    folder: tempfile::TempDir,
    _databases: Vec<TestDatabase>,
}

/// A server that is open.
pub(crate) struct Open {
    pub(crate) app: App,
    /// Over the same store, with fake networks.
    pub(crate) services: Services,
}

impl Site {
    pub(crate) async fn new(on: On) -> Self {
        let mut databases = Vec::new();
        let mut variables = Vec::new();
        if on == On::Postgres {
            for (variable, cluster) in [
                ("LOKET_DATABASE__URL", "LOKET_TEST_DATABASE_URL"),
                ("LOKET_DATABASE__KEYRING_URL", "LOKET_TEST_KEYRING_URL"),
            ] {
                let made = new_database(cluster).await;
                variables.push((variable.to_owned(), made.url.clone()));
                databases.push(made);
            }
        }
        Self {
            on,
            clock: Arc::new(FakeClock::new("2026-03-02T09:00:00Z".parse().unwrap())),
            variables,
            folder: tempfile::tempdir().unwrap(),
            _databases: databases,
        }
    }

    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.variables.push((variable.to_owned(), value.to_owned()));
    }

    /// The databases' URLs, on `PostgreSQL`.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.variables
            .iter()
            .filter(|(name, _)| name.ends_with("URL"))
            .map(|(_, url)| url.clone())
            .collect()
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn config(&self) -> Config {
        load_from(self.folder.path(), &self.variables).unwrap().config
    }

    pub(crate) fn days(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days));
    }

    /// The same server on another disk, as it is now; on SQLite.
    pub(crate) fn copy(&self) -> Self {
        assert_eq!(self.on, On::Sqlite);
        let folder = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), folder.path());
        let (clock, variables) = (Arc::clone(&self.clock), self.variables.clone());
        Self { on: self.on, clock, variables, folder, _databases: Vec::new() }
    }

    pub(super) async fn try_open(&self) -> Result<Open, String> {
        let app = App::open(&self.config(), self.clock.clone(), Arc::new(SystemIds)).await;
        let app = app.map_err(|error| error.to_string())?;
        let services = over(app.services.store().clone(), app.services.blobs().clone());
        Ok(Open { app, services })
    }

    pub(crate) async fn open(&self) -> Open {
        self.try_open().await.unwrap()
    }

    pub(crate) async fn restore(&self, request: &Request) -> Result<Report, RestoreError> {
        restore::run(&self.config(), self.clock.clone(), Arc::new(SystemIds), request).await
    }
}

impl Open {
    /// Stops it.
    pub(crate) async fn close(self) {
        let store = self.app.services.store();
        store.close().await.unwrap();
        store.keyring().close().await.unwrap();
    }

    /// As a purge does.
    pub(super) async fn destroy(&self, keys: &[Uuid]) {
        let destroyed = forget::destroy_keys(self.app.services.store(), keys).await.unwrap();
        assert_eq!(destroyed, keys.len() as u64);
    }
}

/// What a mail says that is to be forgotten with its mailbox, its ticket, or alone; and what
/// stays.
pub(super) const CHANNEL: &str = "zeekanarie";
pub(super) const TICKET: &str = "bergkanarie";
pub(super) const MESSAGE: &str = "boskanarie";
pub(super) const KEPT: &str = "huismus";

/// Mailboxes of two organizations, and what their mails are sealed with.
pub(super) struct Mail {
    pub(super) kept: Tenant,
    pub(super) channel_key: Uuid,
    pub(super) ticket_keys: Vec<Uuid>,
    pub(super) message_key: Uuid,
}

impl Mail {
    /// Takes mails in: one of them so large that it goes to the object store.
    pub(super) async fn new(services: &Services) -> Self {
        let gone = Tenant::new(services, "gone", "hulp@gone.example").await;
        let kept = Tenant::new(services, "kept", "hulp@kept.example").await;
        gone.take(services, &[mail(CHANNEL, "", "", 0), mail(CHANNEL, "large", "", 150_000)]).await;
        let mails = [
            mail(TICKET, "", "", 120_000),
            mail(KEPT, "", "", 130_000),
            mail(MESSAGE, "", KEPT, 0),
        ];
        assert_eq!(kept.take(services, &mails).await.tickets, 2);
        let store = services.store();
        let channel = keys::of_channel(store, gone.target.organization_id, gone.channel).await;
        let views = kept.tickets(services).await;
        let of = |word: &str| -> &TicketView {
            views.iter().find(|view| view.summary.ticket.subject.contains(word)).unwrap()
        };
        let ticket = of(TICKET);
        let mut ticket_keys = vec![ticket.summary.ticket.key_id];
        ticket_keys.extend(ticket.messages.iter().map(|message| message.key_id));
        let with = of(KEPT).messages.iter().find(|one| one.text.contains(MESSAGE)).unwrap();
        let message_key = with.key_id;
        let channel_key = channel.unwrap().id();
        Self { kept, channel_key, ticket_keys, message_key }
    }

    pub(super) async fn forget(&self, open: &Open) {
        open.destroy(&[self.channel_key]).await;
        open.destroy(&self.ticket_keys).await;
        open.destroy(&[self.message_key]).await;
    }
}

/// A mail that says `word`, and bytes that do not pack.
fn mail(word: &str, id: &str, answers: &str, noise: usize) -> Vec<u8> {
    use base64::Engine as _;
    use loket::ids::{Ids as _, SeededIds};
    let mut bytes = vec![0; noise];
    SeededIds::new(7).fill(&mut bytes);
    let noise = base64::prelude::BASE64_STANDARD.encode(bytes);
    let lines: Vec<_> =
        noise.as_bytes().chunks(70).map(|line| String::from_utf8_lossy(line)).collect();
    let subject = if answers.is_empty() { word } else { answers };
    let refers = if answers.is_empty() {
        String::new()
    } else {
        format!("In-Reply-To: <{answers}@klant.example>\r\n")
    };
    format!(
        "From: <klant@klant.example>\r\nTo: <hulp@kept.example>\r\nSubject: Over {subject}\r\n\
         Message-ID: <{word}{id}@klant.example>\r\n{refers}\
         Date: Mon, 2 Mar 2026 08:30:00 +0000\r\nContent-Type: text/plain\r\n\r\n\
         Dit gaat over {word}.\r\n{}\r\n",
        lines.join("\r\n")
    )
    .into_bytes()
}

/// Everything that both owners can read through the API, as one text.
pub(super) async fn read_all(services: &Services) -> String {
    let mut all = String::new();
    for name in ["gone", "kept"] {
        let email = format!("owner@{name}.example");
        let mut browser = Browser::at(services, &email, &format!("{name} {name} {name}")).await;
        let mut paths =
            vec!["/api/v1/tickets?limit=100".to_owned(), "/api/v1/mailboxes".to_owned()];
        paths.extend((1..=4).map(|number| format!("/api/v1/tickets/{number}")));
        while let Some(path) = paths.pop() {
            let answer = browser.get(&path).await;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(!answer.status.is_server_error(), "{path}: {answer:?}");
            if path.starts_with("/api/v1/tickets/") && answer.status.is_success() {
                for message in answer.json()["messages"].as_array().unwrap() {
                    let id = message["id"].as_str().unwrap();
                    paths.push(format!("/api/v1/messages/{id}"));
                    paths.push(format!("/api/v1/messages/{id}/html"));
                    paths.push(format!("/api/v1/messages/{id}/original"));
                }
            }
            all.push_str(&text);
        }
    }
    all
}

/// Those of the words that can be read.
pub(super) async fn readable(services: &Services) -> Vec<&'static str> {
    let all = read_all(services).await;
    [CHANNEL, TICKET, MESSAGE, KEPT]
        .into_iter()
        .filter(|word| !Word::new(word).find(all.as_bytes()).is_empty())
        .collect()
}

fn copy_folder(from: &Path, to: &Path) {
    use std::fs::{create_dir, metadata, set_permissions};
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            create_dir(&to).unwrap();
            set_permissions(&to, metadata(&path).unwrap().permissions()).unwrap();
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// The files below a folder.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}
