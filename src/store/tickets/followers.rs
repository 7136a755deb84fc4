//! Who follows a ticket: they are told what happens to it.

use std::collections::HashSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::domain::ids::{MembershipId, OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, Tx, millis};

/// Follows; false when they did already.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    member: MembershipId,
) -> Result<bool> {
    use entity::follower::{ActiveModel, Column, Entity};
    let added = Entity::insert(ActiveModel {
        organization_id: Set(organization_id.0),
        ticket_id: Set(ticket_id.0),
        membership_id: Set(member.0),
        created_at: Set(millis(tx.store().now())),
    })
    .on_conflict(
        OnConflict::columns([Column::OrganizationId, Column::TicketId, Column::MembershipId])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    Ok(added == 1)
}

/// Follows no more; false when they did not.
pub async fn remove(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    member: MembershipId,
) -> Result<bool> {
    let key = (organization_id.0, ticket_id.0, member.0);
    let removed = entity::follower::Entity::delete_by_id(key).exec(tx.conn()).await?;
    Ok(removed.rows_affected == 1)
}

/// Who follows a ticket, whoever has for longest first.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<MembershipId>> {
    of(store.db().read(), organization_id, ticket_id).await
}

/// As [`list`], as the transaction sees it.
pub async fn list_in(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<MembershipId>> {
    of(tx.conn(), organization_id, ticket_id).await
}

async fn of(
    db: &impl ConnectionTrait,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<MembershipId>> {
    use entity::follower::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::MembershipId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(MembershipId).collect())
}

/// Those of these tickets that a member follows.
pub async fn followed(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
    tickets: &[TicketId],
) -> Result<HashSet<TicketId>> {
    use entity::follower::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Who follows the source follows the target too.
pub async fn join(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
) -> Result<()> {
    use entity::follower::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(from.0))
        .into_tuple()
        .all(tx.conn())
        .await?;
    for id in ids {
        add(tx, organization_id, into, MembershipId(id)).await?;
    }
    Ok(())
}
