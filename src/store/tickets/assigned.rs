//! The tickets that somebody works on.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TicketId};
use crate::domain::words::Status;
use crate::store::error::Result;
use crate::store::{Store, Tx};

/// Somebody still has to do something, now or when an answer comes.
const UNFINISHED: [Status; 3] = [Status::Open, Status::Pending, Status::OnHold];

fn unfinished(organization_id: OrganizationId, member: MembershipId) -> Condition {
    use entity::ticket::Column;
    Condition::all()
        .add(Column::OrganizationId.eq(organization_id.0))
        .add(Column::AssigneeId.eq(member.0))
        .add(Column::Status.is_in(UNFINISHED.map(Status::as_str)))
        .add(Column::MergedIntoId.is_null())
}

/// How many tickets somebody has that are open, pending or on hold, in any channel.
pub async fn count_assigned(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<u64> {
    let found = entity::ticket::Entity::find().filter(unfinished(organization_id, member));
    Ok(found.count(store.db().read()).await?)
}

/// Takes up to `limit` of these tickets from somebody; which they were, with their channels.
pub async fn take_from(
    tx: &Tx,
    organization_id: OrganizationId,
    member: MembershipId,
    limit: u64,
) -> Result<Vec<(TicketId, ChannelId)>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::ChannelId)
        .filter(unfinished(organization_id, member))
        .limit(limit)
        .lock_exclusive()
        .into_tuple()
        .all(tx.conn())
        .await?;
    if !rows.is_empty() {
        Entity::update_many()
            .col_expr(Column::AssigneeId, Expr::value(None::<Uuid>))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(rows.iter().map(|(id, _)| *id)))
            .exec(tx.conn())
            .await?;
    }
    Ok(rows.into_iter().map(|(id, channel)| (TicketId(id), ChannelId(channel))).collect())
}
