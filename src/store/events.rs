//! The event log: numbered per organization under a row lock, so that a reader who has seen
//! number n has seen everything before it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Set};

use super::error::Result;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, MessageId, OrganizationId, TicketId};
use crate::domain::words::EventKind;

/// Something that happened, about to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// In which organization.
    pub organization_id: OrganizationId,
    /// What happened.
    pub kind: EventKind,
    /// Who did it; `None` for the server itself.
    pub actor_id: Option<MembershipId>,
    /// The channel that one must be able to read to be told.
    pub channel_id: Option<ChannelId>,
    /// The ticket.
    pub ticket_id: Option<TicketId>,
    /// The message.
    pub message_id: Option<MessageId>,
    /// Ids and words only, as a JSON object.
    pub data: serde_json::Value,
}

impl NewEvent {
    /// An event about a ticket.
    #[must_use]
    pub fn ticket(
        organization_id: OrganizationId,
        kind: EventKind,
        channel_id: ChannelId,
        ticket_id: TicketId,
    ) -> Self {
        Self {
            organization_id,
            kind,
            actor_id: None,
            channel_id: Some(channel_id),
            ticket_id: Some(ticket_id),
            message_id: None,
            data: serde_json::Value::Object(serde_json::Map::new()),
        }
    }

    /// An event about a channel.
    #[must_use]
    pub fn channel(
        organization_id: OrganizationId,
        kind: EventKind,
        channel_id: ChannelId,
    ) -> Self {
        Self {
            organization_id,
            kind,
            actor_id: None,
            channel_id: Some(channel_id),
            ticket_id: None,
            message_id: None,
            data: serde_json::Value::Object(serde_json::Map::new()),
        }
    }

    /// An event about something that belongs to no channel. Who may know of it is for whoever tells it
    /// to find out from its data.
    #[must_use]
    pub fn about(
        organization_id: OrganizationId,
        kind: EventKind,
        data: serde_json::Value,
    ) -> Self {
        Self {
            organization_id,
            kind,
            actor_id: None,
            channel_id: None,
            ticket_id: None,
            message_id: None,
            data,
        }
    }

    /// Another word about a customer.
    #[must_use]
    pub fn contact(organization_id: OrganizationId, id: ContactId) -> Self {
        let data = serde_json::json!({ "contact": id });
        Self::about(organization_id, EventKind::ContactChanged, data)
    }

    /// Done by a member.
    #[must_use]
    pub fn by(mut self, actor: Option<MembershipId>) -> Self {
        self.actor_id = actor;
        self
    }

    /// About this message.
    #[must_use]
    pub fn message(mut self, id: MessageId) -> Self {
        self.message_id = Some(id);
        self
    }

    /// With these ids and words.
    #[must_use]
    pub fn data(mut self, data: serde_json::Value) -> Self {
        self.data = data;
        self
    }
}

/// An event as it was written.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number in the organization.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What, as a word: a reader passes over words that it does not know.
    pub kind: String,
    /// Who.
    pub actor_id: Option<MembershipId>,
    /// The channel that one must be able to read.
    pub channel_id: Option<ChannelId>,
    /// The ticket.
    pub ticket_id: Option<TicketId>,
    /// The message.
    pub message_id: Option<MessageId>,
    /// Ids and words.
    pub data: serde_json::Value,
}

impl From<entity::event::Model> for Event {
    fn from(row: entity::event::Model) -> Self {
        Self {
            number: row.number,
            at: from_millis(row.at),
            kind: row.kind,
            actor_id: row.actor_id.map(MembershipId),
            channel_id: row.channel_id.map(ChannelId),
            ticket_id: row.ticket_id.map(TicketId),
            message_id: row.message_id.map(MessageId),
            data: serde_json::from_str(&row.data).unwrap_or_default(),
        }
    }
}

/// Writes `events` in order, at the end of a transaction. Returns the last number of each
/// organization.
pub(super) async fn write(
    tx: &Tx,
    events: Vec<NewEvent>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<OrganizationId, i64>> {
    let mut by_organization: BTreeMap<OrganizationId, Vec<NewEvent>> = BTreeMap::new();
    for event in events {
        by_organization.entry(event.organization_id).or_default().push(event);
    }
    let mut last = BTreeMap::new();
    for (organization_id, events) in by_organization {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let end =
            super::organizations::take_numbers(tx.conn(), organization_id, "events", count).await?;
        let rows = events.into_iter().zip(end - count + 1..).map(|(event, number)| {
            entity::event::ActiveModel {
                organization_id: Set(organization_id.0),
                number: Set(number),
                at: Set(millis(now)),
                kind: Set(event.kind.as_str().to_owned()),
                actor_id: Set(event.actor_id.map(|id| id.0)),
                channel_id: Set(event.channel_id.map(|id| id.0)),
                ticket_id: Set(event.ticket_id.map(|id| id.0)),
                message_id: Set(event.message_id.map(|id| id.0)),
                data: Set(event.data.to_string()),
            }
        });
        for chunk in super::chunks(rows.collect(), 9) {
            entity::event::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
        }
        last.insert(organization_id, end);
    }
    Ok(last)
}

/// The events after `after`, oldest first, at most `limit`.
pub async fn list_after(
    store: &Store,
    organization_id: OrganizationId,
    after: i64,
    limit: u64,
) -> Result<Vec<Event>> {
    let rows = entity::event::Entity::find()
        .filter(entity::event::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::event::Column::Number.gt(after))
        .order_by_asc(entity::event::Column::Number)
        .limit(limit)
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The events of a ticket, oldest first.
pub async fn list_of_ticket(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<Event>> {
    let rows = entity::event::Entity::find()
        .filter(entity::event::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::event::Column::TicketId.eq(ticket_id.0))
        .order_by_asc(entity::event::Column::Number)
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// When the newest event happened, by the clock of the machine that wrote it.
pub async fn newest_at(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Option<DateTime<Utc>>> {
    use entity::event::Column;
    let at: Option<i64> = entity::event::Entity::find()
        .select_only()
        .column(Column::At)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(Column::Number)
        .into_tuple()
        .one(store.db().read())
        .await?;
    Ok(at.map(|at| from_millis(entity::UnixMillis(at))))
}

/// The first and the last number that the log still has; `(0, 0)` for an empty one.
pub async fn bounds(store: &Store, organization_id: OrganizationId) -> Result<(i64, i64)> {
    // Asked for together, they make SQLite read the whole log.
    let first = end(store, organization_id, Order::Asc).await?;
    Ok((first, newest(store, organization_id).await?))
}

/// The last number of the log; 0 for an empty one.
pub async fn newest(store: &Store, organization_id: OrganizationId) -> Result<i64> {
    end(store, organization_id, Order::Desc).await
}

async fn end(store: &Store, organization_id: OrganizationId, order: Order) -> Result<i64> {
    use entity::event::Column;
    let number: Option<i64> = entity::event::Entity::find()
        .select_only()
        .column(Column::Number)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by(Column::Number, order)
        .into_tuple()
        .one(store.db().read())
        .await?;
    Ok(number.unwrap_or(0))
}
