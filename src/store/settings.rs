//! Settings of an organization: JSON documents by name, sealed under its key.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Result;
use super::{Store, Tx, columns, keys, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::OrganizationId;

/// The setting, if it was ever set.
pub async fn find<T: DeserializeOwned>(
    store: &Store,
    organization_id: OrganizationId,
    name: &str,
) -> Result<Option<T>> {
    let row = entity::setting::Entity::find_by_id((organization_id.0, name.to_owned()))
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let key = keys::of_organization(store, organization_id).await?;
    let value = key.open(columns::SETTING_VALUE.of(row.id), &row.value)?;
    Ok(Some(serde_json::from_slice(&value)?))
}

/// All settings of an organization, by name.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<BTreeMap<String, serde_json::Value>> {
    let rows = entity::setting::Entity::find()
        .filter(entity::setting::Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let key = keys::of_organization(store, organization_id).await?;
    rows.into_iter()
        .map(|row| {
            let value = key.open(columns::SETTING_VALUE.of(row.id), &row.value)?;
            Ok((row.name, serde_json::from_slice(&value)?))
        })
        .collect()
}

/// Sets it.
pub async fn set<T: Serialize>(
    tx: &Tx,
    organization_key: &OpenKey,
    organization_id: OrganizationId,
    name: &str,
    value: &T,
) -> Result<()> {
    use entity::setting::Column;
    let id = tx.store().new_id();
    let value = zeroize::Zeroizing::new(serde_json::to_vec(value)?);
    let row = entity::setting::ActiveModel {
        organization_id: Set(organization_id.0),
        name: Set(name.to_owned()),
        value: Set(organization_key.seal(columns::SETTING_VALUE.of(id), &value)),
        updated_at: Set(millis(tx.store().now())),
        id: Set(id),
    };
    entity::setting::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::Name])
                .update_columns([Column::Value, Column::UpdatedAt, Column::Id])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
