//! Opens what is on disk: databases, keyring, object store.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::blob::{BlobError, BlobStore, S3Settings};
use crate::clock::Clock;
use crate::config::blobs::BlobKind;
use crate::config::{Config, HomeError};
use crate::crypto::{KeyError, Keyring, KeyringLocation, KeyringOptions};
use crate::ids::Ids;
use crate::net::NetError;
use crate::store::{Db, Location, Store, StoreError};

/// Why Loket cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The home folder.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The data or the audit database.
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
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
}

/// Opens data, audit log and keyring.
pub(super) async fn store(
    config: &Config,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
) -> Result<Store, OpenError> {
    config.home.prepare()?;
    let keyring = Keyring::open(KeyringOptions::new(
        match &config.database.keyring_url {
            Some(url) => KeyringLocation::Postgres(url.clone()),
            None => KeyringLocation::Sqlite(config.home.keyring()),
        },
        config.home.root_key(),
        Arc::clone(&clock),
        Arc::clone(&ids),
    ))
    .await?;
    let (db, audit) = if let Some(url) = &config.database.url {
        let db = Db::open(&Location::Postgres(url.expose_secret().to_owned())).await?;
        (db.clone(), db)
    } else {
        let audit = config.home.data().join("audit.db");
        (
            Db::open(&Location::Sqlite(config.home.database())).await?,
            Db::open(&Location::Sqlite(audit)).await?,
        )
    };
    if let Some(of_keys) = keyring.system_identifier().await?
        && Some(of_keys) == db.system_identifier().await?
        && !config.database.allow_same_cluster
    {
        return Err(OpenError::SameCluster);
    }
    Ok(Store::new(db, audit, keyring, clock, ids))
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
