//! One task per mailbox: started when nobody else reads it, restarted when the mailbox changes,
//! stopped at shutdown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::reading::read;
use crate::domain::ids::ChannelId;
use crate::domain::words::Provider;
use crate::net::Net;
use crate::service::reading::{self, RENEW};
use crate::service::sync::{self, SyncMailbox};
use crate::service::{ServiceError, Services};

/// New and changed mailboxes are noticed by the event log at once, and by this look at the
/// database in any case (another instance may have made the change).
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// How mailboxes are read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Each mailbox is looked at this often even when its server announces nothing.
    pub poll: Duration,
    /// Whether IDLE is used where a server offers it.
    pub idle: bool,
    /// Each Maildir is looked at this often: a folder announces nothing.
    pub maildir_poll: Duration,
    /// What may be downloaded from a mailbox in a day.
    pub allowances: Allowances,
}

/// How many bytes a provider hands out from a mailbox in a day, as far as there is a limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowances {
    /// Google.
    pub google: Option<u64>,
    /// Every other server.
    pub others: Option<u64>,
}

impl Allowances {
    pub(super) fn of(&self, provider: Provider) -> Option<u64> {
        match provider {
            Provider::Google => self.google,
            Provider::Microsoft | Provider::Imap => self.others,
            Provider::Maildir => None,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            poll: Duration::from_mins(1),
            idle: true,
            maildir_poll: Duration::from_secs(1),
            allowances: Allowances::default(),
        }
    }
}

/// Rings when an admin wants a mailbox to be read now.
pub trait Bells: Send + Sync + std::fmt::Debug {
    /// The bell of a mailbox.
    fn bell(&self, channel: ChannelId) -> Arc<Notify>;
}

/// Wishes for a look are seen this often.
const ATTEND: Duration = Duration::from_secs(2);

/// Reads all mailboxes that nobody else reads.
#[derive(Debug)]
pub struct Supervisor {
    services: Services,
    net: Net,
    bells: Arc<dyn Bells>,
    options: Options,
    tasks: HashMap<ChannelId, Task>,
    /// What its leases are taken under.
    reader: Uuid,
    renewed: Instant,
    /// The wishes that were passed on.
    wishes: HashMap<ChannelId, DateTime<Utc>>,
}

#[derive(Debug)]
struct Task {
    /// What the task was started with; a difference restarts it.
    fingerprint: String,
    cancel: CancellationToken,
    handle: JoinHandle<()>,
}

impl Task {
    async fn end(self) {
        self.cancel.cancel();
        let _ = self.handle.await;
    }
}

impl Supervisor {
    /// A supervisor that has started nothing yet.
    #[must_use]
    pub fn new(services: Services, net: Net, bells: Arc<dyn Bells>, options: Options) -> Self {
        let reader = services.store().new_id();
        let (tasks, wishes) = (HashMap::new(), HashMap::new());
        Self { services, net, bells, options, tasks, reader, renewed: Instant::now(), wishes }
    }

    /// Reads until `shutdown`; returns when every task has ended.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut signals = self.services.store().signals();
        let mut look_at = Instant::now();
        loop {
            let mut done = Ok(());
            if Instant::now() >= look_at {
                look_at = Instant::now() + LOOK_AGAIN;
                done = self.look(&shutdown).await;
            }
            if let Err(error) = done.and(self.attend().await) {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "Mailboxes cannot be listed"
                );
            }
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(ATTEND) => {}
                _ = signals.recv() => {
                    // A busy import signals all the time; once a second is soon enough.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    while signals.try_recv().is_ok() {}
                    look_at = Instant::now();
                }
            }
        }
        for task in self.tasks.values() {
            task.cancel.cancel();
        }
        for (_, task) in self.tasks.drain() {
            task.end().await;
        }
        if let Err(error) = reading::release(&self.services, self.reader, None).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Mailboxes are not given back; others may read them in a while"
            );
        }
    }

    /// Starts what should run and stops what should not.
    async fn look(&mut self, shutdown: &CancellationToken) -> Result<(), ServiceError> {
        let wanted = sync::list(&self.services).await?;
        let mut keep: HashMap<ChannelId, Task> = HashMap::new();
        for mailbox in wanted {
            let id = mailbox.target.channel_id;
            let fingerprint = format!("{:?} {}", mailbox.settings, mailbox.address);
            let running = match self.tasks.remove(&id) {
                Some(task) if task.handle.is_finished() => None,
                Some(task) if task.fingerprint != fingerprint => {
                    // Two readers would take turns with the cursor.
                    task.end().await;
                    None
                }
                running => running,
            };
            let task = match running {
                Some(task) => task,
                None if reading::take(&self.services, &mailbox.target, self.reader).await? => {
                    self.start(mailbox, fingerprint, shutdown.child_token())
                }
                None => continue,
            };
            keep.insert(id, task);
        }
        let gone = std::mem::replace(&mut self.tasks, keep);
        for (id, task) in gone {
            task.end().await;
            reading::release(&self.services, self.reader, Some(id)).await?;
        }
        Ok(())
    }

    /// Renews the leases, lets go what another one reads by now, and passes wishes on.
    async fn attend(&mut self) -> Result<(), ServiceError> {
        if self.tasks.is_empty() {
            return Ok(());
        }
        if self.renewed.elapsed() >= RENEW {
            let held = reading::renew(&self.services, self.reader).await?;
            let held: HashSet<ChannelId> = held.into_iter().collect();
            self.renewed = Instant::now();
            self.tasks.retain(|id, task| {
                let ours = held.contains(id);
                if !ours {
                    task.cancel.cancel();
                }
                ours
            });
        }
        let wishes: HashMap<_, _> =
            reading::wishes(&self.services, self.reader).await?.into_iter().collect();
        for (id, since) in &wishes {
            if self.wishes.get(id) != Some(since) {
                self.bells.bell(*id).notify_one();
            }
        }
        self.wishes = wishes;
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
