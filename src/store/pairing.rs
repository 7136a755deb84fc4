//! Keyring and data database belong together: each keeps the same random id. With another
//! database beside it (a folder that is not mounted, a mistyped address, a restored copy of
//! another server) every key in the keyring would look left over, and be swept.
//!
//! 1. [`check`] compares the two and changes nothing; a start that it refuses has done no harm.
//! 2. [`establish`] writes the id at the first start, after the tables are there.
//! 3. [`is_paired`] is asked before anything is destroyed because no row names it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Set, Statement};

use super::error::{Result, StoreError};
use super::{Db, Store};

/// The id's name, in the keyring's settings and in `server_meta`.
const NAME: &str = "pairing";

/// Why a database and a keyring are not used together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unpaired {
    /// Keys are in use; no data is there.
    #[error(
        "the keyring holds keys in use, but this database is empty, so it is not the one that \
         they seal. Mount or restore the data, or correct database.url (DATABASE_URL sets it too) \
         or paths.data. To start anew on purpose, give Loket an empty keys folder as well"
    )]
    DatabaseEmpty,
    /// The two belong to different servers.
    #[error(
        "this database and this keyring belong to different servers, and nothing in the one opens \
         with the other. Correct database.url (DATABASE_URL sets it too), database.keyring_url, \
         paths.data or paths.keys so that both are of the same server"
    )]
    Different,
    /// Data is there; the keyring is new.
    #[error(
        "this database is in use, but its keyring is not here. Mount or restore the keys folder, \
         or correct database.keyring_url or paths.keys; a new keyring opens nothing"
    )]
    KeyringEmpty,
}

/// The id that the database keeps; none before its first start.
pub async fn of_database(db: &Db) -> Result<Option<String>> {
    let query = match db.backend() {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('server_meta') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'server_meta'",
    };
    let table = Statement::from_string(db.backend(), query);
    if db.read().query_one_raw(table).await?.is_none() {
        return Ok(None);
    }
    let row = entity::server_meta::Entity::find_by_id(NAME).one(db.read()).await?;
    Ok(row.map(|row| row.value))
}

/// Refuses what does not belong together.
pub async fn check(store: &Store) -> Result<()> {
    let keyring = store.keyring();
    match (of_database(store.db()).await?, keyring.find_setting(NAME).await?) {
        (Some(data), Some(keys)) if data == keys => Ok(()),
        (Some(_), Some(_)) => Err(StoreError::Unpaired(Unpaired::Different)),
        (Some(_), None) => Err(StoreError::Unpaired(Unpaired::KeyringEmpty)),
        (None, _) if keyring.is_in_use().await? => {
            Err(StoreError::Unpaired(Unpaired::DatabaseEmpty))
        }
        // A first start, or one that ended half-way.
        (None, _) => Ok(()),
    }
}

/// Writes the id into both, once. The keyring's is the one that holds when two instances start
/// for the first time at once.
pub(super) async fn establish(store: &Store) -> Result<()> {
    let id = store.keyring().setting_or(NAME, &store.new_id().to_string()).await?;
    let row = entity::server_meta::ActiveModel { name: Set(NAME.to_owned()), value: Set(id) };
    entity::server_meta::Entity::insert(row)
        .on_conflict(OnConflict::column(entity::server_meta::Column::Name).do_nothing().to_owned())
        .exec_without_returning(store.db().write())
        .await?;
    check(store).await
}

/// The id that both share, once it was established.
pub async fn id(store: &Store) -> Result<Option<String>> {
    of_keyring(store.keyring()).await
}

/// The id that a keyring keeps.
pub async fn of_keyring(keyring: &crate::crypto::Keyring) -> Result<Option<String>> {
    Ok(keyring.find_setting(NAME).await?)
}

/// Whether this database is the one whose content the keyring's keys seal.
pub async fn is_paired(store: &Store) -> Result<bool> {
    let data = of_database(store.db()).await?;
    Ok(data.is_some() && data == store.keyring().find_setting(NAME).await?)
}
