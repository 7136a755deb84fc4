//! Each day the UIDs that a server has are held against the ledger, so that mail which was missed,
//! for whatever reason, is noticed and fetched, and an admin sees that none is.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::TimeDelta;

use super::{Result, Services};
use crate::domain::words::LedgerState;
use crate::store::{folders, ledger};

pub use crate::store::folders::{Comparison, Folder};

/// How often.
const EVERY: TimeDelta = TimeDelta::days(1);

/// Whether a folder is to be compared now.
#[must_use]
pub fn is_due(services: &Services, folder: &Folder) -> bool {
    folder.compared_at.is_none_or(|at| services.store().now() - at >= EVERY)
}

/// What the ledger says of these UIDs.
pub async fn known(
    services: &Services,
    folder: &Folder,
    uids: RangeInclusive<i64>,
) -> Result<HashMap<i64, LedgerState>> {
    let (organization, validity) = (folder.organization_id, folder.uid_validity);
    Ok(ledger::states_between(services.store(), organization, folder.id, validity, uids).await?)
}

/// The lowest UID that the ledger knows: what lies below was older than the import.
pub async fn lowest(services: &Services, folder: &Folder) -> Result<Option<i64>> {
    let (organization, validity) = (folder.organization_id, folder.uid_validity);
    Ok(ledger::lowest_uid(services.store(), organization, folder.id, validity).await?)
}

/// What is found while the UIDs are gone through.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    on_server: i64,
    imported: i64,
    duplicates: i64,
    /// Those that the ledger did not know.
    pub missed: i64,
}

impl Tally {
    /// Counts a mail of the server; `state` is what the ledger says of it.
    pub fn count(&mut self, state: Option<LedgerState>) {
        self.on_server += 1;
        match state {
            Some(LedgerState::Imported) => self.imported += 1,
            Some(LedgerState::Duplicate) => self.duplicates += 1,
            _ => {}
        }
    }
}

/// Keeps what was found.
pub async fn record(services: &Services, folder: &Folder, tally: &Tally) -> Result<()> {
    let Tally { on_server, imported, duplicates, missed } = *tally;
    let store = services.store();
    let left_out = on_server - imported - duplicates;
    let at = store.now();
    let found = Comparison { at, on_server, imported, duplicates, left_out, missed };
    folders::set_comparison(store, folder, &found).await?;
    if missed > 0 {
        tracing::warn!(channel.id = %folder.channel_id, mails = missed, "Mail that was missed is fetched");
    }
    Ok(())
}
