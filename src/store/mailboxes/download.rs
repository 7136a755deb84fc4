//! How much of a mailbox was downloaded today, and until when its import waits for that reason.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::EventKind;
use crate::store::error::Result;
use crate::store::events::NewEvent;
use crate::store::{Store, millis};

/// What is known of a day's downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Download {
    /// Bytes of that day.
    pub bytes: i64,
    /// The import goes on then.
    pub waits_until: Option<DateTime<Utc>>,
}

/// What was downloaded on `day`, in days since 1970 (UTC).
pub async fn downloaded(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    day: i64,
) -> Result<Download> {
    use entity::mailbox::Column;
    let row: Option<(i64, i64, Option<i64>)> =
        entity::mailbox::Entity::find_by_id((organization_id.0, id.0))
            .select_only()
            .column(Column::ReadDay)
            .column(Column::ReadBytes)
            .column(Column::ImportWaitsUntil)
            .into_tuple()
            .one(store.db().read())
            .await?;
    let (of, bytes, until) = row.unwrap_or_default();
    let waits_until = until.and_then(DateTime::from_timestamp_millis);
    Ok(Download { bytes: if of == day { bytes } else { 0 }, waits_until })
}

/// So many more bytes were downloaded on `day`.
pub async fn add_downloaded(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    day: i64,
    bytes: i64,
) -> Result<()> {
    use entity::mailbox::Column;
    let so_far = Expr::case(Expr::col(Column::ReadDay).eq(day), Expr::col(Column::ReadBytes))
        .finally(Expr::value(0_i64));
    entity::mailbox::Entity::update_many()
        .col_expr(Column::ReadBytes, Expr::expr(so_far).add(bytes))
        .col_expr(Column::ReadDay, Expr::value(day))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// Says until when the import waits; `None` when it goes on.
pub async fn set_import_waits(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    until: Option<DateTime<Utc>>,
) -> Result<()> {
    use entity::mailbox::Column;
    let tx = store.begin().await?;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::ImportWaitsUntil, Expr::value(until.map(|at| millis(at).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.event(NewEvent::channel(organization_id, EventKind::ImportProgress, id));
    tx.commit().await
}
