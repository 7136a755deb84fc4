//! Who reads a mailbox: one reader at a time, in whatever process. A lease that is not renewed
//! ends by itself, so that a reader which died is replaced.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::store::error::Result;
use crate::store::{Store, from_millis, millis};

/// Becomes the mailbox's reader for `lease`; false when another one is.
pub async fn take(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    reader: Uuid,
    lease: Duration,
) -> Result<bool> {
    use entity::mailbox::Column;
    let now = store.now();
    let free = Condition::any()
        .add(Column::ReaderId.is_null())
        .add(Column::ReaderId.eq(reader))
        .add(Column::ReaderUntil.lte(millis(now)));
    let taken = entity::mailbox::Entity::update_many()
        .col_expr(Column::ReaderId, Expr::value(Some(reader)))
        .col_expr(Column::ReaderUntil, Expr::value(Some(millis(now + lease).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .filter(free)
        .exec(store.db().write())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Goes on being the reader of what it reads; answers which mailboxes that are.
pub async fn renew(store: &Store, reader: Uuid, lease: Duration) -> Result<Vec<ChannelId>> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::ReaderUntil, Expr::value(Some(millis(store.now() + lease).0)))
        .filter(Column::ReaderId.eq(reader))
        .exec(store.db().write())
        .await?;
    let held: Vec<Uuid> = entity::mailbox::Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .filter(Column::ReaderId.eq(reader))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(held.into_iter().map(ChannelId).collect())
}

/// Lets another one read the mailbox; all that it reads, when none is named.
pub async fn release(store: &Store, reader: Uuid, id: Option<ChannelId>) -> Result<()> {
    use entity::mailbox::Column;
    let mut release = entity::mailbox::Entity::update_many()
        .col_expr(Column::ReaderId, Expr::value(None::<Uuid>))
        .col_expr(Column::ReaderUntil, Expr::value(None::<i64>))
        .filter(Column::ReaderId.eq(reader));
    if let Some(id) = id {
        release = release.filter(Column::ChannelId.eq(id.0));
    }
    release.exec(store.db().write()).await?;
    Ok(())
}

/// Wants the mailbox to be looked at by whoever reads it.
pub async fn want_look(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::LookWantedAt, Expr::value(Some(millis(store.now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// Since when somebody wants the mailbox to be looked at, if anybody does.
pub async fn look_wanted(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<DateTime<Utc>>> {
    use entity::mailbox::Column;
    let found: Option<Option<i64>> = entity::mailbox::Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .column(Column::LookWantedAt)
        .into_tuple()
        .one(store.db().read())
        .await?;
    Ok(found.flatten().map(|at| from_millis(entity::UnixMillis(at))))
}

/// The mailboxes of a reader that somebody wants to be looked at, and since when.
pub async fn list_wanted(store: &Store, reader: Uuid) -> Result<Vec<(ChannelId, DateTime<Utc>)>> {
    use entity::mailbox::Column;
    let found: Vec<(Uuid, i64)> = entity::mailbox::Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .column(Column::LookWantedAt)
        .filter(Column::ReaderId.eq(reader))
        .filter(Column::LookWantedAt.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    let at = |millis| from_millis(entity::UnixMillis(millis));
    Ok(found.into_iter().map(|(id, millis)| (ChannelId(id), at(millis))).collect())
}

/// A look that began when it had been wanted since `since` has ended.
pub async fn looked(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    since: DateTime<Utc>,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::LookWantedAt, Expr::value(None::<i64>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .filter(Column::LookWantedAt.lte(millis(since)))
        .exec(store.db().write())
        .await?;
    Ok(())
}
