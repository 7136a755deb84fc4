//! Reads a Maildir on this machine. A folder announces nothing, so it is looked at every second
//! or so; what was seen before is remembered by UID and costs nothing.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Options;
use super::imap::SyncError;
use super::rules::{Disposition, Import};
use crate::domain::words::FolderRole;
use crate::maildir::{self, Entry, MaildirError};
use crate::service::intake::{self, Batch, Incoming};
use crate::service::sync::Cursor;
use crate::service::sync::{self, SyncMailbox};
use crate::service::{ServiceError, Services, reading};

/// The name of the one folder of a Maildir.
const FOLDER: &str = "maildir";

/// A Maildir is never renumbered: its UIDs come from file names.
const UID_VALIDITY: i64 = 1;

/// How often the ledger is asked about every file, as at a restart.
const RECHECK: Duration = Duration::from_mins(1);

/// Mails and bytes in one batch.
const BATCH_MAILS: usize = 200;
const BATCH_BYTES: u64 = 6 << 20;

/// A Maildir being read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) services: &'a Services,
    pub(super) mailbox: &'a SyncMailbox,
    pub(super) import: Import,
    /// Rings when an admin wants the mailbox to be read now.
    pub(super) bell: &'a Notify,
    pub(super) options: Options,
    /// Up to now, and no further.
    pub(super) once: bool,
}

impl Reader<'_> {
    /// Reads until it fails.
    pub(super) async fn run(&self) -> Result<(), SyncError> {
        let path = self.mailbox.settings.path.clone().map(PathBuf::from).ok_or_else(|| {
            ServiceError::conflict("no_path", "This mailbox has no folder in its settings.")
        })?;
        let mut known = HashSet::new();
        loop {
            // From time to time as a restart does: for what an admin wants to be tried again.
            known.clear();
            let wished = reading::wished(self.services, &self.mailbox.target).await?;
            self.look(&path, &mut known, true).await?;
            sync::report_synced(self.services, self.mailbox, false).await?;
            if let Some(since) = wished {
                reading::fulfil(self.services, &self.mailbox.target, since).await?;
            }
            if self.once {
                return Ok(());
            }
            let until = Instant::now() + RECHECK;
            loop {
                tokio::select! {
                    () = tokio::time::sleep(self.options.maildir_poll) => {}
                    () = self.bell.notified() => break,
                }
                if Instant::now() >= until {
                    break;
                }
                if self.look(&path, &mut known, false).await? {
                    sync::report_synced(self.services, self.mailbox, false).await?;
                }
            }
        }
    }

    /// Looks once; whether anything was new. At the `first` look the ledger is asked in any case.
    async fn look(
        &self,
        path: &Path,
        known: &mut HashSet<i64>,
        first: bool,
    ) -> Result<bool, SyncError> {
        let scanned = {
            let path = path.to_owned();
            blocking(move || maildir::scan(&path)).await?
        };
        let new: Vec<Entry> =
            scanned.into_iter().filter(|entry| known.insert(entry.uid())).collect();
        if new.is_empty() && !first {
            return Ok(false);
        }
        self.take(path, new).await?;
        Ok(true)
    }

    /// Reads new files in batches. What is there at the very first look is history.
    async fn take(&self, path: &Path, mut new: Vec<Entry>) -> Result<(), SyncError> {
        let Self { services, mailbox, .. } = self;
        let mut folder = sync::folder(services, &mailbox.target, FOLDER, FolderRole::Inbox).await?;
        let first_look = folder.uid_validity == 0 || folder.backfill_uid > 0;
        let at = |importing: bool| Cursor {
            uid_validity: UID_VALIDITY,
            last_uid: 0,
            backfill_uid: i64::from(importing),
        };
        if folder.uid_validity == 0 {
            let total = i64::try_from(new.len()).unwrap_or(i64::MAX);
            sync::report_total(services, mailbox, total).await?;
        }
        // A restart knows no file; the ledger does, without reading any.
        let uids: Vec<i64> = new.iter().map(Entry::uid).collect();
        let had = sync::known(services, &folder, &uids).await?;
        new.retain(|entry| !had.contains(&entry.uid()));
        let wanted: HashSet<i64> = sync::wanted(services, &folder).await?.into_iter().collect();
        let mut entries = new.into_iter().peekable();
        while entries.peek().is_some() || first_look && folder.cursor() != at(false) {
            let mut batch = Batch {
                folder: folder.clone(),
                mails: Vec::new(),
                missing: Vec::new(),
                skipped: Vec::new(),
                cursor: at(first_look),
            };
            let mut bytes = 0;
            let mut files = 0;
            while files < BATCH_MAILS
                && bytes < BATCH_BYTES
                && let Some(entry) = entries.next()
            {
                files += 1;
                bytes += entry.size;
                let disposition = if wanted.contains(&entry.uid()) {
                    self.import.of_wanted(entry.modified)
                } else if first_look {
                    self.import.of_old(entry.modified)
                } else {
                    Disposition::Live
                };
                self.add(&mut batch, path, entry, disposition).await?;
            }
            if entries.peek().is_none() {
                batch.cursor = at(false);
            }
            folder.uid_validity = batch.cursor.uid_validity;
            folder.last_uid = batch.cursor.last_uid;
            folder.backfill_uid = batch.cursor.backfill_uid;
            intake::take(services, &mailbox.target, batch).await?;
            if first_look {
                sync::report_import(services, mailbox, files as u64).await?;
            }
        }
        Ok(())
    }

    async fn add(
        &self,
        batch: &mut Batch,
        path: &Path,
        entry: Entry,
        disposition: Disposition,
    ) -> Result<(), SyncError> {
        let uid = entry.uid();
        let received_at = entry.modified;
        let is_history = match disposition {
            Disposition::Skip(reason) => {
                batch.skipped.push((uid, reason));
                return Ok(());
            }
            Disposition::History => true,
            Disposition::Live => false,
        };
        let path = path.to_owned();
        let max_bytes = self.services.options().max_incoming_bytes as u64;
        match blocking(move || maildir::read(&path, &entry, max_bytes)).await {
            Ok(raw) => batch.mails.push(Incoming { uid, raw, received_at, is_history }),
            Err(SyncError::Maildir(MaildirError::Missing)) => batch.missing.push(uid),
            Err(SyncError::Maildir(MaildirError::TooLarge(_))) => {
                batch.skipped.push((uid, "too_large"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MaildirError> + Send + 'static,
) -> Result<T, SyncError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(ServiceError::internal)?;
    Ok(done?)
}
