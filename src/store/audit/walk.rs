//! Walks a log from its first entry, in pages, and sees whether it fits.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{AuditEntry, entry_of};
use crate::audit::{self, Linked};
use crate::crypto::OpenKey;
use crate::domain::ids::OrganizationId;
use crate::store::Store;
use crate::store::error::Result;

/// Entries that are in memory at once.
const PAGE: u64 = 1_000;

/// A walk through a log. It goes on behind what does not fit, and tells where that was.
#[derive(Debug)]
pub struct Walk<'a> {
    store: &'a Store,
    organization_id: OrganizationId,
    key: OpenKey,
    head: Option<(u64, [u8; 32])>,
    after: i64,
    broken_at: Option<u64>,
    entries: u64,
    unreadable: u64,
}

impl<'a> Walk<'a> {
    /// Stands before the first entry.
    pub async fn start(store: &'a Store, organization_id: OrganizationId) -> Result<Self> {
        let key = store.keyring().server_key().await?;
        Ok(Self {
            store,
            organization_id,
            key,
            head: None,
            after: 0,
            broken_at: None,
            entries: 0,
            unreadable: 0,
        })
    }

    /// The next page; `None` at the end. What cannot be read is counted and left out.
    pub async fn next(&mut self) -> Result<Option<Vec<AuditEntry>>> {
        use entity::audit_entry::Column;
        let rows = entity::audit_entry::Entity::find()
            .filter(Column::OrganizationId.eq(self.organization_id.0))
            .filter(Column::Number.gt(self.after))
            .order_by_asc(Column::Number)
            .limit(PAGE)
            .all(self.store.audit_db().read())
            .await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = last.number;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            self.entries += 1;
            let hash = <[u8; 32]>::try_from(row.hash.as_slice()).ok();
            let Ok(entry) = entry_of(&row) else {
                self.unreadable += 1;
                self.is_broken(u64::try_from(row.number).unwrap_or(0));
                continue;
            };
            match hash {
                Some(hash) if self.broken_at.is_none() => self.check(&entry, hash),
                Some(_) => {}
                None => self.is_broken(entry.number),
            }
            entries.push(entry);
        }
        Ok(Some(entries))
    }

    fn check(&mut self, entry: &AuditEntry, hash: [u8; 32]) {
        let linked = [Linked { entry: entry.clone(), hash }];
        match audit::verify(&self.key, self.organization_id.0, self.head, &linked) {
            Ok(head) => self.head = head,
            Err(audit::Broken { number }) => self.is_broken(number),
        }
    }

    fn is_broken(&mut self, number: u64) {
        self.broken_at.get_or_insert(number);
    }

    /// The number of the first entry that was altered or is missing.
    #[must_use]
    pub fn broken_at(&self) -> Option<u64> {
        self.broken_at
    }

    /// How many entries were walked.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// How many of them cannot be read.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }
}
