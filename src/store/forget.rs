//! The forget-list's copies: the keyring writes it as it destroys keys, and the data database and
//! the files beside the backups have it too, so that restoring either database brings nothing back
//! that another copy knows to be gone.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Db, Store, from_millis, millis};
use crate::backup::{BackupError, ForgetFile};
use crate::crypto::{ForgetEntry, ForgetKind};

/// Entries in a statement.
const BATCH: u64 = 100;

/// Destroys keys and copies what the forget-list says of it. Returns how many keys lived.
pub async fn destroy_keys(store: &Store, ids: &[Uuid]) -> Result<u64> {
    let destroyed = store.keyring().destroy(ids).await?;
    copy(store).await?;
    Ok(destroyed)
}

/// As [`destroy_keys`], at the request of a person.
pub async fn erase_keys(store: &Store, ids: &[Uuid]) -> Result<u64> {
    let destroyed = store.keyring().erase(ids).await?;
    copy(store).await?;
    Ok(destroyed)
}

/// Copies what the keyring has written since the last time: also what a process that died after
/// destroying did not. Returns how many entries that were.
pub async fn copy(store: &Store) -> Result<u64> {
    let mut last = last_number(store).await?;
    let mut copied = 0;
    loop {
        let entries = store.keyring().list_forgotten(last, BATCH).await?;
        let Some(newest) = entries.last() else { break };
        last = newest.number;
        copied += entries.len() as u64;
        add(store, &entries).await?;
        crate::crash::point();
    }
    write_files(store).await?;
    Ok(copied)
}

/// Writes entries into the data database as they are.
pub async fn add(store: &Store, entries: &[ForgetEntry]) -> Result<()> {
    for chunk in entries.chunks(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
        // Another instance may be copying as well.
        entity::forget_entry::Entity::insert_many(chunk.iter().map(row))
            .on_conflict(
                OnConflict::column(entity::forget_entry::Column::Number).do_nothing().to_owned(),
            )
            .exec_without_returning(store.db().write())
            .await?;
    }
    Ok(())
}

/// Brings every file up to date. One that cannot be written (a disk that is not mounted) stops
/// nobody from forgetting: it is told of, and catches up the next time.
async fn write_files(store: &Store) -> Result<()> {
    let Some(backups) = store.backups() else { return Ok(()) };
    for file in backups.forget_files() {
        match write_file(store, &file, backups.forget_list.as_deref() == Some(file.path())).await {
            Ok(()) => {}
            Err(StoreError::Backup(error)) => {
                let (file, cause) = (file.path().display(), &error as &dyn std::error::Error);
                tracing::error!(%file, error = cause, "the forget-list could not be written");
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Appends what the file lacks. One that is `wanted` is made even while there is nothing to say,
/// so that its absence means that it was lost.
async fn write_file(store: &Store, file: &ForgetFile, wanted: bool) -> Result<()> {
    let reader = file.clone();
    let mut last = blocking(file, move || reader.last()).await?.map_or(0, |last| last.number);
    let mut make = wanted && last == 0;
    loop {
        let entries = store.keyring().list_forgotten(last, BATCH).await?;
        match entries.last() {
            Some(newest) => last = newest.number,
            None if make => {}
            None => return Ok(()),
        }
        make = false;
        let writer = file.clone();
        blocking(file, move || writer.append(&entries)).await?;
    }
}

/// Work on a file, away from the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    file: &ForgetFile,
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T> {
    let path = file.path().to_owned();
    let done = tokio::task::spawn_blocking(work).await;
    let failed = |error| BackupError::Io { path, source: std::io::Error::other(error) };
    Ok(done.map_err(failed)??)
}

/// The data database's copy after entry `after`, in order.
pub async fn list(db: &Db, after: u64, limit: u64) -> Result<Vec<ForgetEntry>> {
    use entity::forget_entry::Column;
    entity::forget_entry::Entity::find()
        .filter(Column::Number.gt(i64::try_from(after).unwrap_or(i64::MAX)))
        .order_by_asc(Column::Number)
        .limit(limit)
        .all(db.write())
        .await?
        .into_iter()
        .map(read)
        .collect()
}

fn read(row: entity::forget_entry::Model) -> Result<ForgetEntry> {
    let damaged = |what| StoreError::Corrupt { table: "forget_entry", what };
    let (ids, rest) = row.ids.as_chunks::<16>();
    if !rest.is_empty() {
        return Err(damaged("ids that are cut short"));
    }
    Ok(ForgetEntry {
        number: u64::try_from(row.number).map_err(|_| damaged("a negative number"))?,
        at: from_millis(row.at),
        kind: ForgetKind::from_number(row.kind).ok_or_else(|| damaged("an unknown kind"))?,
        ids: ids.iter().map(|id| Uuid::from_bytes(*id)).collect(),
        signing_key_id: row.signing_key_id,
        signature: row.signature,
    })
}

fn row(entry: &ForgetEntry) -> entity::forget_entry::ActiveModel {
    entity::forget_entry::ActiveModel {
        number: Set(i64::try_from(entry.number).unwrap_or(i64::MAX)),
        at: Set(millis(entry.at)),
        kind: Set(entry.kind.number()),
        ids: Set(entry.id_bytes()),
        signing_key_id: Set(entry.signing_key_id),
        signature: Set(entry.signature.clone()),
    }
}

/// The number of the newest entry; 0 when there is none.
pub async fn last_number(store: &Store) -> Result<u64> {
    use entity::forget_entry::Column;
    let last: Option<i64> = entity::forget_entry::Entity::find()
        .select_only()
        .column(Column::Number)
        .order_by_desc(Column::Number)
        .into_tuple()
        .one(store.db().write())
        .await?;
    Ok(last.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
}
