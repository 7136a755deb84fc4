//! A transaction, with the events that it causes. Only `service` opens one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::DatabaseTransaction;

use super::error::Result;
use super::events::{self, NewEvent};
use super::{EventSignal, Store};

/// A transaction that writes. Dropped without [`Tx::commit`], it leaves nothing behind.
///
/// Events are collected and written last, because their numbers come from a row that stays
/// locked until the commit.
#[derive(Debug)]
pub struct Tx {
    store: Store,
    transaction: DatabaseTransaction,
    events: Mutex<Vec<NewEvent>>,
    has_work: AtomicBool,
}

impl Store {
    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Tx> {
        let transaction = self.db().begin().await?;
        Ok(Tx {
            store: self.clone(),
            transaction,
            events: Mutex::new(Vec::new()),
            has_work: AtomicBool::new(false),
        })
    }
}

impl Tx {
    /// Tells of something that happened, once the transaction is committed.
    pub fn event(&self, event: NewEvent) {
        self.events.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(event);
    }

    /// The store that it belongs to.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Makes everything permanent and tells the listeners.
    pub async fn commit(self) -> Result<()> {
        let events = std::mem::take(
            &mut *self.events.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        let last = if events.is_empty() {
            std::collections::BTreeMap::new()
        } else {
            events::write(&self, events, self.store.now()).await?
        };
        crate::crash::point();
        self.transaction.commit().await?;
        crate::crash::point();
        for (organization_id, number) in last {
            self.store.announce(EventSignal { organization_id, number });
        }
        if self.has_work.load(Ordering::Relaxed) {
            self.store.wake_workers();
        }
        Ok(())
    }

    /// Wakes the workers of this process, once the transaction is committed.
    pub(super) fn wake_workers(&self) {
        self.has_work.store(true, Ordering::Relaxed);
    }

    pub(super) fn conn(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
