//! Opens what is on disk: databases, keyring, object store.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::blob::{BlobError, BlobStore, S3Settings};
use crate::clock::Clock;
use crate::config::blobs::BlobKind;
use crate::config::{Config, HomeError};
use crate::crypto::{ForgetEntry, KeyError, Keyring, KeyringLocation, KeyringOptions};
use crate::ids::Ids;
use crate::net::NetError;
use crate::store::pairing::{self, Unpaired};
use crate::store::reconcile::{self, Disagreement};
use crate::store::{Db, Location, Store, StoreError};

/// Why Loket cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The home folder.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The data or the audit database.
    #[error("the database cannot be opened")]
    Store(#[source] StoreError),
    /// A database and a keyring of different servers.
    #[error(transparent)]
    Unpaired(#[from] Unpaired),
    /// The keyring.
    #[error("the keyring cannot be opened")]
    Keyring(#[from] KeyError),
    /// The object store.
    #[error("the store of large mail cannot be opened")]
    Blobs(#[from] BlobError),
    /// The file of extra certificates.
    #[error("tls.extra_ca_file: {} cannot be read; name a PEM file that Loket can read, or take the setting out", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// TLS.
    #[error("outgoing connections cannot be set up")]
    Net(#[source] NetError),
    /// Keys beside the data that they seal.
    #[error(
        "the keyring is in the same PostgreSQL cluster as the data, so that every backup of the \
         data holds its keys. Give database.keyring_url another cluster, or set \
         database.allow_same_cluster = true (statements of deletion will mention it)"
    )]
    SameCluster,
    /// The copies of the forget-list do not agree.
    #[error(transparent)]
    Forget(#[from] Disagreement),
    /// A restore is under way.
    #[error("a restore is under way here: wait until it is done")]
    Restoring,
    /// A restore was broken off.
    #[error(
        "a restore of this server was broken off, so that what is here is not whole: run \
         loket restore again, with --replace"
    )]
    RestoreUnfinished,
    /// The lock that keeps a restore from a running server.
    #[error("the lock {} cannot be used", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unpaired(why) => Self::Unpaired(why),
            StoreError::Forget(why) => Self::Forget(why),
            other => Self::Store(other),
        }
    }
}

/// Opens data, audit log and keyring.
pub(super) async fn store(
    config: &Config,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
) -> Result<Store, OpenError> {
    config.home.prepare()?;
    let db = database(config).await?;
    let audit = match config.database.on_postgres() {
        Some(_) => db.clone(),
        None => Db::open(&Location::Sqlite(config.home.audit())).await?,
    };
    let keyring = keyring(config, &db, &clock, &ids).await?;
    if let Some(of_keys) = keyring.system_identifier().await?
        && Some(of_keys) == db.system_identifier().await?
        && !config.database.allow_same_cluster
    {
        return Err(OpenError::SameCluster);
    }
    let store = Store::new(db, audit, keyring, clock, ids);
    pairing::check(&store).await?;
    Ok(store)
}

async fn database(config: &Config) -> Result<Db, OpenError> {
    let location = match config.database.on_postgres() {
        Some(url) => Location::Postgres(url.expose_secret().to_owned()),
        None => Location::Sqlite(config.home.database()),
    };
    Ok(Db::open_with(&location, config.database.max_connections).await?)
}

/// What the data that is there knows of the forget-list, without its keyring.
pub(super) async fn data(config: &Config) -> Result<Vec<ForgetEntry>, OpenError> {
    let db = database(config).await?;
    let entries = reconcile::all_of_database(&db).await;
    db.close().await?;
    Ok(entries?)
}

/// Opens the keyring that is there, and no other.
pub(super) async fn existing_keyring(
    config: &Config,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
) -> Result<Keyring, KeyError> {
    let location = match config.database.keyring_on_postgres() {
        Some(url) => KeyringLocation::Postgres(url.clone()),
        None => KeyringLocation::Sqlite(config.home.keyring()),
    };
    let root_key = config.home.root_key();
    let mut options = KeyringOptions::new(location, root_key, Arc::clone(clock), Arc::clone(ids));
    options.may_found = false;
    Keyring::open(options).await
}

/// Opens the keyring; makes one only beside a database that is new as well.
async fn keyring(
    config: &Config,
    db: &Db,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
) -> Result<Keyring, OpenError> {
    let location = match config.database.keyring_on_postgres() {
        Some(url) => KeyringLocation::Postgres(url.clone()),
        None => KeyringLocation::Sqlite(config.home.keyring()),
    };
    let root_key = config.home.root_key();
    let mut options = KeyringOptions::new(location, root_key, Arc::clone(clock), Arc::clone(ids));
    options.max_connections = config.database.max_connections;
    options.may_found = pairing::of_database(db).await?.is_none();
    Keyring::open(options).await.map_err(|error| match error {
        KeyError::NotFounded => OpenError::Unpaired(Unpaired::KeyringEmpty),
        other => OpenError::Keyring(other),
    })
}

/// Opens the object store.
pub(super) fn blobs(config: &Config) -> Result<BlobStore, OpenError> {
    let blobs = &config.blobs;
    match blobs.kind {
        BlobKind::Fs => Ok(BlobStore::open_folder(&config.home.blobs())?),
        BlobKind::S3 => Ok(BlobStore::open_s3(&S3Settings {
            bucket: blobs.bucket.clone().unwrap_or_default(),
            region: blobs.region.clone(),
            endpoint: blobs.endpoint.clone().map(String::from),
            access_key_id: blobs.access_key_id.clone().unwrap_or_default(),
            secret_access_key: blobs.secret_access_key.clone().unwrap_or_default(),
        })?),
    }
}
