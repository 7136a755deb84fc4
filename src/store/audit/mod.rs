//! The audit log: append-only, numbered per organization, each entry chained to the one before.
//!
//! 1. [`record`] puts an entry in a queue and waits for its commit. Whoever gets the writer
//!    first writes everything that waits in one transaction (group commit), so that many readers
//!    cost few commits and no entry is answered for before it is safe.
//! 2. [`list`] reads it, newest first; [`verify`] finds out whether it was altered.
//!
//! On `SQLite` it is a database of its own with its own writer.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, from_millis, millis};
use crate::audit::{self, Linked};
use crate::domain::ids::{ChannelId, OrganizationId};

mod walk;

pub use walk::Walk;

pub use crate::audit::{Action, Actor, AuditEntry, ObjectKind};

/// Entries of one transaction, at most: it must not hold the writer for long.
const BATCH: usize = 500;

/// An access or an act, about to be written.
#[derive(Debug, Clone)]
pub struct NewAuditEntry {
    /// In which organization.
    pub organization_id: OrganizationId,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// What it was done to.
    pub object_kind: ObjectKind,
    /// Which one.
    pub object_id: Option<Uuid>,
    /// The channel that it belongs to.
    pub channel_id: Option<ChannelId>,
}

fn entry_of(row: &entity::audit_entry::Model) -> Result<AuditEntry> {
    let strange = |what| StoreError::Corrupt { table: "audit_entry", what };
    Ok(AuditEntry {
        organization_id: row.organization_id,
        number: u64::try_from(row.number).map_err(|_| strange("a negative number"))?,
        at: from_millis(row.at),
        actor: Actor::from_stored(&row.actor_kind, row.actor_id)
            .ok_or_else(|| strange("an unknown actor"))?,
        action: Action::from_stored(&row.action).ok_or_else(|| strange("an unknown action"))?,
        object_kind: ObjectKind::from_stored(&row.object_kind)
            .ok_or_else(|| strange("an unknown kind of object"))?,
        object_id: row.object_id,
        channel_id: row.channel_id,
    })
}

fn row_of(entry: &AuditEntry, hash: [u8; 32]) -> entity::audit_entry::Model {
    entity::audit_entry::Model {
        organization_id: entry.organization_id,
        number: i64::try_from(entry.number).unwrap_or(i64::MAX),
        at: millis(entry.at),
        actor_kind: entry.actor.as_str().to_owned(),
        actor_id: entry.actor.id(),
        action: entry.action.as_str().to_owned(),
        object_kind: entry.object_kind.as_str().to_owned(),
        object_id: entry.object_id,
        channel_id: entry.channel_id,
        hash: hash.to_vec(),
    }
}

/// Entries that wait for the writer.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    writer: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    entries: Vec<NewAuditEntry>,
    done: oneshot::Sender<bool>,
}

impl Queue {
    fn push(&self, entries: Vec<NewAuditEntry>) -> oneshot::Receiver<bool> {
        let (done, wait) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { entries, done });
        wait
    }

    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(BATCH);
        waiting.drain(..count).collect()
    }
}

/// Writes an entry. Returns only after it is committed.
pub async fn record(store: &Store, entry: NewAuditEntry) -> Result<()> {
    record_all(store, vec![entry]).await
}

/// Writes entries, all or none, in one commit.
pub async fn record_all(store: &Store, own: Vec<NewAuditEntry>) -> Result<()> {
    let queue = store.audit_queue();
    let mut wait = queue.push(own.clone());
    let _writer = queue.writer.lock().await;
    loop {
        match wait.try_recv() {
            Ok(true) => return Ok(()),
            // Whoever wrote for us failed or gave up half-way: write it ourselves.
            Ok(false) | Err(oneshot::error::TryRecvError::Closed) => {
                write(store, &own).await?;
                return Ok(());
            }
            Err(oneshot::error::TryRecvError::Empty) => {}
        }
        let batch = queue.take();
        let (entries, dones): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.entries, waiting.done)).unzip();
        let written = write(store, &entries.concat()).await;
        for done in dones {
            // Whoever waited may have gone: the entry stays, as they may have got their answer.
            let _ = done.send(written.is_ok());
        }
        written?;
    }
}

async fn write(store: &Store, entries: &[NewAuditEntry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let key = store.keyring().server_key().await?;
    let at = from_millis(millis(store.now()));
    let mut of: BTreeMap<OrganizationId, Vec<&NewAuditEntry>> = BTreeMap::new();
    for entry in entries {
        of.entry(entry.organization_id).or_default().push(entry);
    }
    let tx = store.audit_db().begin().await?;
    for (organization_id, entries) in of {
        let mut head = last(&tx, organization_id).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for new in entries {
            let entry = AuditEntry {
                organization_id: organization_id.0,
                number: head.map_or(0, |(number, _)| number) + 1,
                at,
                actor: new.actor,
                action: new.action,
                object_kind: new.object_kind,
                object_id: new.object_id,
                channel_id: new.channel_id.map(|id| id.0),
            };
            let hash = audit::link(&key, head.as_ref().map(|(_, hash)| hash), &entry);
            head = Some((entry.number, hash));
            rows.push(row_of(&entry, hash).into_active_model().reset_all());
        }
        entity::audit_entry::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The last number and hash of an organization; nobody else appends until the commit.
async fn last(
    tx: &DatabaseTransaction,
    organization_id: OrganizationId,
) -> Result<Option<(u64, [u8; 32])>> {
    use entity::audit_entry::Column;
    if tx.get_database_backend() == DbBackend::Postgres {
        let (high, low) = organization_id.0.as_u64_pair();
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [(high ^ low).cast_signed().into()],
        );
        tx.execute_raw(lock).await?;
    }
    let row: Option<(i64, Vec<u8>)> = entity::audit_entry::Entity::find()
        .select_only()
        .column(Column::Number)
        .column(Column::Hash)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(Column::Number)
        .into_tuple()
        .one(tx)
        .await?;
    row.map(|(number, hash)| {
        let number = u64::try_from(number).ok();
        number
            .zip(<[u8; 32]>::try_from(hash).ok())
            .ok_or(StoreError::Corrupt { table: "audit_entry", what: "a hash that is none" })
    })
    .transpose()
}

/// The entries before the number `before` (all, if it is `None`), newest first.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<AuditEntry>> {
    use entity::audit_entry::Column;
    let mut query =
        entity::audit_entry::Entity::find().filter(Column::OrganizationId.eq(organization_id.0));
    if let Some(before) = before {
        query = query.filter(Column::Number.lt(i64::try_from(before).unwrap_or(i64::MAX)));
    }
    let rows =
        query.order_by_desc(Column::Number).limit(limit).all(store.audit_db().read()).await?;
    rows.iter().map(entry_of).collect()
}

/// Whether every entry is there, in order and unaltered; returns how many there are. Keep that
/// number elsewhere: entries cut off the end leave a chain that fits.
pub async fn verify(store: &Store, organization_id: OrganizationId) -> Result<u64> {
    use entity::audit_entry::Column;
    let key = store.keyring().server_key().await?;
    let broken = || StoreError::Corrupt { table: "audit_entry", what: "the chain does not fit" };
    let mut head: Option<(u64, [u8; 32])> = None;
    loop {
        let after = head.map_or(0, |(number, _)| number);
        let rows = entity::audit_entry::Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Number.gt(i64::try_from(after).unwrap_or(i64::MAX)))
            .order_by_asc(Column::Number)
            .limit(1_000)
            .all(store.audit_db().read())
            .await?;
        if rows.is_empty() {
            return Ok(after);
        }
        let mut linked = Vec::with_capacity(rows.len());
        for row in rows {
            let hash = <[u8; 32]>::try_from(row.hash.as_slice()).map_err(|_| broken())?;
            linked.push(Linked { entry: entry_of(&row)?, hash });
        }
        head = audit::verify(&key, organization_id.0, head, &linked).map_err(|_| broken())?;
    }
}
