//! Mail from files becomes tickets: an mbox, a Maildir, or a folder of `.eml`.
//!
//! In order:
//! 1. [`files`] lists the files that a path stands for; [`index`] goes through them once and
//!    remembers of each mail only where it is and when it was sent, so that a hundred thousand
//!    cost a few megabytes; [`mbox`] tells the mails of an mbox apart.
//! 2. The index is put in order of date: an answer comes after what it answers.
//! 3. What an earlier run stored and did not finish is taken up.
//!    Mail that Gmail had among spam, trash or drafts ([`labels`]) is left out.
//! 4. Mails are read in bounded batches, the next one while the last is filed, and go through
//!    `intake` as history: closed and read unless young and unanswered, and nobody is told.
//!
//! A mail's UID is derived from its content, in a folder of the mailbox that stands for all
//! imports. So the same mail never comes in twice, and an import that was broken off goes on
//! where it was when it is run again.
//!
//! To add a kind of archive: a [`files::Kind`], and how its mails are found in [`index`].

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::intake::{self, Batch, Report, Target};
use super::sync::SyncMailbox;
use super::{ServiceError, Services, retention, sync};
use crate::domain::ids::OrganizationId;
use crate::domain::words::{FolderRole, Provider};
use crate::store::folders::{Cursor, Folder};
use crate::store::mailboxes;

mod files;
mod index;
mod labels;
mod mbox;
mod read;

pub use files::Kind;

/// The mailbox's folder that stands for mail from files; no server has one of this name, since
/// a name there has no control characters.
pub(super) const FOLDER: &str = "\u{1}import";

/// The UIDs of that folder never change their meaning.
const UID_VALIDITY: i64 = 1;

/// Why an import ended early.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such mailbox.
    #[error("no mailbox has this address; `loket mailbox list` shows those that there are")]
    NoMailbox,
    /// A file or folder cannot be read.
    #[error("\"{}\" cannot be read ({})", path.display(), source.kind())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file was changed while it was read.
    #[error("\"{}\" was changed in the meantime; run the import again", .0.display())]
    Changed(PathBuf),
    /// Neither an mbox, nor a Maildir, nor a mail, nor a folder with any of them.
    #[error(
        "\"{}\" is no mail that can be imported: name an mbox, a Maildir, or a folder of .eml files",
        .0.display()
    )]
    NotMail(PathBuf),
    /// Our own side.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many mails were found so far.
    Found(u64),
    /// This many are to be read.
    Total(u64),
    /// So many were read so far.
    Read(u64),
}

/// Told how far the import is. Called from several threads.
pub type Tell = Arc<dyn Fn(Progress) + Send + Sync>;

/// What became of the mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mails in the files.
    pub read: u64,
    /// Those that became messages.
    pub imported: u64,
    /// Those that the mailbox had already, or that were in the files twice.
    pub duplicate: u64,
    /// Those that were left out, with a reason in the ledger.
    pub skipped: u64,
    /// Those that could not be processed.
    pub quarantined: u64,
    /// Tickets that were made.
    pub tickets: u64,
}

/// Imports what is at `path` into the organization's mailbox of this address. For the operator
/// at the command line.
pub async fn run(
    services: &Services,
    organization_id: OrganizationId,
    address: &str,
    path: &Path,
    tell: Tell,
) -> Result<Counts, ImportError> {
    let mailbox = mailboxes::find_by_address(services.store(), organization_id, address)
        .await
        .map_err(ServiceError::from)?
        .map(SyncMailbox::from)
        .ok_or(ImportError::NoMailbox)?;
    let index = {
        let (path, tell) = (path.to_owned(), Arc::clone(&tell));
        blocking(move || index::build(&path, &tell)).await?
    };
    tell(Progress::Total(index.mails.len() as u64));
    let target = &mailbox.target;
    retention::wait(services, target.organization_id, target.channel_id).await?;
    let folder = sync::folder(services, target, FOLDER, FolderRole::Import).await?;
    let mut report = intake::resume_folder(services, target, folder.id).await?;
    // As the mailbox's provider hands mail out, so that the ledger knows it by its content.
    let form = match mailbox.provider {
        Provider::Maildir => read::Form::AsItIs,
        Provider::Google | Provider::Microsoft | Provider::Imap => read::Form::Crlf,
    };
    let read = index.mails.len() as u64;
    let reader = read::Reader::new(index, form, services.options().max_incoming_bytes as u64);
    report.add(pump(services, target, &folder, reader, &tell).await?);
    let Report { imported, skipped, quarantined, tickets, .. } = report;
    // Mail whose UID the ledger has is passed over without a line of its own.
    let duplicate = read.saturating_sub(imported + skipped + quarantined);
    Ok(Counts { read, imported, duplicate, skipped, quarantined, tickets })
}

/// Reads the next batch while the last is filed.
async fn pump(
    services: &Services,
    target: &Target,
    folder: &Folder,
    reader: read::Reader,
    tell: &Tell,
) -> Result<Report, ImportError> {
    let mut report = Report::default();
    let mut met: HashSet<i64> = HashSet::new();
    let mut done = 0;
    let mut reading = Some(reader);
    let mut filing: Option<read::Read> = None;
    while reading.is_some() || filing.is_some() {
        let (next, filed) = tokio::join!(
            next(reading.take()),
            file(services, target, folder, filing.take(), &mut met)
        );
        let (part, count) = filed?;
        report.add(part);
        done += count;
        tell(Progress::Read(done));
        if let Some((read, reader)) = next? {
            filing = Some(read);
            reading = Some(reader);
        }
    }
    Ok(report)
}

async fn next(
    reader: Option<read::Reader>,
) -> Result<Option<(read::Read, read::Reader)>, ImportError> {
    let Some(mut reader) = reader else { return Ok(None) };
    blocking(move || Ok(reader.next()?.map(|read| (read, reader)))).await
}

/// Gives a batch to `intake`; answers with how many mails were in it, too.
async fn file(
    services: &Services,
    target: &Target,
    folder: &Folder,
    read: Option<read::Read>,
    met: &mut HashSet<i64>,
) -> Result<(Report, u64), ImportError> {
    let Some(read::Read { mut mails, mut skipped }) = read else {
        return Ok((Report::default(), 0));
    };
    let count = (mails.len() + skipped.len()) as u64;
    mails.retain(|mail| met.insert(mail.uid));
    skipped.retain(|(uid, _)| met.insert(*uid));
    let batch = Batch {
        folder: folder.clone(),
        mails,
        missing: Vec::new(),
        skipped,
        cursor: Cursor { uid_validity: UID_VALIDITY, last_uid: 0, backfill_uid: 0 },
    };
    Ok((intake::take(services, target, batch).await?, count))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(ServiceError::internal)?
}
