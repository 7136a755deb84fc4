//! The forget-list's copy: the keyring writes it as it destroys keys, and the data database has it
//! too, so that restoring either one brings nothing back that the other knows to be gone.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::{Store, millis};
use crate::crypto::ForgetEntry;

/// Entries in a statement.
const BATCH: u64 = 100;

/// Destroys keys and copies what the forget-list says of it. Returns how many keys lived.
pub async fn destroy_keys(store: &Store, ids: &[Uuid]) -> Result<u64> {
    let destroyed = store.keyring().destroy(ids).await?;
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
        let Some(newest) = entries.last() else { return Ok(copied) };
        last = newest.number;
        copied += entries.len() as u64;
        // Another instance may be copying as well.
        entity::forget_entry::Entity::insert_many(entries.iter().map(row))
            .on_conflict(
                OnConflict::column(entity::forget_entry::Column::Number).do_nothing().to_owned(),
            )
            .exec_without_returning(store.db().write())
            .await?;
    }
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
async fn last_number(store: &Store) -> Result<u64> {
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
