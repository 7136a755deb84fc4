//! Holds the UIDs that a folder has against the ledger, and fetches what was missed.

use super::imap::{LIST_SPAN, Reader, SyncError, list};
use super::walk::Walk;
use crate::domain::words::{FolderRole, ImportMode};
use crate::imap::Session;
use crate::service::comparison::{self, Tally};
use crate::service::intake::{self, Batch};
use crate::service::sync::Folder;

impl Reader<'_> {
    /// Once a day, when history is in. Mail that is older than the import is left out, as ever.
    pub(super) async fn compare(
        &self,
        session: &mut Session,
        mut folder: Folder,
    ) -> Result<(), SyncError> {
        let services = self.services;
        if folder.role == FolderRole::All {
            return Ok(());
        }
        if folder.backfill_uid > 0 || !comparison::is_due(services, &folder) {
            return Ok(());
        }
        // The import went down to the first mail, or until all that it met was too old.
        let floor = match self.import.mode {
            ImportMode::All => 1,
            ImportMode::Now | ImportMode::Since => {
                comparison::lowest(services, &folder).await?.unwrap_or(1)
            }
        };
        let mut tally = Tally::default();
        let end = folder.last_uid;
        let mut from = 1;
        while from <= end {
            let until = end.min(from + LIST_SPAN - 1);
            let uids = list(session, from, until).await?;
            let mut known = comparison::known(services, &folder, from..=until).await?;
            let is_unknown =
                |uid: &u32| i64::from(*uid) >= floor && !known.contains_key(&i64::from(*uid));
            let unknown: Vec<u32> = uids.iter().copied().filter(is_unknown).collect();
            if !unknown.is_empty() {
                tally.missed += self.fetch_missed(session, &mut folder, unknown).await?;
                known = comparison::known(services, &folder, from..=until).await?;
            }
            for uid in uids {
                tally.count(known.get(&i64::from(uid)).copied());
            }
            from = until + 1;
        }
        comparison::record(services, &folder, &tally).await?;
        Ok(())
    }

    /// Fetches what is not too old; answers how many that are.
    async fn fetch_missed(
        &self,
        session: &mut Session,
        folder: &mut Folder,
        uids: Vec<u32>,
    ) -> Result<i64, SyncError> {
        let (young, skipped) = self.of_age(session, uids, &mut 0).await?;
        let missed = i64::try_from(young.len()).unwrap_or(i64::MAX);
        if !skipped.is_empty() {
            let (mails, missing) = (Vec::new(), Vec::new());
            let cursor = folder.cursor();
            let batch = Batch { folder: folder.clone(), mails, missing, skipped, cursor };
            intake::take(self.services, &self.mailbox.target, batch).await?;
        }
        let walk = Walk::Again { import: self.import };
        self.pump(session, folder, young, &walk).await?;
        Ok(missed)
    }
}
