//! One task per mailbox: started, restarted when the mailbox changes, stopped at shutdown.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::imap::{Reader, SyncError};
use super::maildir;
use super::rules::Import;
use crate::domain::ids::ChannelId;
use crate::domain::words::Provider;
use crate::imap::ImapError;
use crate::net::Net;
use crate::service::sync::{self, Failure, SyncMailbox};
use crate::service::{ServiceError, Services, intake};

/// New and changed mailboxes are noticed by the event log at once, and by this look at the
/// database in any case (another instance may have made the change).
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// How mailboxes are read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Each mailbox is looked at this often even when its server announces nothing.
    pub poll: Duration,
    /// Each Maildir is looked at this often: a folder announces nothing.
    pub maildir_poll: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { poll: Duration::from_mins(1), maildir_poll: Duration::from_secs(1) }
    }
}

/// Rings when an admin wants a mailbox to be read now.
pub trait Bells: Send + Sync + std::fmt::Debug {
    /// The bell of a mailbox.
    fn bell(&self, channel: ChannelId) -> Arc<Notify>;
}

/// Reads all mailboxes.
#[derive(Debug)]
pub struct Supervisor {
    services: Services,
    net: Net,
    bells: Arc<dyn Bells>,
    options: Options,
    tasks: HashMap<ChannelId, Task>,
}

#[derive(Debug)]
struct Task {
    /// What the task was started with; a difference restarts it.
    fingerprint: String,
    cancel: CancellationToken,
    handle: JoinHandle<()>,
}

impl Supervisor {
    /// A supervisor that has started nothing yet.
    #[must_use]
    pub fn new(services: Services, net: Net, bells: Arc<dyn Bells>, options: Options) -> Self {
        Self { services, net, bells, options, tasks: HashMap::new() }
    }

    /// Reads until `shutdown`; returns when every task has ended.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut signals = self.services.store().signals();
        loop {
            if let Err(error) = self.look(&shutdown).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "Mailboxes cannot be listed"
                );
            }
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                _ = signals.recv() => {
                    // A busy import signals all the time; once a second is soon enough.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    while signals.try_recv().is_ok() {}
                }
            }
        }
        for (_, task) in self.tasks.drain() {
            task.cancel.cancel();
            let _ = task.handle.await;
        }
    }

    /// Starts what should run and stops what should not.
    async fn look(&mut self, shutdown: &CancellationToken) -> Result<(), ServiceError> {
        let wanted = sync::list(&self.services).await?;
        let mut keep: HashMap<ChannelId, Task> = HashMap::new();
        for mailbox in wanted {
            let id = mailbox.target.channel_id;
            let fingerprint = format!("{:?} {}", mailbox.settings, mailbox.address);
            let running = self
                .tasks
                .remove(&id)
                .filter(|task| task.fingerprint == fingerprint && !task.handle.is_finished());
            let task = match running {
                Some(task) => task,
                None => self.start(mailbox, fingerprint, shutdown.child_token()),
            };
            keep.insert(id, task);
        }
        for task in self.tasks.values() {
            task.cancel.cancel();
        }
        self.tasks = keep;
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a supervisor owns its tasks")]
    fn start(&self, mailbox: SyncMailbox, fingerprint: String, cancel: CancellationToken) -> Task {
        let services = self.services.clone();
        let net = self.net.clone();
        let options = self.options;
        let bell = self.bells.bell(mailbox.target.channel_id);
        let stop = cancel.clone();
        let handle = tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = read(&services, &net, &mailbox, &bell, options) => {}
            }
        });
        Task { fingerprint, cancel, handle }
    }
}

/// Reads one mailbox until only an admin can help.
async fn read(
    services: &Services,
    net: &Net,
    mailbox: &SyncMailbox,
    bell: &Notify,
    options: Options,
) {
    let mut backoff = Backoff::default();
    let channel = mailbox.target.channel_id;
    loop {
        let started = tokio::time::Instant::now();
        let result = read_once(services, net, mailbox, bell, options).await;
        let Err(error) = result else { return };
        if matches!(error, SyncError::Asked) {
            continue;
        }
        // A session that worked for a while is no sign of a server in trouble.
        if started.elapsed() > options.poll {
            backoff.reset();
        }
        let failure = failure(&error);
        tracing::warn!(
            channel.id = %channel,
            code = failure.code,
            error = &error as &dyn std::error::Error,
            "A mailbox cannot be read"
        );
        if let Err(error) = sync::report_failure(services, mailbox, &failure).await {
            tracing::error!(channel.id = %channel, error = &error as &dyn std::error::Error, "A mailbox's state cannot be stored");
        }
        if failure.needs_reauthorization {
            return;
        }
        let wait = backoff.next(services.store().ids().as_ref());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = bell.notified() => {}
        }
    }
}

async fn read_once(
    services: &Services,
    net: &Net,
    mailbox: &SyncMailbox,
    bell: &Notify,
    options: Options,
) -> Result<(), SyncError> {
    let left = intake::resume(services, &mailbox.target).await?;
    if left != intake::Report::default() {
        tracing::info!(
            channel.id = %mailbox.target.channel_id,
            imported = left.imported,
            quarantined = left.quarantined,
            "Mail that an earlier run had stored was taken up"
        );
    }
    let import = Import {
        mode: mailbox.import_mode,
        since: mailbox.import_since,
        connected_at: mailbox.connected_at,
    };
    match mailbox.provider {
        Provider::Maildir => maildir::run(services, mailbox, import, options.maildir_poll).await,
        Provider::Google | Provider::Microsoft | Provider::Imap => {
            Reader { services, mailbox, import, bell, poll: options.poll }.run(net).await
        }
    }
}

/// What to tell the admin.
fn failure(error: &SyncError) -> Failure {
    match error {
        SyncError::Imap(error) => Failure {
            needs_reauthorization: matches!(error, ImapError::NeedsReauthorization { .. }),
            code: error.code(),
            words: error.words().map(str::to_owned),
        },
        SyncError::Maildir(error) => Failure {
            needs_reauthorization: false,
            code: "maildir_unreadable",
            words: Some(error.to_string()),
        },
        SyncError::Service(ServiceError::Upstream { code, message }) => Failure {
            needs_reauthorization: *code == sync::NEEDS_REAUTHORIZATION,
            code,
            words: Some(message.clone()),
        },
        SyncError::Service(_) | SyncError::Asked => {
            Failure { needs_reauthorization: false, code: "internal", words: None }
        }
    }
}
