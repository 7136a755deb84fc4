//! When contacts wrote, by their tickets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, ContactId, OrganizationId};
use crate::store::error::Result;
use crate::store::{Store, from_millis};

/// When the first of each contact's tickets in these channels began, and when the last message in any of
/// them came or went.
pub async fn seen(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
    channels: &[ChannelId],
) -> Result<HashMap<ContactId, (DateTime<Utc>, DateTime<Utc>)>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(Uuid, i64, i64)> = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .column_as(Column::CreatedAt.min(), "first")
        .column_as(Column::LastMessageAt.max(), "last")
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::ChannelId.is_in(channels.iter().map(|id| id.0)))
        .group_by(Column::ContactId)
        .into_tuple()
        .all(store.db().read())
        .await?;
    let at = |millis| from_millis(entity::UnixMillis(millis));
    Ok(rows.into_iter().map(|(id, first, last)| (ContactId(id), (at(first), at(last)))).collect())
}
