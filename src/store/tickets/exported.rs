//! Tickets in the order of their ids, for whoever takes all of them.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, OrganizationId, TicketId};
use crate::store::Store;
use crate::store::error::Result;

/// Which tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Those that live in the channels.
    Here,
    /// Those that live elsewhere, with messages of the channels in them.
    Elsewhere,
}

fn condition(organization_id: OrganizationId, channels: &[ChannelId], which: Where) -> Condition {
    use entity::{message, ticket};
    let ids = || channels.iter().map(|id| id.0);
    let of = Condition::all().add(ticket::Column::OrganizationId.eq(organization_id.0));
    match which {
        Where::Here => of.add(ticket::Column::ChannelId.is_in(ids())),
        Where::Elsewhere => {
            let of_these = message::Entity::find()
                .select_only()
                .column(message::Column::TicketId)
                .filter(message::Column::OrganizationId.eq(organization_id.0))
                .filter(message::Column::ChannelId.is_in(ids()))
                .into_query();
            of.add(ticket::Column::ChannelId.is_not_in(ids()))
                .add(ticket::Column::Id.in_subquery(of_these))
        }
    }
}

/// The next tickets after `after`, at most `limit`.
pub async fn ids_after(
    store: &Store,
    organization_id: OrganizationId,
    channels: &[ChannelId],
    which: Where,
    after: Option<TicketId>,
    limit: u64,
) -> Result<Vec<TicketId>> {
    use entity::ticket::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(condition(organization_id, channels, which))
        .filter(Column::Id.gt(after.map_or(Uuid::nil(), |id| id.0)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// How many there are.
pub async fn count_where(
    store: &Store,
    organization_id: OrganizationId,
    channels: &[ChannelId],
    which: Where,
) -> Result<i64> {
    let n = entity::ticket::Entity::find()
        .filter(condition(organization_id, channels, which))
        .count(store.db().read())
        .await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}
