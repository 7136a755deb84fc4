//! The keys of organizations and channels, by the thing that they belong to.

use sea_orm::{EntityTrait, QuerySelect};
use uuid::Uuid;

use super::Store;
use super::error::{Result, StoreError};
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, OrganizationId};

/// The key of an organization.
pub async fn of_organization(store: &Store, id: OrganizationId) -> Result<OpenKey> {
    let key_id: Uuid = entity::organization::Entity::find_by_id(id.0)
        .select_only()
        .column(entity::organization::Column::KeyId)
        .into_tuple()
        .one(store.db().read())
        .await?
        .ok_or(StoreError::Corrupt { table: "organization", what: "no such organization" })?;
    Ok(store.keyring().get(key_id).await?)
}

/// The key of a channel.
pub async fn of_channel(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<OpenKey> {
    let key_id: Uuid = entity::channel::Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .column(entity::channel::Column::KeyId)
        .into_tuple()
        .one(store.db().read())
        .await?
        .ok_or(StoreError::Corrupt { table: "channel", what: "no such channel" })?;
    Ok(store.keyring().get(key_id).await?)
}
