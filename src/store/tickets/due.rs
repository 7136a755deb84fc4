//! Tickets whose time has come: those that slept, and those that are deleted for good.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::domain::ids::{OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, from_millis, millis};

/// A ticket of an organization.
pub type Of = (OrganizationId, TicketId);

/// Tickets whose snooze has ended, the earliest first.
pub async fn to_wake(store: &Store, now: DateTime<Utc>, limit: u64) -> Result<Vec<Of>> {
    use entity::ticket::Column;
    due(store, Column::SnoozedUntil, now, limit).await
}

/// Tickets that are to be deleted for good now, the earliest first.
pub async fn to_delete(store: &Store, now: DateTime<Utc>, limit: u64) -> Result<Vec<Of>> {
    use entity::ticket::Column;
    due(store, Column::DeleteAt, now, limit).await
}

async fn due(
    store: &Store,
    column: entity::ticket::Column,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Of>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id])
        // As the index has it.
        .filter(column.is_not_null())
        .filter(column.lte(millis(now)))
        .order_by_asc(column)
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(org, id)| (OrganizationId(org), TicketId(id))).collect())
}

/// When the next of either is due.
pub async fn next(store: &Store) -> Result<Option<DateTime<Utc>>> {
    use entity::ticket::{Column, Entity};
    let mut times = Vec::new();
    for column in [Column::SnoozedUntil, Column::DeleteAt] {
        let at: Option<entity::UnixMillis> = Entity::find()
            .select_only()
            .column(column)
            .filter(column.is_not_null())
            .order_by_asc(column)
            .limit(1)
            .into_tuple()
            .one(store.db().write())
            .await?;
        times.extend(at.map(from_millis));
    }
    Ok(times.into_iter().min())
}

/// The tickets that went up in one of these.
pub async fn merged_into(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<TicketId>> {
    use entity::ticket::{Column, Entity};
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        // As the index has it.
        .filter(Column::MergedIntoId.is_not_null())
        .filter(Column::MergedIntoId.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(found.into_iter().map(TicketId).collect())
}
