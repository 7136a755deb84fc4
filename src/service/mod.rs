//! Use cases: authorize, change, enqueue, in one transaction.
//!
//! A use case is a function `(&Services, &Actor, request) -> Result<answer>`. It asks
//! [`Services::scope`] what the actor may reach, does what needs the keyring or the object
//! store first, then opens one transaction, and never talks to the network inside it. Where it
//! must reach a network (a connection test, an OAuth callback) it goes through a port, a trait
//! that `app` wires.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio_util::task::TaskTracker;

use crate::authz::{Actor, Permission};
use crate::blob::BlobStore;
use crate::domain::words::Provider;
use crate::store::mailboxes::MailServer;
use crate::store::{Scope, Store};

pub mod access;
pub mod accounts;
pub mod acknowledgements;
pub mod acts;
pub mod alarm;
pub mod allowance;
pub mod backup;
pub mod closing;
pub mod comparison;
pub mod connect;
pub mod consent;
pub mod contacts;
pub mod conversation;
pub mod data_requests;
pub mod dead_keys;
pub mod doctor;
pub mod drafts;
pub mod erasure;
pub mod error;
pub mod expiry;
pub mod feed;
pub mod holds;
pub mod idempotency;
pub mod images;
pub mod import;
pub mod incident;
pub mod intake;
pub mod letters;
pub mod load;
pub mod mailboxes;
pub mod messages;
pub mod names;
pub mod notes;
pub mod notices;
pub mod operator;
pub mod organization;
pub mod outbox;
pub mod outgoing;
pub mod own_settings;
pub mod packed;
pub mod parcels;
pub mod password_links;
mod passwords;
pub mod photos;
mod places;
pub mod policies;
pub mod ports;
pub mod post;
pub mod preferences;
pub mod presence;
pub mod providers;
pub mod prune;
pub mod purge;
pub mod quarantine;
mod quotes;
pub mod reading;
pub mod register;
pub mod replies;
pub mod restore;
pub mod retention;
pub mod rotation;
pub mod saved_replies;
pub mod saved_views;
pub mod search;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod status;
pub mod sync;
pub mod tags;
pub mod teams;
pub mod threading;
mod throttle;
pub mod tickets;
pub mod uploads;
pub mod users;

pub use error::{Result, ServiceError};
pub use ports::Ports;

/// What the use cases need to know of the configuration.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where browsers reach Loket, without a trailing slash.
    pub public_url: String,
    /// How long an answer can be taken back.
    pub undo: Duration,
    /// An answer that has waited for longer asks before it goes.
    pub late_after: Duration,
    /// The largest upload and the largest outgoing mail, in bytes.
    pub max_mail_bytes: usize,
    /// The largest mail that comes in, in bytes; a larger one is quarantined.
    pub max_incoming_bytes: usize,
    /// Folders inside which an admin may link a Maildir from the web.
    pub maildir_folders: Vec<PathBuf>,
    /// How Loket's own mail leaves.
    pub own_mail: OwnMail,
    /// The mail servers of Google and Microsoft.
    pub servers: ProviderServers,
    /// How long what is disconnected can come back, and how long backups last.
    pub forgetting: Forgetting,
    /// Where things are, for the register of processing.
    pub deployment: register::Deployment,
    /// The folder of the search indexes.
    pub search_folder: PathBuf,
}

/// How long what is disconnected can come back, and how long backups last.
#[derive(Debug, Clone, Copy)]
pub struct Forgetting {
    /// Days in which disconnecting can be undone.
    pub undo_days: u32,
    /// Days that backups of the keyring are kept.
    pub keyring_backup_days: u32,
    /// Days that backups of data are kept.
    pub data_backup_days: u32,
    /// Days after which even the last one is gone where no newer ones are made.
    pub last_backup_days: u32,
}

impl Default for Forgetting {
    fn default() -> Self {
        Self { undo_days: 14, keyring_backup_days: 7, data_backup_days: 30, last_backup_days: 365 }
    }
}

/// How Loket's own mail leaves; not at all when neither is set.
#[derive(Debug, Clone, Default)]
pub struct OwnMail {
    /// The address that it comes from, when the configuration names a server for it.
    pub from: Option<String>,
    /// The linked mailbox that it leaves by, when there is no such server.
    pub mailbox: Option<String>,
}

/// The mail servers of a provider.
#[derive(Debug, Clone)]
pub struct Servers {
    /// Where mail is read.
    pub imap: MailServer,
    /// Where answers are handed in.
    pub smtp: MailServer,
}

/// The mail servers of the providers that have their own.
#[derive(Debug, Clone)]
pub struct ProviderServers {
    /// Google's.
    pub google: Servers,
    /// Microsoft's.
    pub microsoft: Servers,
}

impl ProviderServers {
    /// Those of a provider, if it has its own.
    #[must_use]
    pub fn of(&self, provider: Provider) -> Option<&Servers> {
        match provider {
            Provider::Google => Some(&self.google),
            Provider::Microsoft => Some(&self.microsoft),
            Provider::Imap | Provider::Maildir => None,
        }
    }
}

/// Everything that the use cases work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    blobs: BlobStore,
    options: Options,
    ports: Ports,
    setup_token: setup::SetupToken,
    throttle: throttle::Throttle,
    rooms: presence::Rooms,
    saved: broadcast::Sender<drafts::Saved>,
    search: search::Engine,
    tasks: TaskTracker,
}

impl Services {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, blobs: BlobStore, options: Options, ports: Ports) -> Self {
        let inner = Inner {
            store,
            blobs,
            search: search::Engine::new(options.search_folder.clone()),
            options,
            ports,
            setup_token: setup::SetupToken::default(),
            throttle: throttle::Throttle::default(),
            rooms: presence::Rooms::default(),
            saved: broadcast::channel(drafts::SIGNALS).0,
            tasks: TaskTracker::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The object store.
    #[must_use]
    pub fn blobs(&self) -> &BlobStore {
        &self.inner.blobs
    }

    /// What must end well although nobody waits for it any more.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// Waits for what must end well. For whoever is about to close the store.
    pub async fn settle(&self) {
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// The configuration of the use cases.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// The network.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    fn setup_token(&self) -> &setup::SetupToken {
        &self.inner.setup_token
    }

    fn throttle(&self) -> &throttle::Throttle {
        &self.inner.throttle
    }

    /// The search indexes of this instance.
    #[must_use]
    pub fn search(&self) -> &search::Engine {
        &self.inner.search
    }

    fn rooms(&self) -> &presence::Rooms {
        &self.inner.rooms
    }

    /// What members have written, as it is saved by this instance.
    fn saved(&self) -> &broadcast::Sender<drafts::Saved> {
        &self.inner.saved
    }

    /// What the actor may reach, if they may do this kind of act at all.
    pub fn scope(&self, actor: &Actor, permission: Permission) -> Result<Scope> {
        if actor.may(permission) { Ok(reach_of(actor)) } else { Err(ServiceError::Forbidden) }
    }
}

/// The channels of the actor, without the customers whose data is restricted.
fn reach_of(actor: &Actor) -> Scope {
    Scope::channels(actor.organization_id, Arc::clone(&actor.channels))
        .by_ticket()
        .without(Arc::clone(&actor.hidden))
}

/// Whether what was found is at the version that somebody changes. What two change at once passes
/// both times: `store::versions` asks again in the transaction.
fn still_at(found: i32, version: i32) -> Result<()> {
    if found == version { Ok(()) } else { Err(ServiceError::Stale) }
}
