//! Backups that forget. A backup of the data holds no key; the keyring's has keys, and is gone
//! after a few days; the forget-list lies beside both and says what must not come back.
//!
//! 1. [`create`] copies the databases while the server runs, and the objects that the destination
//!    lacks; [`create_keyring`] copies the keyring. Each signs a manifest and prunes.
//! 2. [`list`] and [`verify()`] read what is there; [`prune`] removes what has served its time.
//! 3. `jobs::backup` does so by itself where `backup.every_hours` says how often.
//! 4. [`health`] tells the operator how old the last backup is.
//!
//! Putting a backup back is `app::restore`'s work, with [`super::restore`].

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::Services;
use crate::backup::{
    BackupError, DataPlace, DatabaseKind, Destination, FORGET_LIST, FileEntry, ForgetFile,
    KeyringPlace, Kind, Manifest, Pool, Settings, aside, copy, manifest,
};
use crate::crypto::KeyError;
use crate::store::jobs::{self, NewJob};
use crate::store::{Store, StoreError, forget, pairing, reconcile, restored};

pub mod health;

/// The kind of job that makes backups.
pub const KIND: &str = "backup";

/// Why a backup could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Files, tools, objects.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The databases.
    #[error("the database failed")]
    Store(#[source] StoreError),
    /// The keyring.
    #[error("the keyring failed")]
    Key(#[from] KeyError),
    /// Nothing was said about backups.
    #[error("this server has no place for backups")]
    NotSet,
}

impl Failure {
    /// Whether somebody else is making a backup.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Backup(BackupError::Busy { .. }))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Backup(error) => Self::Backup(error),
            other => Self::Store(other),
        }
    }
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Created {
    /// Its folder's name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What is in it.
    pub kind: Kind,
    /// Bytes of its own files.
    pub bytes: u64,
    /// Objects that belong to it.
    pub blobs: u64,
    /// Objects that were copied now; the others were there.
    pub blobs_copied: u64,
    /// The last entry of the forget-list that it knows.
    pub last_forgotten: u64,
    /// Older ones that went.
    pub pruned: Pruned,
}

/// What was removed because its time was over.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pruned {
    /// Backups of the data, by name.
    pub data: Vec<String>,
    /// Backups of the keyring, by name.
    pub keyring: Vec<String>,
    /// Objects that no backup named any more.
    pub blobs: u64,
    /// What a restore had moved aside.
    pub aside: Vec<String>,
}

/// A backup, as it is told of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    /// Its folder's name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// What is in it.
    pub kind: Kind,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Bytes of files and objects; nothing when its manifest cannot be read.
    pub bytes: Option<u64>,
}

/// How a backup is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Examined {
    /// Its folder's name.
    pub name: String,
    /// What is in it.
    pub kind: Kind,
    /// What is wrong with it; nothing when it is as it was made.
    pub problem: Option<String>,
}

fn settings(services: &Services) -> Result<&Settings, Failure> {
    services.store().backups().ok_or(Failure::NotSet)
}

fn destination(settings: &Settings, kind: Kind) -> Destination {
    match kind {
        Kind::Data => Destination::new(&settings.folder, kind),
        Kind::Keyring => Destination::new(&settings.keyring_folder, kind),
    }
}

/// Backs up data, audit log and objects.
pub async fn create(services: &Services) -> Result<Created, Failure> {
    let (store, settings) = (services.store(), settings(services)?);
    let destination = destination(settings, Kind::Data);
    let guard = destination.lock()?;
    // Before the copy: what is forgotten meanwhile is only more than it says.
    forget::copy(store).await?;
    let last_forgotten = forget::last_number(store).await?;
    let begun = destination.begin(&guard, store.now())?;
    let folder = begun.path().to_owned();
    let database = match &settings.data {
        DataPlace::Sqlite { database, audit } => {
            copy::sqlite(database, &folder.join(DATA)).await?;
            copy::sqlite(audit, &folder.join(AUDIT)).await?;
            DatabaseKind::Sqlite
        }
        DataPlace::Postgres(url) => {
            copy::dump(url, settings.tools.as_deref(), &folder.join(DATA_DUMP)).await?;
            DatabaseKind::Postgres
        }
    };
    // After the copy: an object of a row that went meanwhile is of no use any more.
    let names = restored::object_names(store).await?;
    let taken = Pool::open(&destination)?.take(services.blobs(), &names).await?;
    let manifest = Manifest {
        blobs: taken.blobs,
        schema: restored::schema(store).await?,
        ..manifest_of(store, Kind::Data, database, last_forgotten).await?
    };
    let (bytes, blobs) = (seal(store, &folder, manifest).await?, names.len() as u64 - taken.gone);
    let (name, path) = begun.finish()?;
    drop(guard);
    let pruned = prune(services).await?;
    let blobs_copied = taken.copied;
    Ok(Created { name, path, kind: Kind::Data, bytes, blobs, blobs_copied, last_forgotten, pruned })
}

/// Backs up the keyring, without the root key.
pub async fn create_keyring(services: &Services) -> Result<Created, Failure> {
    let (store, settings) = (services.store(), settings(services)?);
    if settings.keyring_keep_days == 0 {
        return Err(BackupError::KeyringNotKept.into());
    }
    let destination = destination(settings, Kind::Keyring);
    let guard = destination.lock()?;
    forget::copy(store).await?;
    let last_forgotten = store.keyring().last_forgotten().await?;
    let begun = destination.begin(&guard, store.now())?;
    let folder = begun.path().to_owned();
    let database = match &settings.keyring {
        KeyringPlace::Sqlite(file) => {
            copy::sqlite(file, &folder.join(KEYRING)).await?;
            DatabaseKind::Sqlite
        }
        KeyringPlace::Postgres(url) => {
            copy::dump(url, settings.tools.as_deref(), &folder.join(KEYRING_DUMP)).await?;
            DatabaseKind::Postgres
        }
    };
    let manifest = manifest_of(store, Kind::Keyring, database, last_forgotten).await?;
    let bytes = seal(store, &folder, manifest).await?;
    let (name, path) = begun.finish()?;
    drop(guard);
    let pruned = prune(services).await?;
    let (blobs, blobs_copied) = (0, 0);
    Ok(Created {
        name,
        path,
        kind: Kind::Keyring,
        bytes,
        blobs,
        blobs_copied,
        last_forgotten,
        pruned,
    })
}

/// The data database in a backup.
pub const DATA: &str = "loket.db";
/// The audit log in a backup.
pub const AUDIT: &str = "audit.db";
/// Both, from PostgreSQL.
pub const DATA_DUMP: &str = "loket.dump";
/// The keyring in a backup.
pub const KEYRING: &str = "keyring.db";
/// The keyring, from PostgreSQL.
pub const KEYRING_DUMP: &str = "keyring.dump";

async fn manifest_of(
    store: &Store,
    kind: Kind,
    database: DatabaseKind,
    last_forgotten: u64,
) -> Result<Manifest, Failure> {
    Ok(Manifest {
        format: manifest::FORMAT,
        kind,
        loket: env!("CARGO_PKG_VERSION").to_owned(),
        schema: 0,
        pairing: pairing::id(store).await?.unwrap_or_default(),
        database,
        created_at: store.now(),
        last_forgotten,
        files: Vec::new(),
        blobs: Vec::new(),
    })
}

/// Puts the forget-list beside the copies, and signs all of it. Returns how many bytes it has.
async fn seal(store: &Store, folder: &Path, mut manifest: Manifest) -> Result<u64, Failure> {
    let mut list = reconcile::all_of_keyring(store.keyring()).await?;
    list.retain(|entry| entry.number <= manifest.last_forgotten);
    let signer = store.keyring().signer().await?;
    let folder = folder.to_owned();
    let work = move || {
        ForgetFile::new(folder.join(FORGET_LIST)).append(&list)?;
        manifest.files = FileEntry::of_folder(&folder)?;
        manifest.write(&folder, &signer)?;
        Ok(manifest.files.iter().map(|file| file.size).sum())
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| BackupError::Io {
        path: settings_path(store),
        source: std::io::Error::other(error),
    })?
    .map_err(|error: BackupError| error.into())
}

fn settings_path(store: &Store) -> PathBuf {
    store.backups().map(|settings| settings.folder.clone()).unwrap_or_default()
}

/// Every backup of both kinds, oldest first.
pub fn list(services: &Services) -> Result<Vec<Listed>, Failure> {
    let settings = settings(services)?;
    let mut all = Vec::new();
    for kind in [Kind::Data, Kind::Keyring] {
        for found in destination(settings, kind).list()? {
            let bytes = Manifest::read(&found.path).ok().map(|(manifest, _)| {
                let files = manifest.files.iter().map(|file| file.size);
                files.chain(manifest.blobs.iter().map(|blob| blob.size)).sum()
            });
            all.push(Listed { name: found.name, path: found.path, kind, at: found.at, bytes });
        }
    }
    Ok(all)
}

/// Reads every backup whole (or the one in `only`), and compares it with what was signed.
pub async fn verify(services: &Services, only: Option<&Path>) -> Result<Vec<Examined>, Failure> {
    let mut wanted: Vec<(String, PathBuf, Kind)> =
        list(services)?.into_iter().map(|one| (one.name, one.path, one.kind)).collect();
    if let Some(only) = only {
        let (manifest, _) = Manifest::read(only)?;
        let name = only.file_name().unwrap_or(only.as_os_str()).to_string_lossy().into_owned();
        wanted = vec![(name, only.to_owned(), manifest.kind)];
    }
    let mut examined = Vec::new();
    for (name, path, kind) in wanted {
        let problem = match verify_one(services, &path, kind).await {
            Ok(()) => None,
            Err(Failure::Backup(error)) => Some(super::doctor::causes(&error)),
            Err(other) => return Err(other),
        };
        examined.push(Examined { name, kind, problem });
    }
    Ok(examined)
}

async fn verify_one(services: &Services, path: &Path, kind: Kind) -> Result<(), Failure> {
    let verified = crate::backup::verify(path, kind).await?;
    let key = services.store().keyring().public_key(verified.seal.signing_key_id).await?;
    if key.is_some_and(|key| verified.seal.verify(&key)) {
        Ok(())
    } else {
        let path = Manifest::path(path);
        Err(BackupError::Altered { path, what: "this server did not sign it" }.into())
    }
}

/// Removes what has served its time, in both places. The forget-list stays.
pub async fn prune(services: &Services) -> Result<Pruned, Failure> {
    let (now, settings) = (services.store().now(), settings(services)?);
    let days = |days: u32| TimeDelta::days(days.into());
    let mut pruned = Pruned { aside: prune_aside(settings, now).await?, ..Pruned::default() };
    let keyring = destination(settings, Kind::Keyring);
    if keyring.root().is_dir() {
        let guard = keyring.lock()?;
        pruned.keyring = keyring.prune(&guard, now, days(settings.keyring_keep_days), None)?;
    }
    let data = destination(settings, Kind::Data);
    if data.root().is_dir() {
        let guard = data.lock()?;
        let longest = Some(days(settings.longest_days));
        pruned.data = data.prune(&guard, now, days(settings.keep_days), longest)?;
        pruned.blobs = Pool::open(&data)?.prune(&data).await?;
    }
    Ok(pruned)
}

async fn prune_aside(settings: &Settings, now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
    let keep = TimeDelta::days(settings.keyring_keep_days.into());
    let mut removed = match &settings.keyring {
        KeyringPlace::Sqlite(file) => aside::prune_file(file, now, keep)?,
        KeyringPlace::Postgres(url) => aside::prune_schemas(url, now, keep).await?,
    };
    let keep = TimeDelta::days(settings.keep_days.into());
    match &settings.data {
        DataPlace::Sqlite { database, audit } => {
            removed.append(&mut aside::prune_file(database, now, keep)?);
            removed.append(&mut aside::prune_file(audit, now, keep)?);
        }
        DataPlace::Postgres(url) => {
            removed.append(&mut aside::prune_schemas(url, now, keep).await?);
        }
    }
    Ok(removed)
}

/// Puts the job into the queue, unless it is there.
pub async fn schedule(services: &Services) -> super::Result<()> {
    let every = services.store().backups().map_or(0, |settings| settings.every_hours);
    if every == 0 {
        return Ok(());
    }
    let tx = services.store().begin().await?;
    let job = NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: serde_json::json!({}),
        unique_key: Some(KIND.to_owned()),
        run_at: services.store().now(),
    };
    jobs::add_once(&tx, job).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes both backups, if the server makes any by itself. Returns after how long it is to do so
/// again.
pub async fn run(services: &Services) -> Result<Option<TimeDelta>, Failure> {
    let settings = settings(services)?;
    if settings.every_hours == 0 {
        return Ok(None);
    }
    if settings.keyring_keep_days > 0 {
        create_keyring(services).await?;
    }
    create(services).await?;
    Ok(Some(TimeDelta::hours(settings.every_hours.into())))
}
