//! The only importer of `entity`: seals on the way in, opens on the way out.
//!
//! - [`db`] opens `SQLite` (one writer, several readers) or `PostgreSQL`.
//! - [`Store`] holds the data database, the audit database and the keyring; [`Tx`] is a
//!   transaction with the events that it causes.
//! - [`pairing`]: data and keyring of the same server, or nothing is opened.
//! - [`scope`]: every query is limited to an organization and the channels of its actor.
//! - [`columns`]: each column's number and class; a sealed value is bound to it.
//! - One file per aggregate. A function takes `&Tx` when it takes part in a transaction and
//!   `&Store` when it only reads or is a single statement.
//!
//! To add a table: a migration, an entity, its rows in `columns`, a file here.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, SubsecRound as _, Utc};
use entity::UnixMillis;
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::backup;
use crate::clock::Clock;
use crate::crypto::Keyring;
use crate::domain::ids::OrganizationId;
use crate::ids::Ids;

pub mod accounts;
pub mod acknowledgements;
pub mod acts;
pub mod anonymized;
pub mod audit;
pub mod channels;
pub mod closing_rows;
pub mod closings;
pub mod columns;
pub mod contacts;
pub mod data_requests;
pub mod db;
pub mod drafts;
pub mod erased;
pub mod erasure_rows;
pub mod erasures;
pub mod error;
pub mod events;
pub mod folders;
pub mod forget;
pub mod forgotten;
pub mod holds;
pub mod idempotency;
pub mod incidents;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod letters;
pub mod mailboxes;
pub mod member_settings;
pub mod memberships;
pub mod messages;
pub mod names;
pub mod notices;
pub mod organizations;
pub mod outbox;
mod packed;
pub mod pairing;
pub mod parcels;
pub mod people;
pub mod person_marks;
pub mod photos;
pub mod policies;
pub mod preferences;
pub mod presence;
pub mod provider_clients;
pub mod prune;
pub mod purge_rows;
pub mod purges;
pub mod raw;
pub mod reader;
pub mod reconcile;
pub mod register;
pub mod removal;
pub mod resealing;
pub mod restored;
pub mod retention;
pub mod rotations;
pub mod saved_replies;
pub mod saved_views;
pub mod scope;
pub mod search_indexes;
pub mod searching;
pub mod sessions;
pub mod settings;
pub mod status;
pub mod tags;
pub mod teams;
pub mod tickets;
mod tx;
pub mod uploads;
pub mod versions;

pub use db::{Db, Location};
pub use error::{Result, StoreError};
pub use scope::Scope;
pub use tx::Tx;

/// Signals that a browser may lag behind before it is told to start over.
const SIGNAL_BUFFER: usize = 1_024;

/// An organization's event log has grown up to `number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSignal {
    /// Whose log.
    pub organization_id: OrganizationId,
    /// The newest number.
    pub number: i64,
}

/// The databases, the keyring, time and ids. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    audit: Db,
    keyring: Keyring,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    signals: broadcast::Sender<EventSignal>,
    work: Notify,
    audit_queue: audit::Queue,
    backups: OnceLock<backup::Settings>,
}

impl Store {
    /// A store over open databases. `audit` is a database of its own on `SQLite` and the data
    /// database on `PostgreSQL`.
    #[must_use]
    pub fn new(
        db: Db,
        audit: Db,
        keyring: Keyring,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let (signals, _) = broadcast::channel(SIGNAL_BUFFER);
        let work = Notify::new();
        let audit_queue = audit::Queue::default();
        let backups = OnceLock::new();
        let inner = Inner { db, audit, keyring, clock, ids, signals, work, audit_queue, backups };
        Self { inner: Arc::new(inner) }
    }

    /// Brings both schemas up to date, unless database and keyring belong to different servers.
    pub async fn migrate(&self) -> Result<()> {
        use migration::MigratorTrait;
        pairing::check(self).await?;
        migration::Migrator::up(self.db().write(), None).await?;
        migration::AuditMigrator::up(self.audit_db().write(), None).await?;
        pairing::establish(self).await
    }

    /// How many migrations of both schemas have not run.
    pub async fn pending_migrations(&self) -> Result<usize> {
        use migration::MigratorTrait;
        let data = migration::Migrator::get_pending_migrations(self.db().write()).await?;
        let audit = migration::AuditMigrator::get_pending_migrations(self.audit_db().write());
        Ok(data.len() + audit.await?.len())
    }

    /// The first damage that a quick look at both databases finds.
    pub async fn check_integrity(&self) -> Result<Option<String>> {
        for db in [self.db(), self.audit_db()] {
            if let Some(finding) = db.quick_check().await? {
                return Ok(Some(finding));
            }
        }
        Ok(None)
    }

    /// What the clock of the database's machine says; nothing when that is this machine.
    pub async fn database_clock(&self) -> Result<Option<DateTime<Utc>>> {
        self.db().clock().await
    }

    /// Closes both databases. Nothing works with them afterwards.
    pub async fn close(&self) -> Result<()> {
        self.db().close().await?;
        if self.audit_db().backend() == sea_orm::DbBackend::Sqlite {
            self.audit_db().close().await?;
        }
        Ok(())
    }

    /// The keyring.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// Says where backups are. From then on the forget-list is written there too. Once.
    pub fn set_backups(&self, settings: backup::Settings) {
        // A second time changes nothing.
        let _ = self.inner.backups.set(settings);
    }

    /// Where backups are, if that was said.
    #[must_use]
    pub fn backups(&self) -> Option<&backup::Settings> {
        self.inner.backups.get()
    }

    /// The present moment, as exactly as the databases keep it: what is told of a row that was just
    /// written is what is read of it later.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now().trunc_subsecs(3)
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.inner.ids.uuid(self.now())
    }

    /// The source of ids.
    #[must_use]
    pub fn ids(&self) -> &Arc<dyn Ids> {
        &self.inner.ids
    }

    /// Told whenever an event log of this instance has grown.
    #[must_use]
    pub fn signals(&self) -> broadcast::Receiver<EventSignal> {
        self.inner.signals.subscribe()
    }

    /// Returns once a job has been added by this process; at once, if one was since the last
    /// time. For one worker.
    pub async fn work_added(&self) {
        self.inner.work.notified().await;
    }

    pub(super) fn wake_workers(&self) {
        self.inner.work.notify_one();
    }

    /// Gives the disk back what removed rows took, `pages` at most. How many are left.
    pub async fn reclaim(&self, pages: u32) -> Result<i64> {
        self.inner.db.reclaim(pages).await
    }

    /// Empties the write-ahead log (`SQLite`), or removes dead rows of these tables (`PostgreSQL`).
    pub async fn scrub(&self, tables: &[&str]) -> Result<bool> {
        self.inner.db.scrub(tables).await
    }

    /// Whether other instances may work on the same data: only one at a time opens `SQLite`'s files.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.db().backend() == sea_orm::DbBackend::Postgres
    }

    /// Whether the keys are in the same `PostgreSQL` cluster as the data.
    pub async fn is_one_cluster(&self) -> Result<bool> {
        let of_data = self.inner.db.system_identifier().await?;
        Ok(of_data.is_some() && of_data == self.keyring().system_identifier().await?)
    }

    pub(super) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(super) fn audit_db(&self) -> &Db {
        &self.inner.audit
    }

    pub(super) fn audit_queue(&self) -> &audit::Queue {
        &self.inner.audit_queue
    }

    fn announce(&self, signal: EventSignal) {
        // Nobody listening is fine.
        let _ = self.inner.signals.send(signal);
    }
}

/// As the database keeps it.
fn millis(at: DateTime<Utc>) -> UnixMillis {
    UnixMillis(at.timestamp_millis())
}

/// As the program knows it. A time that no calendar has becomes the first of all.
fn from_millis(at: UnixMillis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Splits rows so that one statement stays below the number of parameters that both
/// databases take (`SQLite`: 32,766; `PostgreSQL`: 65,535).
fn chunks<T>(rows: Vec<T>, columns: usize) -> Vec<Vec<T>> {
    let size = (30_000 / columns.max(1)).clamp(1, 500);
    let mut chunks = Vec::with_capacity(rows.len().div_ceil(size));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        chunks.push(rows.by_ref().take(size).collect());
    }
    chunks
}
