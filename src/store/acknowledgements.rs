//! What limits the answers that mailboxes give by themselves.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::error::Result;
use super::{Tx, millis};
use crate::domain::ids::{ChannelId, ContactId, OrganizationId};

/// Whether the customer was answered by a machine since then, from any mailbox. The customer is
/// locked until the end of the transaction: of two who ask at once, the second waits for what the
/// first one writes. `None` when there is no such customer.
pub async fn was_answered(
    tx: &Tx,
    organization_id: OrganizationId,
    contact_id: ContactId,
    since: DateTime<Utc>,
) -> Result<Option<bool>> {
    use entity::message::{Column, Entity};
    let locked: Option<Uuid> =
        entity::contact::Entity::find_by_id((organization_id.0, contact_id.0))
            .select_only()
            .column(entity::contact::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .one(tx.conn())
            .await?;
    if locked.is_none() {
        return Ok(None);
    }
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.eq(contact_id.0))
        .filter(Column::At.gt(millis(since)))
        // As the index has it.
        .filter(Expr::col(Column::IsAuto))
        .filter(Expr::col(Column::Kind).eq(Expr::cust("'outbound'")))
        .limit(1)
        .into_tuple()
        .one(tx.conn())
        .await?;
    Ok(Some(found.is_some()))
}

/// How often the mailbox has answered by itself since then.
pub async fn count(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    since: DateTime<Utc>,
) -> Result<u64> {
    use entity::outbox::{Column, Entity};
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::CreatedAt.gt(millis(since)))
        // As the index has it.
        .filter(Expr::col(Column::IsAutomatic))
        .count(tx.conn())
        .await?)
}
