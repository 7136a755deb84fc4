//! What the search indexes are made of: tickets without their words, and messages with them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::error::Result;
use super::messages::{self, Message, attachments};
use super::{Scope, Store};
use crate::domain::ids::{
    ChannelId, ContactId, MembershipId, MessageId, OrganizationId, TeamId, TicketId,
};
use crate::domain::shape::TicketShape;

/// A message, without a word of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The message.
    pub id: MessageId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The ticket that it is in.
    pub ticket_id: TicketId,
    /// Its key.
    pub key_id: Uuid,
}

#[derive(FromQueryResult)]
struct TicketRow {
    id: Uuid,
    number: i64,
    channel_id: Uuid,
    contact_id: Option<Uuid>,
    status: String,
    assignee_id: Option<Uuid>,
    team_id: Option<Uuid>,
    priority: String,
    last_message_at: entity::UnixMillis,
    created_at: entity::UnixMillis,
    waiting_since: Option<entity::UnixMillis>,
    has_attachment: bool,
    snoozed_until: Option<entity::UnixMillis>,
    merged_into_id: Option<Uuid>,
}

impl TicketRow {
    fn read(self) -> Result<TicketShape> {
        Ok(TicketShape {
            id: TicketId(self.id),
            number: u64::try_from(self.number).unwrap_or(0),
            channel: ChannelId(self.channel_id),
            contact: self.contact_id.map(ContactId),
            status: self.status.parse()?,
            assignee: self.assignee_id.map(MembershipId),
            team: self.team_id.map(TeamId),
            priority: self.priority.parse()?,
            first: self.created_at.0,
            last: self.last_message_at.0,
            is_waiting: self.waiting_since.is_some(),
            has_attachment: self.has_attachment,
            is_snoozed: self.snoozed_until.is_some(),
            merged_into: self.merged_into_id.map(TicketId),
        })
    }
}

fn tickets(organization_id: OrganizationId) -> sea_orm::Select<entity::ticket::Entity> {
    use entity::ticket::{Column, Entity};
    Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Number,
            Column::ChannelId,
            Column::ContactId,
            Column::Status,
            Column::AssigneeId,
            Column::TeamId,
            Column::Priority,
            Column::LastMessageAt,
            Column::CreatedAt,
            Column::WaitingSince,
            Column::HasAttachment,
            Column::SnoozedUntil,
            Column::MergedIntoId,
        ])
        .filter(Column::OrganizationId.eq(organization_id.0))
}

/// Tickets after `after`, in the order of their ids.
pub async fn ticket_rows(
    store: &Store,
    organization_id: OrganizationId,
    after: Option<TicketId>,
    limit: u64,
) -> Result<Vec<TicketShape>> {
    use entity::ticket::Column;
    let mut query = tickets(organization_id);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.0));
    }
    let rows: Vec<TicketRow> =
        query.order_by_asc(Column::Id).limit(limit).into_model().all(store.db().read()).await?;
    rows.into_iter().map(TicketRow::read).collect()
}

/// Those of these tickets that there are.
pub async fn ticket_rows_of(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<TicketShape>> {
    use entity::ticket::Column;
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let rows: Vec<TicketRow> = tickets(organization_id)
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .into_model()
            .all(store.db().read())
            .await?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

fn shapes(organization_id: OrganizationId) -> sea_orm::Select<entity::message::Entity> {
    use entity::message::{Column, Entity};
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::ChannelId, Column::TicketId, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization_id.0))
}

type ShapeRow = (Uuid, Uuid, Uuid, Uuid);

fn shape((id, channel, ticket, key_id): ShapeRow) -> Shape {
    Shape { id: MessageId(id), channel_id: ChannelId(channel), ticket_id: TicketId(ticket), key_id }
}

/// The messages of a channel after `after`, in the order of their ids.
pub async fn shapes_of_channel(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    after: Option<MessageId>,
    limit: u64,
) -> Result<Vec<Shape>> {
    use entity::message::Column;
    let mut query = shapes(organization_id).filter(Column::ChannelId.eq(channel_id.0));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.0));
    }
    let rows: Vec<ShapeRow> =
        query.order_by_asc(Column::Id).limit(limit).into_tuple().all(store.db().read()).await?;
    Ok(rows.into_iter().map(shape).collect())
}

/// The messages of these tickets.
pub async fn shapes_of_tickets(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<Shape>> {
    use entity::message::Column;
    let mut found = Vec::new();
    for chunk in ids.chunks(200) {
        let rows: Vec<ShapeRow> = shapes(organization_id)
            .filter(Column::TicketId.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(shape));
    }
    Ok(found)
}

/// Those of these messages that there are.
pub async fn shapes_of(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Shape>> {
    use entity::message::Column;
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let rows: Vec<ShapeRow> = shapes(organization_id)
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(shape));
    }
    Ok(found)
}

/// How many messages a channel has.
pub async fn count_of_channel(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<u64> {
    use entity::message::{Column, Entity};
    use sea_orm::PaginatorTrait as _;
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .count(store.db().read())
        .await?)
}

/// These messages, opened, with the names of their files. One whose key was destroyed is left out.
pub async fn open(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<(Vec<Message>, HashMap<MessageId, Vec<String>>)> {
    let scope = Scope::whole(organization_id);
    let found = messages::find_many(store, &scope, ids).await?;
    let mut files: HashMap<MessageId, Vec<String>> = HashMap::new();
    for file in attachments::list(store, &scope, ids).await? {
        files.entry(file.message_id).or_default().push(file.meta.name);
    }
    Ok((found, files))
}

/// The last event of each organization that has not been closed.
pub async fn last_events(store: &Store) -> Result<Vec<(OrganizationId, i64)>> {
    use entity::organization_counter::{Column, Entity};
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Events])
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(id, last)| (OrganizationId(id), last)).collect())
}

/// Which channels have messages in tickets of which others: the message's first.
pub async fn mixed(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<(ChannelId, ChannelId)>> {
    use sea_orm::Statement;
    let db = store.db().read();
    let statement = Statement::from_sql_and_values(
        sea_orm::ConnectionTrait::get_database_backend(db),
        "SELECT DISTINCT m.channel_id AS own, t.channel_id AS home FROM ticket t \
         JOIN message m ON m.organization_id = t.organization_id AND m.ticket_id = t.id \
         WHERE t.organization_id = $1 AND m.channel_id <> t.channel_id",
        [organization_id.0.into()],
    );
    let rows = sea_orm::ConnectionTrait::query_all_raw(db, statement).await?;
    rows.into_iter()
        .map(|row| {
            let own: Uuid = row.try_get("", "own")?;
            let home: Uuid = row.try_get("", "home")?;
            Ok((ChannelId(own), ChannelId(home)))
        })
        .collect()
}
