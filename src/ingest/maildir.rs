//! Reads a Maildir on this machine. A folder announces nothing, so it is looked at every second
//! or so; what was seen before is remembered by UID and costs nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use super::imap::SyncError;
use super::rules::{Disposition, Import};
use crate::domain::words::FolderRole;
use crate::maildir::{self, Entry, MaildirError};
use crate::service::intake::{self, Batch, Incoming};
use crate::service::sync::Cursor;
use crate::service::sync::{self, SyncMailbox};
use crate::service::{ServiceError, Services};

/// The name of the one folder of a Maildir.
const FOLDER: &str = "maildir";

/// A Maildir is never renumbered: its UIDs come from file names.
const UID_VALIDITY: i64 = 1;

/// Mails and bytes in one batch.
const BATCH_MAILS: usize = 200;
const BATCH_BYTES: u64 = 6 << 20;

/// Larger files are left out, with a line in the ledger.
const MAX_MAIL: u64 = 160 << 20;

/// Reads until it fails.
pub(super) async fn run(
    services: &Services,
    mailbox: &SyncMailbox,
    import: Import,
    poll: Duration,
) -> Result<(), SyncError> {
    let path = mailbox.settings.path.clone().map(PathBuf::from).ok_or_else(|| {
        ServiceError::conflict("no_path", "This mailbox has no folder in its settings.")
    })?;
    let mut known = HashSet::new();
    let mut reported = false;
    loop {
        let scanned = {
            let path = path.clone();
            blocking(move || maildir::scan(&path)).await?
        };
        let new: Vec<Entry> =
            scanned.into_iter().filter(|entry| !known.contains(&entry.uid())).collect();
        if !new.is_empty() || !reported {
            let uids: Vec<i64> = new.iter().map(Entry::uid).collect();
            take(services, mailbox, import, &path, new).await?;
            known.extend(uids);
            sync::report_synced(services, mailbox, false).await?;
            reported = true;
        }
        tokio::time::sleep(poll).await;
    }
}

/// Reads new files in batches. What is there at the very first look is history.
async fn take(
    services: &Services,
    mailbox: &SyncMailbox,
    import: Import,
    path: &std::path::Path,
    new: Vec<Entry>,
) -> Result<(), SyncError> {
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
            add(&mut batch, import, path, entry, first_look).await?;
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
    batch: &mut Batch,
    import: Import,
    path: &std::path::Path,
    entry: Entry,
    first_look: bool,
) -> Result<(), SyncError> {
    let uid = entry.uid();
    let received_at = entry.modified;
    let disposition = if first_look { import.of_old(received_at) } else { Disposition::Live };
    let is_history = match disposition {
        Disposition::Skip(reason) => {
            batch.skipped.push((uid, reason));
            return Ok(());
        }
        Disposition::History => true,
        Disposition::Live => false,
    };
    let path = path.to_owned();
    match blocking(move || maildir::read(&path, &entry, MAX_MAIL)).await {
        Ok(raw) => batch.mails.push(Incoming { uid, raw, received_at, is_history }),
        Err(SyncError::Maildir(MaildirError::Missing)) => batch.missing.push(uid),
        Err(SyncError::Maildir(MaildirError::TooLarge(_))) => {
            batch.skipped.push((uid, "too_large"));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MaildirError> + Send + 'static,
) -> Result<T, SyncError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(ServiceError::internal)?;
    Ok(done?)
}
