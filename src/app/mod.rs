//! Composition root: builds everything, owns the lifetimes.
//!
//! 1. [`App::open`] makes the folders, opens the databases, the keyring and the object store,
//!    brings the schema up to date, sees that nothing forgotten came back, and puts the use cases together with the real network
//!    behind their ports ([`oauth`], [`connector`], [`outgoing`]).
//! 2. [`App::serve`] runs the HTTP server, the mailboxes' supervisor and the job worker until
//!    it is told to stop.
//!
//! [`restore`] puts a server back from its backups, and [`rotate`] changes its root key, while nobody
//! has it open ([`running`]).

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::ids::Ids;
use crate::ingest::{self, Allowances};
use crate::net::{Guard, Net, NetError, NetOptions};
use crate::service::ports::{Ports, Waker};
use crate::service::{Forgetting, Options, OwnMail, Services};
use crate::store::reconcile;

mod backup;
mod connector;
mod deployment;
mod dial;
pub mod doctor;
mod images;
mod oauth;
mod open;
mod outgoing;
mod post;
mod providers;
pub mod restore;
pub mod rotate;
mod running;
mod serve;
mod sync;
mod wake;

pub use crate::ingest::{Looked, OnceError};
pub use open::OpenError;

/// Everything, put together.
#[derive(Debug)]
pub struct App {
    /// The use cases.
    pub services: Services,
    net: Net,
    wake: Arc<wake::Wake>,
    reading: ingest::Options,
    running: Option<running::Running>,
}

impl App {
    /// Opens everything that the configuration names. Starts nothing.
    pub async fn open(
        config: &Config,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, OpenError> {
        let running = running::share(config).await?;
        let mut app = Self::assemble(config, clock, ids).await?;
        app.running = Some(running);
        let store = app.services.store();
        store.migrate().await?;
        reconcile::at_start(store, app.services.blobs()).await?;
        Ok(app)
    }

    /// As [`Self::open`], but with the schema as it is.
    async fn assemble(
        config: &Config,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, OpenError> {
        let store = open::store(config, Arc::clone(&clock), Arc::clone(&ids)).await?;
        store.set_backups(backup::settings(config));
        let net = net(config)?;
        let wake = Arc::new(wake::Wake::default());
        let providers = providers::Endpoints::new(&config.providers);
        let ports = Ports {
            mail: Arc::new(connector::Connector::new(net.clone(), providers.clone())),
            oauth: Arc::new(oauth::Providers::new(&net, providers.clone(), clock, ids)?),
            wake: Arc::clone(&wake) as Arc<dyn Waker>,
            post: Arc::new(post::OwnServer::new(
                net_with(config, Guard::AllowPrivate)?,
                &config.smtp,
            )),
            images: Arc::new(images::Images(net.clone())),
            clients: providers::configured_clients(&config.providers),
        };
        let options = Options {
            public_url: config.server.public_url(),
            undo: config.sending.undo().to_std().unwrap_or_default(),
            late_after: config.sending.late_after().to_std().unwrap_or_default(),
            max_mail_bytes: usize::try_from(config.limits.answer_mb).unwrap_or(25) << 20,
            max_incoming_bytes: config.limits.mail_bytes(),
            maildir_folders: config.security.maildir_folders.clone(),
            own_mail: OwnMail {
                from: config.smtp.host.as_ref().and(config.smtp.from.clone()),
                mailbox: config.smtp.mailbox.clone(),
            },
            servers: providers.servers(),
            forgetting: Forgetting {
                undo_days: config.privacy.undo_days,
                keyring_backup_days: config.privacy.keyring_backup_days,
                data_backup_days: config.backup.keep_days,
                last_backup_days: config.backup.keep_days.max(crate::config::backup::MOST_DAYS),
            },
            deployment: deployment::of(config, &providers),
            search_folder: config.home.search(),
        };
        let services = Services::new(store, open::blobs(config)?, options, ports);
        let reading = ingest::Options {
            poll: config.sync.poll(),
            idle: config.sync.idle,
            allowances: Allowances {
                google: config.sync.google_daily_bytes(),
                others: config.sync.daily_bytes(),
            },
            ..ingest::Options::default()
        };
        Ok(Self { services, net, wake, reading, running: None })
    }
}

fn net(config: &Config) -> Result<Net, OpenError> {
    let guard = if config.security.allow_private_mail_hosts {
        Guard::AllowPrivate
    } else {
        Guard::PublicOnly
    };
    net_with(config, guard)
}

fn net_with(config: &Config, guard: Guard) -> Result<Net, OpenError> {
    let extra_roots_pem = match &config.tls.extra_ca_file {
        Some(path) => Some(
            std::fs::read(path)
                .map_err(|source| OpenError::CaFile { path: path.clone(), source })?,
        ),
        None => None,
    };
    Net::new(&NetOptions { extra_roots_pem, guard }).map_err(OpenError::Net)
}

impl From<NetError> for OpenError {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}
