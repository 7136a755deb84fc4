//! A mail comes in. In order:
//!
//! 1. [`take`] gets a bounded batch of raw mail from `ingest` and passes over what the ledger
//!    has already, by UID and by content.
//! 2. [`raw`](self::store_raw): content keys are committed in the keyring; the mail is
//!    compressed and sealed; large mail goes to the object store; then one transaction holds
//!    raw mail, ledger lines (one attempt counted) and the new cursor. From here on nothing is
//!    lost.
//! 3. [`understand`]: parsed in parallel; what is refused, or panics, is quarantined alone.
//! 4. [`thread`]: which ticket each belongs to, or that it needs a new one; pure.
//! 5. [`file`]: keys for new tickets and contacts, then one transaction with everything, and a job for
//!    each new ticket whose sender may be answered at once ([`acknowledge`]).
//!
//! A process that dies between 2 and 5 leaves lines in state `pending`; [`resume`] takes them
//! up one by one at the next start, so that a mail that kills the process is found by its
//! attempts and quarantined, and its innocent neighbours are not.
//!
//! Mail of our own that nobody has answered makes no ticket; [`answered`] takes it up when
//! somebody does, and the prune job forgets it after a while.
//!
//! To teach it a new rule about where mail goes, change `thread`; what a mail does to a ticket
//! is in `domain::ticket`.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Result, ServiceError, Services, import};
use crate::blob::BlobError;
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, FolderId, LedgerId, MessageId, OrganizationId};
use crate::domain::words::{FolderRole, LedgerState, Provider};
use crate::mail::authentication::Boundary;
use crate::store::folders::{Cursor, Folder};
use crate::store::{StoreError, folders, keys, ledger, mailboxes, raw};
use crate::telemetry::name;

mod acknowledge;
mod answered;
mod colleagues;
mod draft;
mod file;
mod store_raw;
mod thread;
mod understand;

/// A mail that was tried so often without a result is quarantined.
const MAX_ATTEMPTS: i32 = 3;

/// What an import has stored it files within seconds; after this long the import has died.
const LEFT_BY_AN_IMPORT: TimeDelta = TimeDelta::minutes(10);

/// How many lines [`resume`] reads at a time; each is then tried alone.
const RESUME_PAGE: u64 = 100;

/// The mailbox that mail comes in by.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The addresses that are the mailbox itself, in lower case.
    pub own_addresses: Vec<String>,
}

/// A mail as the provider handed it out.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its UID in the folder.
    pub uid: i64,
    /// The mail.
    pub raw: Bytes,
    /// When the provider received it.
    pub received_at: Option<DateTime<Utc>>,
    /// Whether it was there before the mailbox was connected.
    pub is_history: bool,
}

/// A bounded part of a folder.
#[derive(Debug)]
pub struct Batch {
    /// The folder.
    pub folder: Folder,
    /// The mails.
    pub mails: Vec<Incoming>,
    /// UIDs that the provider named and did not hand out, asked twice.
    pub missing: Vec<i64>,
    /// UIDs that were left out on purpose, with the reason.
    pub skipped: Vec<(i64, &'static str)>,
    /// Where the cursor stands once the batch is stored.
    pub cursor: Cursor,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Mails that became messages.
    pub imported: u64,
    /// Mails that the mailbox has already.
    pub duplicate: u64,
    /// Mails that were left out, with a reason in the ledger.
    pub skipped: u64,
    /// Mails that could not be processed.
    pub quarantined: u64,
    /// Tickets that were made.
    pub tickets: u64,
}

impl Report {
    /// Adds another batch's counts.
    pub fn add(&mut self, other: Self) {
        self.imported += other.imported;
        self.duplicate += other.duplicate;
        self.skipped += other.skipped;
        self.quarantined += other.quarantined;
        self.tickets += other.tickets;
    }

    /// Counts it for the operator too.
    fn counted(self) -> Self {
        for (result, mails) in [
            ("imported", self.imported),
            ("duplicate", self.duplicate),
            ("skipped", self.skipped),
            ("quarantined", self.quarantined),
        ] {
            metrics::counter!(name::MAILS, "result" => result).increment(mails);
        }
        self
    }
}

/// The keys and addresses that every step needs.
#[derive(Debug, Clone)]
struct Context {
    target: Target,
    channel_key: OpenKey,
    organization_key: OpenKey,
    /// Whose words about a mail's sender count.
    boundary: Option<Boundary>,
    /// Whoever begins a conversation is answered at once.
    acknowledges: bool,
}

impl Context {
    async fn open(services: &Services, target: &Target) -> Result<Self> {
        let store = services.store();
        let (organization_id, channel_id) = (target.organization_id, target.channel_id);
        let traits = mailboxes::traits(store, organization_id, channel_id).await?;
        let boundary = match traits.map(|(provider, _)| provider) {
            Some(Provider::Google) => Some(Boundary::Google),
            Some(Provider::Microsoft) => Some(Boundary::Microsoft),
            Some(Provider::Imap | Provider::Maildir) | None => None,
        };
        Ok(Self {
            target: target.clone(),
            channel_key: keys::of_channel(store, organization_id, channel_id).await?,
            organization_key: keys::of_organization(store, organization_id).await?,
            boundary,
            acknowledges: traits.is_some_and(|(_, acknowledges)| acknowledges),
        })
    }
}

/// A mail that is stored, sealed, and waits to be understood.
#[derive(Debug)]
struct Stored {
    ledger_id: LedgerId,
    message_id: MessageId,
    key: OpenKey,
    raw: Bytes,
    received_at: Option<DateTime<Utc>>,
    is_history: bool,
    role: FolderRole,
}

/// Takes a batch in: stores it, then understands and files it.
pub async fn take(services: &Services, target: &Target, batch: Batch) -> Result<Report> {
    let context = Context::open(services, target).await?;
    let (stored, mut report) = store_raw::store(services, &context, batch).await?;
    report.add(process(services, &context, stored).await?);
    Ok(report.counted())
}

/// Takes up what an earlier run stored and did not finish. Each mail is tried alone. For the
/// mailbox's reader: nobody else is about to file what lies in the folders that it reads. What
/// came from files is another matter: an import may be under way.
pub async fn resume(services: &Services, target: &Target) -> Result<Report> {
    let context = Context::open(services, target).await?;
    let (organization_id, channel_id) = (target.organization_id, target.channel_id);
    let store = services.store();
    let folders = folders::list(store, &context.channel_key, organization_id, channel_id).await?;
    let mut report = Report::default();
    let mut failed = None;
    for folder in folders {
        let seen_before = (folder.name == import::FOLDER).then(|| store.now() - LEFT_BY_AN_IMPORT);
        let of = ledger::Pending { folder_id: folder.id, seen_before, after: None };
        match resume_where(services, &context, of).await {
            Ok(part) => report.add(part),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(report), Err)
}

/// As [`resume`], of one folder: what a running server is about to file is left alone.
pub async fn resume_folder(
    services: &Services,
    target: &Target,
    folder_id: FolderId,
) -> Result<Report> {
    let context = Context::open(services, target).await?;
    let of = ledger::Pending { folder_id, seen_before: None, after: None };
    resume_where(services, &context, of).await
}

/// An error of one mail is no reason to leave those behind it: they are tried, and then the
/// error is told.
async fn resume_where(
    services: &Services,
    context: &Context,
    of: ledger::Pending,
) -> Result<Report> {
    let store = services.store();
    let Target { organization_id, channel_id, .. } = context.target;
    let mut report = Report::default();
    let mut after = None;
    let mut failed = None;
    loop {
        let of = ledger::Pending { after, ..of };
        let pending =
            ledger::list_pending(store, organization_id, channel_id, of, RESUME_PAGE).await?;
        let Some(last) = pending.last() else { break };
        after = Some(last.id);
        for entry in pending {
            let id = entry.id;
            match retry_entry(services, context, entry).await {
                Ok(part) => report.add(part),
                Err(error) => {
                    let cause = &error as &dyn std::error::Error;
                    tracing::warn!(error = cause, ledger.id = %id, "A stored mail is not filed yet");
                    // One lost object shall not keep a mailbox from being read.
                    if !is_missing(&error) {
                        failed.get_or_insert(error);
                    }
                }
            }
        }
    }
    failed.map_or(Ok(report.counted()), Err)
}

/// Tries a quarantined mail again, at an admin's word.
pub async fn retry(
    services: &Services,
    target: &Target,
    organization_id: OrganizationId,
    id: LedgerId,
) -> Result<Report> {
    let store = services.store();
    let mut entry = ledger::find(store, organization_id, id)
        .await?
        .filter(|entry| entry.channel_id == target.channel_id)
        .ok_or(ServiceError::NotFound)?;
    if entry.state != LedgerState::Quarantined {
        return Err(ServiceError::conflict("not_quarantined", "This mail is not quarantined."));
    }
    entry.attempts = 0;
    let context = Context::open(services, target).await?;
    retry_entry(services, &context, entry).await
}

/// What counts as an attempt is what a mail itself may bring down, not a store that does not
/// hand it out.
async fn retry_entry(
    services: &Services,
    context: &Context,
    entry: ledger::Entry,
) -> Result<Report> {
    let store = services.store();
    let organization_id = context.target.organization_id;
    if entry.attempts >= MAX_ATTEMPTS {
        return set_aside(services, organization_id, entry.id, "tried_too_often").await;
    }
    let stored = match load(services, context, &entry).await {
        Ok(stored) => stored,
        Err(error) if is_damage(&error) => {
            return set_aside(services, organization_id, entry.id, "raw_unreadable").await;
        }
        Err(error) => return Err(error),
    };
    let tx = store.begin().await?;
    ledger::count_attempt(&tx, organization_id, entry.id).await?;
    tx.commit().await?;
    process(services, context, vec![stored]).await
}

/// The object store does not have it, or is not there itself: the mail waits.
fn is_missing(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Store(StoreError::Blob(BlobError::Missing(_))))
}

/// It will not open next time either.
fn is_damage(error: &ServiceError) -> bool {
    match error {
        ServiceError::NotFound
        | ServiceError::Store(StoreError::Sealed(_) | StoreError::Corrupt { .. }) => true,
        ServiceError::Store(StoreError::Blob(error)) => {
            matches!(error, BlobError::Sealed(_) | BlobError::Damaged(_) | BlobError::Range { .. })
        }
        _ => false,
    }
}

async fn set_aside(
    services: &Services,
    organization_id: OrganizationId,
    id: LedgerId,
    reason: &'static str,
) -> Result<Report> {
    let tx = services.store().begin().await?;
    ledger::set_state(&tx, organization_id, &[id], LedgerState::Quarantined, Some(reason)).await?;
    tx.commit().await?;
    tracing::error!(ledger.id = %id, reason, "A stored mail is quarantined");
    Ok(Report { quarantined: 1, ..Report::default() })
}

/// Reads a stored mail back.
async fn load(services: &Services, context: &Context, entry: &ledger::Entry) -> Result<Stored> {
    let store = services.store();
    let organization_id = context.target.organization_id;
    let message_id = entry.message_id.ok_or(ServiceError::NotFound)?;
    let found =
        raw::find(store, organization_id, message_id).await?.ok_or(ServiceError::NotFound)?;
    let bytes = found.read_all(store, services.blobs()).await?;
    let folders =
        folders::list(store, &context.channel_key, organization_id, context.target.channel_id)
            .await?;
    let role = folders
        .iter()
        .find(|folder| folder.id == entry.folder_id)
        .map_or(FolderRole::Inbox, |folder| folder.role);
    Ok(Stored {
        ledger_id: entry.id,
        message_id,
        key: store.keyring().get(found.key_id()).await?,
        raw: bytes.into(),
        received_at: entry.received_at,
        is_history: entry.is_history,
        role,
    })
}

/// Understands and files stored mail.
async fn process(services: &Services, context: &Context, stored: Vec<Stored>) -> Result<Report> {
    if stored.is_empty() {
        return Ok(Report::default());
    }
    let (understood, refused) =
        understand::all(stored, services.options().max_incoming_bytes).await?;
    let mut report = file::quarantine(services, context, refused).await?;
    report.add(file::all(services, context, understood).await?);
    Ok(report)
}
