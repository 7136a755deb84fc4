//! Reads a mailbox over IMAP: new mail above the cursor first, then history, newest first.
//!
//! A folder's cursor has three numbers: the server's UIDVALIDITY, the last UID below which
//! everything is in the ledger or is history, and the UID below which history is still to be
//! imported. A folder that was renumbered is gone through as history once more; the ledger
//! knows by content what it has.

use std::time::Duration;

use super::Options;
use super::rules::{Disposition, Import};
use super::walk::{Fetched, Walk};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::domain::words::{FolderRole, ImportMode, Provider};
use crate::imap::{self, ImapError, Role, Selected, Session, Wake};
use crate::maildir::MaildirError;
use crate::net::{Credentials, Endpoint, Net, TlsMode};
use crate::service::intake::{self, Batch, Incoming, Report};
use crate::service::mailboxes::Tls;
use crate::service::sync::{self, Cursor, Folder, Secret, Server, SignIn, SyncMailbox};
use crate::service::{ServiceError, Services, allowance, reading};

/// Mails in one batch: many mails, few commits.
const BATCH_MAILS: usize = 200;

/// Bytes in one batch: with the next one under way, memory holds two.
const BATCH_BYTES: u64 = 6 << 20;

/// A connection that is older is replaced by a fresh one: some go deaf without breaking, and a
/// mailbox that is silent looks just like that.
const FRESH: Duration = Duration::from_mins(30);

/// Looks at the folders are at least this far apart while mail comes in: a look costs as much for one mail as for ten.
/// Whoever has waited for longer is served at once.
const GATHER: Duration = Duration::from_millis(200);

/// UIDs listed at once.
pub(super) const LIST_SPAN: i64 = 20_000;

/// Where our own count of renumberings begins in a stored UIDVALIDITY: a server whose UIDNEXT
/// went down uses UIDs a second time under the same UIDVALIDITY; and a folder that was ever
/// renumbered is gone through to its end, since new mail may lie anywhere in it.
const GENERATION: i64 = 1 << 32;

/// What ends a session.
#[derive(Debug, thiserror::Error)]
pub(super) enum SyncError {
    /// The server.
    #[error(transparent)]
    Imap(#[from] ImapError),
    /// The folder on this machine.
    #[error(transparent)]
    Maildir(#[from] MaildirError),
    /// A new session is to begin, because an admin asked for a look or this one is old: no error.
    #[error("a new session is to begin")]
    Asked,
    /// Our own side.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A mailbox being read.
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

/// A folder being read.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: String,
    role: FolderRole,
    /// Mails in a row that were too old to import.
    older: usize,
}

impl Reader<'_> {
    /// Connects and reads until the connection ends.
    pub(super) async fn run(&self, net: &Net) -> Result<(), SyncError> {
        let mut session = self.connect(net).await?;
        let connected = Instant::now();
        let mut folders = self.folders(&mut session).await?;
        loop {
            let looked = Instant::now();
            let wished = reading::wished(self.services, &self.mailbox.target).await?;
            // History is under way, and some of it was read just now.
            let (mut importing, mut busy) = (false, false);
            for open in &mut folders {
                let folder = if open.role == FolderRole::All {
                    let folder = self.open_archive(&mut session, open, importing).await?;
                    let Some(folder) = folder else { continue };
                    folder
                } else {
                    let (folder, selected) = self.open(&mut session, open).await?;
                    self.catch_up(&mut session, folder, &selected).await?
                };
                let folder = self.again(&mut session, folder).await?;
                // One batch at a time, so that new mail never waits for history.
                if folder.backfill_uid > 0 && !importing {
                    importing = true;
                    busy = self.backfill(&mut session, folder, open).await?;
                } else {
                    self.compare(&mut session, folder).await?;
                }
            }
            sync::report_synced(self.services, self.mailbox, importing).await?;
            if let Some(since) = wished.filter(|_| !busy) {
                reading::fulfil(self.services, &self.mailbox.target, since).await?;
            }
            if !busy && self.once {
                session.logout().await;
                return Ok(());
            }
            if !busy && connected.elapsed() >= FRESH {
                session.logout().await;
                return Err(SyncError::Asked);
            }
            if !busy {
                self.wait(&mut session, &mut folders, looked).await?;
            }
        }
    }

    /// Signs in; a token that is refused is replaced by another one, once.
    async fn connect(&self, net: &Net) -> Result<Session, SyncError> {
        let target = &self.mailbox.target;
        let (organization, channel) = (target.organization_id, target.channel_id);
        let sign_in = sync::sign_in(self.services, organization, channel, Server::Imap).await?;
        match self.dial(net, &sign_in).await {
            Err(error @ ImapError::NeedsReauthorization { .. }) => {
                let again =
                    sync::sign_in_again(self.services, organization, channel, &sign_in).await?;
                Ok(self.dial(net, &again.ok_or(error)?).await?)
            }
            session => Ok(session?),
        }
    }

    async fn dial(&self, net: &Net, sign_in: &SignIn) -> Result<Session, ImapError> {
        let (endpoint, credentials) = dial_to(sign_in.clone());
        let max_mail = self.services.options().max_incoming_bytes as u64;
        Session::connect(net, &endpoint, &credentials, imap::Options { max_mail }).await
    }

    /// Opens a folder and finds its cursor, which is set at the first look and when the server
    /// has renumbered.
    pub(super) async fn open(
        &self,
        session: &mut Session,
        open: &Open,
    ) -> Result<(Folder, Selected), SyncError> {
        let selected = session.examine(&open.name).await?;
        let mut folder =
            sync::folder(self.services, &self.mailbox.target, &open.name, open.role).await?;
        let validity = i64::from(selected.uid_validity);
        let next = i64::from(selected.uid_next);
        let same = folder.uid_validity % GENERATION == validity;
        if same && next > folder.last_uid {
            return Ok((folder, selected));
        }
        let first_look = folder.uid_validity == 0;
        let generation = if first_look { 0 } else { folder.uid_validity / GENERATION + 1 };
        if first_look {
            sync::report_total(self.services, self.mailbox, i64::from(selected.exists)).await?;
        } else {
            tracing::info!(channel.id = %self.mailbox.target.channel_id, "A folder was renumbered");
        }
        let cursor = Cursor {
            uid_validity: validity + generation * GENERATION,
            last_uid: next - 1,
            backfill_uid: next,
        };
        self.take(&folder, Vec::new(), cursor).await?;
        folder.uid_validity = cursor.uid_validity;
        folder.last_uid = cursor.last_uid;
        folder.backfill_uid = cursor.backfill_uid;
        Ok((folder, selected))
    }

    /// Reads what is above the cursor, and moves it past deleted UIDs too.
    async fn catch_up(
        &self,
        session: &mut Session,
        mut folder: Folder,
        selected: &Selected,
    ) -> Result<Folder, SyncError> {
        let end = i64::from(selected.uid_next) - 1;
        while folder.last_uid < end {
            let until = end.min(folder.last_uid + LIST_SPAN);
            let uids = list(session, folder.last_uid + 1, until).await?;
            self.pump(session, &mut folder, uids, &Walk::Up).await?;
            if folder.last_uid < until {
                let cursor = Cursor { last_uid: until, ..folder.cursor() };
                self.take(&folder, Vec::new(), cursor).await?;
                folder.last_uid = until;
            }
        }
        Ok(folder)
    }

    /// Fetches what an admin wants to be tried again.
    async fn again(&self, session: &mut Session, mut folder: Folder) -> Result<Folder, SyncError> {
        let wanted = sync::wanted(self.services, &folder).await?;
        let uids: Vec<u32> = wanted.iter().filter_map(|uid| u32::try_from(*uid).ok()).collect();
        if !uids.is_empty() {
            let walk = Walk::Again { import: self.import };
            self.pump(session, &mut folder, uids, &walk).await?;
        }
        Ok(folder)
    }

    /// Reads one batch of history, newest first; false when there shall be no more today.
    async fn backfill(
        &self,
        session: &mut Session,
        mut folder: Folder,
        open: &mut Open,
    ) -> Result<bool, SyncError> {
        if self.left().await? == 0 {
            return Ok(false);
        }
        let low = (folder.backfill_uid - LIST_SPAN).max(1);
        let mut uids = list(session, low, folder.backfill_uid - 1).await?;
        uids.reverse();
        uids.truncate(BATCH_MAILS);
        let at = |uid: i64, folder: &Folder| Cursor {
            backfill_uid: if uid <= 1 { 0 } else { uid },
            ..folder.cursor()
        };
        if uids.is_empty() {
            self.take(&folder, Vec::new(), at(low, &folder)).await?;
            return Ok(true);
        }
        let lowest = uids.last().copied().map_or(low, i64::from);
        let (mut uids, mut skipped) = self.of_age(session, uids, &mut open.older).await?;
        let mut elsewhere = 0;
        let mut walk = Walk::Down { import: self.import };
        if open.role == FolderRole::All {
            let found = self.archived(session, uids).await?;
            uids = found.uids;
            skipped.extend(found.left_out);
            elsewhere = found.elsewhere;
            walk = Walk::Archive { import: self.import };
        }
        let (mut report, rest) = self.pump(session, &mut folder, uids, &walk).await?;
        // Without an end a folder that is years old is gone through for a mail of today.
        let renumbered = folder.uid_validity >= GENERATION;
        let ends = !renumbered && open.older >= self.import.older_in_a_row();
        let cursor = if rest.is_empty() {
            at(if ends { 0 } else { lowest }, &folder)
        } else {
            // They are listed once more tomorrow.
            open.older = 0;
            folder.cursor()
        };
        let batch = Batch {
            folder: folder.clone(),
            mails: Vec::new(),
            missing: Vec::new(),
            skipped,
            cursor,
        };
        report.add(self.file(Some(batch)).await?);
        let read = report.imported + report.duplicate + report.skipped + report.quarantined;
        sync::report_import(self.services, self.mailbox, read + elsewhere).await?;
        Ok(true)
    }

    /// Tells what is to be fetched from what is too old for the import, which is not.
    pub(super) async fn of_age(
        &self,
        session: &mut Session,
        uids: Vec<u32>,
        older: &mut usize,
    ) -> Result<(Vec<u32>, Vec<(i64, &'static str)>), SyncError> {
        let (mut young, mut old) = (Vec::with_capacity(uids.len()), Vec::new());
        if self.import.mode == ImportMode::All {
            return Ok((uids, old));
        }
        let dates = session.internal_dates(&uids).await?;
        for uid in uids {
            match self.import.of_old(dates.get(&uid).copied()) {
                Disposition::Skip(reason) => {
                    old.push((i64::from(uid), reason));
                    *older += 1;
                }
                Disposition::Live | Disposition::History => {
                    young.push(uid);
                    *older = 0;
                }
            }
        }
        Ok((young, old))
    }

    /// How many bytes of history may be downloaded today.
    async fn left(&self) -> Result<u64, ServiceError> {
        let allowance = self.options.allowances.of(self.mailbox.provider);
        allowance::left(self.services, &self.mailbox.target, allowance).await
    }

    /// Fetches these UIDs in batches; each is stored and filed while the next is fetched. Answers
    /// what of history was left for tomorrow, too.
    pub(super) async fn pump(
        &self,
        session: &mut Session,
        folder: &mut Folder,
        mut uids: Vec<u32>,
        walk: &Walk,
    ) -> Result<(Report, Vec<u32>), SyncError> {
        let mut report = Report::default();
        let mut filing: Option<Batch> = None;
        while !uids.is_empty() {
            let left = if walk.is_history() { self.left().await? } else { u64::MAX };
            if left == 0 {
                break;
            }
            let rest = uids.split_off(BATCH_MAILS.min(uids.len()));
            let (fetched, filed) = tokio::join!(
                session.fetch_batch(&uids, BATCH_BYTES.min(left)),
                self.file(filing.take())
            );
            report.add(filed?);
            let fetched = fetched?;
            let bytes = fetched.mails.iter().map(|mail| mail.size).sum();
            allowance::count(self.services, &self.mailbox.target, bytes).await?;
            let fetched = Fetched::new(&uids, fetched);
            let to = walk.cursor(folder.cursor(), &fetched);
            uids = fetched.rest.iter().copied().chain(rest).collect();
            filing = Some(fetched.into_batch(folder.clone(), to, walk));
            folder.uid_validity = to.uid_validity;
            folder.last_uid = to.last_uid;
            folder.backfill_uid = to.backfill_uid;
        }
        report.add(self.file(filing).await?);
        Ok((report, uids))
    }

    async fn file(&self, batch: Option<Batch>) -> Result<Report, ServiceError> {
        match batch {
            Some(batch) => {
                let newest = batch.mails.iter().filter_map(|mail| mail.received_at).max();
                let report = intake::take(self.services, &self.mailbox.target, batch).await?;
                if let Some(newest) = newest {
                    sync::report_mail(self.services, self.mailbox, newest).await?;
                }
                Ok(report)
            }
            None => Ok(Report::default()),
        }
    }

    async fn take(
        &self,
        folder: &Folder,
        mails: Vec<Incoming>,
        cursor: Cursor,
    ) -> Result<Report, ServiceError> {
        let batch = Batch {
            folder: folder.clone(),
            mails,
            missing: Vec::new(),
            skipped: Vec::new(),
            cursor,
        };
        intake::take(self.services, &self.mailbox.target, batch).await
    }

    /// The folders to read: INBOX, and Sent for answers that people give elsewhere. Between them
    /// Gmail's archive, where there is history to import.
    async fn folders(&self, session: &mut Session) -> Result<Vec<Open>, SyncError> {
        let listed = session.list_folders().await?;
        let name = |role: Role| {
            listed.iter().find(|f| f.role == role && f.selectable).map(|f| f.name.clone())
        };
        let open = |name: String, role: FolderRole| Open { name, role, older: 0 };
        let inbox = name(Role::Inbox).unwrap_or_else(|| "INBOX".to_owned());
        // Elsewhere such a folder is a view that shows all folders together.
        let has_archive =
            self.mailbox.provider == Provider::Google && self.import.mode != ImportMode::Now;
        let archive = name(Role::All).filter(|_| has_archive);
        let archive = archive.map(|name| open(name, FolderRole::All));
        let sent = name(Role::Sent).map(|name| open(name, FolderRole::Sent));
        let inbox = open(inbox, FolderRole::Inbox);
        Ok(std::iter::once(inbox).chain(archive).chain(sent).collect())
    }

    /// Waits for news in the INBOX, never longer than the poll: not every server tells. `looked` is when the look
    /// before began.
    async fn wait(
        &self,
        session: &mut Session,
        folders: &mut [Open],
        looked: Instant,
    ) -> Result<(), SyncError> {
        let Some(inbox) = folders.first() else { return Ok(()) };
        let (folder, selected) = self.open(session, inbox).await?;
        if i64::from(selected.uid_next) > folder.last_uid + 1 {
            self.gather(looked).await;
            return Ok(());
        }
        if self.options.idle && session.can_idle() {
            // Either way the folders are looked at next.
            tokio::select! {
                woken = session.idle(self.options.poll.min(imap::IDLE_RENEW)) => {
                    let (Wake::News | Wake::Quiet) = woken?;
                }
                // An IDLE that was left half-way spends the session: begin a new one.
                () = self.bell.notified() => return Err(SyncError::Asked),
            }
            self.gather(looked).await;
        } else {
            tokio::select! {
                () = tokio::time::sleep(self.options.poll) => {}
                () = self.bell.notified() => {}
            }
        }
        Ok(())
    }

    /// Mail comes in bursts: waits for the rest of one, and no longer when an admin wants to see it now.
    async fn gather(&self, looked: Instant) {
        tokio::select! {
            () = tokio::time::sleep_until(looked + GATHER) => {}
            () = self.bell.notified() => {}
        }
    }
}

/// In the words of `net`.
fn dial_to(sign_in: SignIn) -> (Endpoint, Credentials) {
    let SignIn { server, user, secret } = sign_in;
    let tls = match server.tls {
        Tls::Implicit => TlsMode::Implicit,
        Tls::Starttls => TlsMode::StartTls,
    };
    let credentials = match secret {
        Secret::Password(password) => Credentials::Password { user, password },
        Secret::Token(token) => Credentials::XOAuth2 { user, token },
    };
    (Endpoint::new(server.host, server.port, tls), credentials)
}

pub(super) async fn list(session: &mut Session, from: i64, to: i64) -> Result<Vec<u32>, SyncError> {
    match (u32::try_from(from), u32::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to => Ok(session.uids_between(from..=to).await?),
        _ => Ok(Vec::new()),
    }
}
