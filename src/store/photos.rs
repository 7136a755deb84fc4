//! What people look like: one small picture of each, sealed under the server key.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, columns};
use crate::crypto::OpenKey;
use crate::domain::ids::AccountId;

/// Puts a picture in place of the one before; `version` tells the two apart.
pub async fn put(
    tx: &Tx,
    server_key: &OpenKey,
    account: AccountId,
    version: i64,
    picture: &[u8],
) -> Result<()> {
    use entity::account_photo::{ActiveModel, Column, Entity};
    let place = columns::ACCOUNT_PHOTO_CONTENT.of(account.0);
    Entity::insert(ActiveModel {
        account_id: Set(account.0),
        version: Set(version),
        content: Set(server_key.seal(place, picture)),
    })
    .on_conflict(
        OnConflict::column(Column::AccountId)
            .update_columns([Column::Version, Column::Content])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    Ok(())
}

/// The picture and its version.
pub async fn find(store: &Store, account: AccountId) -> Result<Option<(i64, Vec<u8>)>> {
    let row = entity::account_photo::Entity::find_by_id(account.0).one(store.db().read()).await?;
    let Some(row) = row else { return Ok(None) };
    let key = store.keyring().server_key().await?;
    let picture = key.open(columns::ACCOUNT_PHOTO_CONTENT.of(account.0), &row.content)?;
    Ok(Some((row.version, picture.to_vec())))
}

/// Which of these have a picture, and its version.
pub async fn versions(store: &Store, accounts: &[AccountId]) -> Result<HashMap<AccountId, i64>> {
    use entity::account_photo::{Column, Entity};
    let mut found = HashMap::new();
    for chunk in accounts.chunks(500) {
        let rows: Vec<(Uuid, i64)> = Entity::find()
            .select_only()
            .columns([Column::AccountId, Column::Version])
            .filter(Column::AccountId.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(|(id, version)| (AccountId(id), version)));
    }
    Ok(found)
}

/// Removes the picture.
pub async fn remove(tx: &Tx, account: AccountId) -> Result<()> {
    entity::account_photo::Entity::delete_by_id(account.0).exec(tx.conn()).await?;
    Ok(())
}
