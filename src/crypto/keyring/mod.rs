//! The keyring: every key, wrapped under its parent, in a database of its own.
//!
//! In order: [`database`] connects (SQLite beside `root.key`, or PostgreSQL), [`schema`] brings
//! the tables up to date, [`Keyring::open`] compares the root key with the check value in
//! [`meta`]; then `create` makes keys, `find` opens them (through [`cache`]), `destroy` forgets
//! them and writes the forget-list (`forget`), [`rotate`] gives upper keys new secrets, and `replay` does again what another copy of that
//! list tells. [`wrap`] is the only file that sees wrapped bytes.
//!
//! Two databases cannot commit together: a key is committed here before data names it, and
//! destroyed here before data is deleted. Keys that no row names are swept after a day
//! ([`Keyring::list_orphan_candidates`]).

mod cache;
mod create;
mod database;
mod destroy;
#[expect(unreachable_pub, reason = "sea-orm's derives need pub; the module is private")]
mod entity;
mod find;
mod forget;
mod meta;
mod replay;
mod rewrap;
mod rotate;
mod schema;
mod wrap;

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use sea_orm::ConnectionTrait;
use secrecy::SecretString;
use uuid::Uuid;

use self::cache::KeyCache;
use self::database::KeyringDatabase;
use super::suite::{self, Secret};
use super::{KeyError, root};
use crate::clock::Clock;
use crate::ids::Ids;

pub use self::forget::{ForgetEntry, ForgetKind};
pub use self::replay::Replayed;
pub use self::rotate::{Rotated, UpperKey};

/// Keys that are kept open in memory unless the options say otherwise.
pub const CACHED_KEYS: u64 = 20_000;

/// Where the keyring lives.
#[derive(Debug, Clone)]
pub enum KeyringLocation {
    /// A file; its folder is private and holds no data database.
    Sqlite(PathBuf),
    /// A connection URL (`postgres://…`), of another cluster than the data's.
    Postgres(SecretString),
}

/// What [`Keyring::open`] needs.
#[derive(Debug, Clone)]
pub struct KeyringOptions {
    /// Where the keyring lives.
    pub location: KeyringLocation,
    /// The root key's file. Made at the first start, required ever after.
    pub root_key: PathBuf,
    /// Tells when keys are made and destroyed.
    pub clock: Arc<dyn Clock>,
    /// Draws the ids of keys that callers do not name.
    pub ids: Arc<dyn Ids>,
    /// Connections to PostgreSQL, at most.
    pub max_connections: u32,
    /// Whether a keyring may be made where none is. Not beside data that has one elsewhere.
    pub may_found: bool,
    /// How many opened keys to keep in memory ([`CACHED_KEYS`]).
    pub cached_keys: u64,
}

impl KeyringOptions {
    /// Options with [`CACHED_KEYS`].
    #[must_use]
    pub fn new(
        location: KeyringLocation,
        root_key: PathBuf,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            location,
            root_key,
            clock,
            ids,
            max_connections: database::POSTGRES_CONNECTIONS,
            may_found: true,
            cached_keys: CACHED_KEYS,
        }
    }
}

/// The keyring. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: KeyringDatabase,
    root: RootKey,
    cache: KeyCache,
    /// Which key is the server's: there is one, which is never destroyed ([`KeyError::Protected`]).
    server_key: OnceLock<Uuid>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// The newest forget-list entry that the cache knows of.
    seen: AtomicU64,
    /// The newest rotation that the cache knows of.
    seen_rotations: AtomicU64,
}

/// The root key in memory.
struct RootKey {
    secret: Secret,
    version: u32,
}

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RootKey").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Keyring {
    /// Opens the keyring, and makes it and its root key at the very first start. A root key that
    /// others can read, that is missing or that belongs to another keyring is refused, and then
    /// nothing has been changed.
    pub async fn open(options: KeyringOptions) -> Result<Self, KeyError> {
        // One that others can read is refused before anything else.
        root::find(&options.root_key)?;
        let database = match &options.location {
            KeyringLocation::Sqlite(path) => KeyringDatabase::open_sqlite(path).await?,
            KeyringLocation::Postgres(url) => {
                KeyringDatabase::open_postgres(url, options.max_connections).await?
            }
        };
        let secret = match database.is_founded().await? {
            true => {
                let check = meta::find(database.reader(), meta::ROOT_CHECK).await?;
                root::settle(&options.root_key, |secret| {
                    check.as_deref() == Some(root_check(secret).as_str())
                })?
            }
            false if !options.may_found => return Err(KeyError::NotFounded),
            false => root::find_or_create(&options.root_key)?,
        };
        let previous = root::previous_path(&options.root_key);
        if previous.exists() {
            tracing::warn!(
                file = %previous.display(),
                "the root key from before the last change lies beside the one in use, which opens \
                 the keyring: keep it apart until the last older backup of the keyring is gone, \
                 then destroy it"
            );
        }
        let tx = database.begin_first().await?;
        schema::create_meta(&tx).await?;
        meta::set_once(&tx, meta::ROOT_CHECK, &root_check(&secret)).await?;
        compare_root(&tx, &secret, &options).await?;
        schema::migrate(&tx).await?;
        let version = meta::find_number(&tx, meta::ROOT_VERSION).await?.unwrap_or(1);
        let seen = forget::last_number(&tx).await?.into();
        let rotations = meta::find_number(&tx, meta::ROTATIONS).await?.unwrap_or(0);
        tx.commit().await?;
        Ok(Self(Arc::new(Inner {
            database,
            root: RootKey { secret, version },
            cache: KeyCache::new(options.cached_keys),
            server_key: OnceLock::new(),
            clock: options.clock,
            ids: options.ids,
            seen,
            seen_rotations: u64::from(rotations).into(),
        })))
    }

    /// A value that a caller keeps beside the keys (never a secret), such as how far a sweep is.
    pub async fn find_setting(&self, name: &str) -> Result<Option<String>, KeyError> {
        let name = format!("{}{name}", meta::CALLER);
        Ok(meta::find(self.0.database.reader(), &name).await?)
    }

    /// Sets what [`Self::find_setting`] finds.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), KeyError> {
        let tx = self.0.database.begin().await?;
        meta::set(&tx, &format!("{}{name}", meta::CALLER), value).await?;
        Ok(tx.commit().await?)
    }

    /// The value of the setting; `value` becomes it if there is none. With the same random value
    /// in the data database, this pairs the two: a foreign keyring is noticed at start.
    pub async fn setting_or(&self, name: &str, value: &str) -> Result<String, KeyError> {
        let tx = self.0.database.begin().await?;
        let held = meta::set_once(&tx, &format!("{}{name}", meta::CALLER), value).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// What names the PostgreSQL cluster that the keyring is in; nothing on SQLite. It must differ
    /// from the data database's, or backups of the one would hold the other.
    pub async fn system_identifier(&self) -> Result<Option<String>, KeyError> {
        Ok(self.0.database.system_identifier().await?)
    }

    fn new_id(&self) -> Uuid {
        self.0.ids.uuid(self.0.clock.now())
    }
}

fn root_check(secret: &Secret) -> String {
    let full = suite::derive(secret, &[b"loket root check 1\0"]);
    let mut digits = hex::encode(full.as_slice());
    digits.truncate(32);
    digits
}

async fn compare_root(
    db: &impl ConnectionTrait,
    secret: &Secret,
    options: &KeyringOptions,
) -> Result<(), KeyError> {
    match meta::find(db, meta::ROOT_CHECK).await? {
        Some(check) if check == root_check(secret) => Ok(()),
        _ => Err(KeyError::WrongRootKey { path: options.root_key.clone() }),
    }
}
