//! Up to when a member has seen a ticket.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::domain::ids::{MembershipId, OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, Tx, millis};

/// Notes that the member has seen the ticket as it is at `at`.
pub async fn mark_seen(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    member: MembershipId,
    at: DateTime<Utc>,
) -> Result<()> {
    use entity::ticket_seen::{ActiveModel, Column, Entity};
    Entity::insert(ActiveModel {
        organization_id: Set(organization_id.0),
        ticket_id: Set(ticket_id.0),
        membership_id: Set(member.0),
        seen_at: Set(millis(at)),
    })
    .on_conflict(
        OnConflict::columns([Column::OrganizationId, Column::TicketId, Column::MembershipId])
            .update_column(Column::SeenAt)
            .to_owned(),
    )
    .exec_without_returning(store.db().write())
    .await?;
    Ok(())
}

/// It is new to the member again, if there is anything of a customer's in it.
pub async fn mark_unseen(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    member: MembershipId,
) -> Result<()> {
    entity::ticket_seen::Entity::delete_by_id((organization_id.0, ticket_id.0, member.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
