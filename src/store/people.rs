//! Where a person appears, by the blinds of their addresses: as a customer, among those who take
//! part in a ticket, and where a mail only names them.
//!
//! What comes twice is dropped here: asked for distinct rows, `SQLite` goes through an index in their
//! order instead of looking the person up. The indexes by address hold the ids too, for the same
//! reason.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::error::Result;
use super::messages::mentions;
use super::{Store, contacts};
use crate::domain::ids::{ChannelId, ContactId, OrganizationId, TicketId};

/// Where a person appears.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// The customers who have one of the addresses.
    pub contacts: Vec<ContactId>,
    /// Tickets of theirs.
    pub own: BTreeSet<TicketId>,
    /// Tickets of others in which they wrote, were written to, or are named.
    pub others: BTreeSet<TicketId>,
    /// The mailbox of their newest ticket.
    pub channel_id: Option<ChannelId>,
}

impl Traces {
    /// Whether nothing is known of the person.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contacts.is_empty() && self.own.is_empty() && self.others.is_empty()
    }
}

/// Looks where the person with these addresses appears.
pub async fn trace(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<Traces> {
    let found = contacts::find_by_blinds(store, organization_id, blinds).await?;
    let mut contacts: Vec<ContactId> = found.into_values().collect();
    contacts.sort_unstable();
    contacts.dedup();
    let own = own_tickets(store, organization_id, &contacts).await?;
    let mut others: BTreeSet<TicketId> = participates(store, organization_id, blinds).await?;
    others.extend(wrote_in(store, organization_id, &contacts).await?);
    others.extend(named_in(store, organization_id, blinds).await?);
    for id in &own {
        others.remove(id);
    }
    let newest = newest(store, organization_id, &own).await?;
    let channel_id = match newest {
        Some(channel) => Some(channel),
        None => self::newest(store, organization_id, &others).await?,
    };
    Ok(Traces { contacts, own, others, channel_id })
}

async fn own_tickets(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<BTreeSet<TicketId>> {
    use entity::ticket::{Column, Entity};
    if contacts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

async fn participates(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<BTreeSet<TicketId>> {
    use entity::participant::{Column, Entity};
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::AddressBlind.is_in(blinds.iter().cloned()))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

async fn wrote_in(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<BTreeSet<TicketId>> {
    use entity::message::{Column, Entity};
    if contacts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        // As the index has it.
        .filter(Column::ContactId.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

async fn named_in(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<BTreeSet<TicketId>> {
    use entity::message::{Column, Entity};
    let messages = mentions::find(store, organization_id, blinds).await?;
    let mut found = BTreeSet::new();
    for chunk in messages.chunks(500) {
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(TicketId));
    }
    Ok(found)
}

/// The channel of the newest of these tickets.
async fn newest(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &BTreeSet<TicketId>,
) -> Result<Option<ChannelId>> {
    use entity::ticket::{Column, Entity};
    // A ticket's id tells when it was made: the last ones are enough to choose from.
    let last: Vec<Uuid> = tickets.iter().rev().take(50).map(|id| id.0).collect();
    if last.is_empty() {
        return Ok(None);
    }
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::ChannelId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(last))
        .order_by_desc(Column::LastMessageAt)
        .into_tuple()
        .one(store.db().read())
        .await?;
    Ok(found.map(ChannelId))
}
