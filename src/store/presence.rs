//! Who is at a ticket right now, for the other instances on the same database. On `SQLite` there are
//! none, and nothing is written.
//!
//! A row says until when it holds; one that does not hold any more is nobody's presence. Each member's
//! own go when they come to the next ticket, and the rest every hour.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::{Store, from_millis, millis};
use crate::domain::desk::PresenceState;
use crate::domain::ids::{ChannelId, ContactId, MembershipId, OrganizationId, TicketId};

/// Somebody at a ticket, with what says who may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its customer.
    pub contact_id: Option<ContactId>,
    /// Who is there.
    pub membership_id: MembershipId,
    /// What they do.
    pub state: PresenceState,
    /// Until when that is taken to be so.
    pub until: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Row {
    ticket_id: Uuid,
    number: i64,
    channel_id: Uuid,
    contact_id: Option<Uuid>,
    membership_id: Uuid,
    state: String,
    until: entity::UnixMillis,
}

impl Row {
    fn read(self) -> Result<At> {
        Ok(At {
            ticket_id: TicketId(self.ticket_id),
            number: self.number,
            channel_id: ChannelId(self.channel_id),
            contact_id: self.contact_id.map(ContactId),
            membership_id: MembershipId(self.membership_id),
            state: self.state.parse()?,
            until: from_millis(self.until),
        })
    }
}

/// The member is at the ticket and does this, until then.
pub async fn set(
    store: &Store,
    organization_id: OrganizationId,
    (ticket_id, member): (TicketId, MembershipId),
    state: PresenceState,
    until: DateTime<Utc>,
) -> Result<()> {
    use entity::presence::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        organization_id: Set(organization_id.0),
        membership_id: Set(member.0),
        ticket_id: Set(ticket_id.0),
        state: Set(state.as_str().to_owned()),
        until: Set(millis(until)),
    };
    let known =
        OnConflict::columns([Column::OrganizationId, Column::MembershipId, Column::TicketId])
            .update_columns([Column::State, Column::Until])
            .to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(store.db().write()).await?;
    Ok(())
}

/// Who is at which ticket of the organization.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<At>> {
    use entity::presence::{Column, Entity};
    use entity::ticket;
    let of_ticket: RelationDef = Entity::belongs_to(ticket::Entity)
        .from((Column::OrganizationId, Column::TicketId))
        .to((ticket::Column::OrganizationId, ticket::Column::Id))
        .into();
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::MembershipId, Column::State, Column::Until])
        .columns([ticket::Column::Number, ticket::Column::ChannelId, ticket::Column::ContactId])
        .join(JoinType::InnerJoin, of_ticket)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Until.gt(millis(store.now())))
        .into_model()
        .all(store.db().read())
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Removes where the member was.
pub async fn sweep_of(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
) -> Result<()> {
    use entity::presence::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::Until.lte(millis(store.now())))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// Removes where anybody was.
pub async fn sweep(store: &Store) -> Result<()> {
    if store.is_shared() {
        use entity::presence::{Column, Entity};
        Entity::delete_many()
            .filter(Column::Until.lte(millis(store.now())))
            .exec(store.db().write())
            .await?;
    }
    Ok(())
}
