//! Answers on their way out: one entry per outbound message.
//!
//! An entry is changed in one way only: read under a lock ([`lock`]), changed as a value, and
//! written back ([`Entry::save`]) on the condition that state and attempts are still those that
//! were read. The attempt's number therefore fences off a worker that comes too late.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::Content;
use super::error::{Result, StoreError};
use super::{Scope, Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, OutboxId, TicketId};
use crate::domain::words::{OutboxState, Status};

/// What undo brings back: sealed as one document under the message's content key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// What the agent had written.
    pub draft: Content,
    /// The status that sending set.
    pub status_after: Status,
    /// The ticket as it was.
    pub before: TicketBefore,
}

/// What sending changes of a ticket, as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketBefore {
    /// Its status.
    pub status: Status,
    /// Since when the customer waited.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last message.
    pub last_message_at: DateTime<Utc>,
    /// The beginning of the last message.
    pub snippet: String,
    /// Whether any message had a file.
    pub has_attachment: bool,
    /// Until when it slept.
    #[serde(default)]
    pub snoozed_until: Option<DateTime<Utc>>,
}

/// An entry to be added.
#[derive(Debug)]
pub struct NewEntry<'a> {
    /// Its id.
    pub id: OutboxId,
    /// The mailbox that it goes out by.
    pub channel_id: ChannelId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The message.
    pub message_id: MessageId,
    /// The end of the undo window.
    pub not_before: DateTime<Utc>,
    /// The version of the ticket that the agent had read.
    pub seen_version: i32,
    /// What undo brings back; nothing of what nobody wrote.
    pub restore: Option<&'a Restore>,
    /// The mailbox answers by itself.
    pub is_automatic: bool,
}

/// An entry. Its sealed parts are opened with the content key of its message.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: OutboxId,
    /// The mailbox that it goes out by.
    pub channel_id: ChannelId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The message.
    pub message_id: MessageId,
    /// How far it is.
    pub state: OutboxState,
    /// It is not sent before this.
    pub not_before: DateTime<Utc>,
    /// How often it was dialled.
    pub attempts: i32,
    /// Until when a worker has it.
    pub lease_until: Option<DateTime<Utc>>,
    /// When it was last dialled.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When a person last said that it is to go.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The version of the ticket that the agent had read.
    pub seen_version: i32,
    /// Why it is as it is ([`crate::domain::delivery::code`]).
    pub error_code: Option<String>,
    /// When the provider took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Nobody wrote it: the mailbox answers by itself.
    pub is_automatic: bool,
    restore: Option<Vec<u8>>,
    error: Option<Vec<u8>>,
    bounced: Option<Vec<u8>>,
    read: (OutboxState, i32),
}

impl TryFrom<entity::outbox::Model> for Entry {
    type Error = StoreError;

    fn try_from(row: entity::outbox::Model) -> Result<Self> {
        let state: OutboxState = row.state.parse()?;
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: OutboxId(row.id),
            channel_id: ChannelId(row.channel_id),
            ticket_id: TicketId(row.ticket_id),
            message_id: MessageId(row.message_id),
            state,
            not_before: from_millis(row.not_before),
            attempts: row.attempts,
            lease_until: row.lease_until.map(from_millis),
            last_attempt_at: row.last_attempt_at.map(from_millis),
            confirmed_at: row.confirmed_at.map(from_millis),
            seen_version: row.seen_version,
            error_code: row.error_code,
            sent_at: row.sent_at.map(from_millis),
            created_at: from_millis(row.created_at),
            is_automatic: row.is_automatic,
            restore: row.restore,
            error: row.error,
            bounced: row.bounced,
            read: (state, row.attempts),
        })
    }
}

impl Entry {
    /// What undo brings back, while it can.
    pub fn restore(&self, key: &OpenKey) -> Result<Option<Restore>> {
        let Some(sealed) = &self.restore else { return Ok(None) };
        let json = key.open(self.place(columns::OUTBOX_RESTORE), sealed)?;
        Ok(Some(serde_json::from_slice(&json)?))
    }

    /// The server's own words about the last attempt.
    pub fn error(&self, key: &OpenKey) -> Result<Option<String>> {
        let Some(sealed) = &self.error else { return Ok(None) };
        Ok(Some(key.open_string(self.place(columns::OUTBOX_ERROR), sealed)?))
    }

    /// Says why it is as it is. Without `words` those of an earlier attempt go.
    pub fn set_error(&mut self, key: &OpenKey, code: Option<&str>, words: Option<&str>) {
        let place = self.place(columns::OUTBOX_ERROR);
        self.error_code = code.map(ToOwned::to_owned);
        self.error = words.map(|words| key.seal(place, words.as_bytes()));
    }

    /// Whom it did not reach although the server had taken it, by address. `None` when no such
    /// report came; nobody when the report does not tell whom.
    pub fn bounced(&self, key: &OpenKey) -> Result<Option<Vec<String>>> {
        let Some(sealed) = &self.bounced else { return Ok(None) };
        let json = key.open(self.place(columns::OUTBOX_BOUNCED), sealed)?;
        Ok(Some(serde_json::from_slice(&json)?))
    }

    /// Says whom it did not reach.
    pub fn set_bounced(&mut self, key: &OpenKey, addresses: Option<&[String]>) -> Result<()> {
        let place = self.place(columns::OUTBOX_BOUNCED);
        let json = addresses.map(serde_json::to_vec).transpose()?;
        self.bounced = json.map(|json| key.seal(place, &json));
        Ok(())
    }

    /// Whether a report of non-delivery came.
    #[must_use]
    pub fn has_bounced(&self) -> bool {
        self.bounced.is_some()
    }

    /// Whether undo could bring anything back.
    #[must_use]
    pub fn can_restore(&self) -> bool {
        self.restore.is_some()
    }

    /// It is out of our hands: nothing is to be brought back any more.
    pub fn forget_restore(&mut self) {
        self.restore = None;
    }

    /// It arrived: nothing stands against it, and nothing is to be brought back any more.
    pub fn clear_trouble(&mut self) {
        self.error_code = None;
        (self.error, self.bounced, self.restore) = (None, None, None);
    }

    /// Writes the entry back. [`StoreError::Stale`] when somebody else has changed it since it
    /// was read.
    pub async fn save(&self, tx: &Tx) -> Result<()> {
        use entity::outbox::{ActiveModel, Column, Entity};
        let changed = Entity::update_many()
            .set(ActiveModel {
                state: Set(self.state.as_str().to_owned()),
                not_before: Set(millis(self.not_before)),
                attempts: Set(self.attempts),
                lease_until: Set(self.lease_until.map(millis)),
                last_attempt_at: Set(self.last_attempt_at.map(millis)),
                confirmed_at: Set(self.confirmed_at.map(millis)),
                seen_version: Set(self.seen_version),
                restore: Set(self.restore.clone()),
                error_code: Set(self.error_code.clone()),
                error: Set(self.error.clone()),
                bounced: Set(self.bounced.clone()),
                sent_at: Set(self.sent_at.map(millis)),
                ..Default::default()
            })
            .filter(Column::OrganizationId.eq(self.organization_id.0))
            .filter(Column::Id.eq(self.id.0))
            .filter(Column::State.eq(self.read.0.as_str()))
            .filter(Column::Attempts.eq(self.read.1))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    fn place(&self, column: crate::crypto::Column) -> Place {
        Place { column, row: self.id.0 }
    }
}

/// Adds an entry. [`StoreError::Duplicate`] when there is one with that id.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    key: &OpenKey,
    entry: &NewEntry<'_>,
) -> Result<()> {
    let restore = entry.restore.map(serde_json::to_vec).transpose()?;
    let place = Place { column: columns::OUTBOX_RESTORE, row: entry.id.0 };
    entity::outbox::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(entry.id.0),
        channel_id: Set(entry.channel_id.0),
        ticket_id: Set(entry.ticket_id.0),
        message_id: Set(entry.message_id.0),
        state: Set(OutboxState::Waiting.as_str().to_owned()),
        not_before: Set(millis(entry.not_before)),
        attempts: Set(0),
        lease_until: Set(None),
        last_attempt_at: Set(None),
        confirmed_at: Set(None),
        seen_version: Set(entry.seen_version),
        restore: Set(restore.map(|json| key.seal(place, &json))),
        error_code: Set(None),
        error: Set(None),
        bounced: Set(None),
        sent_at: Set(None),
        created_at: Set(millis(tx.store().now())),
        is_automatic: Set(entry.is_automatic),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The entry of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: OutboxId,
) -> Result<Option<Entry>> {
    entity::outbox::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(Entry::try_from)
        .transpose()
}

fn reached(scope: &Scope) -> sea_orm::Condition {
    use entity::outbox::Column;
    let (organization, channel) = (Column::OrganizationId, Column::ChannelId);
    scope.limit_parts(organization, channel, || {
        scope.in_tickets(organization, channel, Column::TicketId)
    })
}

/// The entry of a message, if the scope reaches it.
pub async fn find_of_message(
    store: &Store,
    scope: &Scope,
    message_id: MessageId,
) -> Result<Option<Entry>> {
    use entity::outbox::{Column, Entity};
    let mut within = reached(scope);
    if !scope.hidden().is_empty() {
        within = within.add(Column::TicketId.not_in_subquery(scope.hidden_tickets()));
    }
    Entity::find()
        .filter(within)
        .filter(Column::MessageId.eq(message_id.0))
        .one(store.db().read())
        .await?
        .map(Entry::try_from)
        .transpose()
}

/// The entries of a ticket that the scope reaches, oldest first.
pub async fn list_of_ticket(
    store: &Store,
    scope: &Scope,
    ticket_id: TicketId,
) -> Result<Vec<Entry>> {
    use entity::outbox::{Column, Entity};
    Entity::find()
        .filter(reached(scope))
        .filter(Column::TicketId.eq(ticket_id.0))
        .order_by_asc(Column::CreatedAt)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Entry::try_from)
        .collect()
}

/// The attempt that the entry tells of goes on: its lease lasts until `lease_until`.
pub async fn extend_lease(store: &Store, entry: &Entry, lease_until: DateTime<Utc>) -> Result<()> {
    use entity::outbox::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Some(millis(lease_until))))
        .filter(Column::OrganizationId.eq(entry.organization_id.0))
        .filter(Column::Id.eq(entry.id.0))
        .filter(Column::State.eq(OutboxState::Sending.as_str()))
        .filter(Column::Attempts.eq(entry.attempts))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// The messages of the answers that last left by the mailbox of `before`, the newest first.
pub async fn last_sent(store: &Store, before: &Entry, limit: u64) -> Result<Vec<MessageId>> {
    use entity::outbox::{Column, Entity};
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MessageId)
        .filter(Column::OrganizationId.eq(before.organization_id.0))
        .filter(Column::ChannelId.eq(before.channel_id.0))
        .filter(Column::State.eq(OutboxState::Sent.as_str()))
        .filter(Column::Id.ne(before.id.0))
        .order_by_desc(Column::SentAt)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(MessageId).collect())
}

/// The entry as the transaction sees it, and locked until its end.
pub async fn lock(tx: &Tx, organization_id: OrganizationId, id: OutboxId) -> Result<Option<Entry>> {
    entity::outbox::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .map(Entry::try_from)
        .transpose()
}

/// The entries of a ticket that have not been handed over yet, locked.
pub async fn lock_unsent_of_ticket(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<Entry>> {
    use entity::outbox::Column;
    lock_where(tx, organization_id, Column::TicketId.eq(ticket_id.0)).await
}

/// The entries of a ticket go to another one, with their messages.
pub async fn move_all(
    tx: &Tx,
    organization_id: OrganizationId,
    from: TicketId,
    into: TicketId,
) -> Result<()> {
    use entity::outbox::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::TicketId, Expr::value(into.0))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(from.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// As [`move_all`], of these messages.
pub async fn move_these(
    tx: &Tx,
    organization_id: OrganizationId,
    into: TicketId,
    messages: &[MessageId],
) -> Result<()> {
    use entity::outbox::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::TicketId, Expr::value(into.0))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MessageId.is_in(messages.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The entries of a channel that have not been handed over yet, locked.
pub async fn lock_unsent_of_channel(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<Entry>> {
    use entity::outbox::Column;
    lock_where(tx, organization_id, Column::ChannelId.eq(channel_id.0)).await
}

/// How many answers of a channel have not been handed over yet.
pub async fn count_unsent(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<u64> {
    use entity::outbox::{Column, Entity};
    use sea_orm::PaginatorTrait as _;
    let unsent = [OutboxState::Waiting, OutboxState::Retrying].map(OutboxState::as_str);
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::State.is_in(unsent))
        .count(store.db().read())
        .await?)
}

async fn lock_where(
    tx: &Tx,
    organization_id: OrganizationId,
    which: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<Entry>> {
    use entity::outbox::{Column, Entity};
    let unsent = [OutboxState::Waiting, OutboxState::Retrying].map(OutboxState::as_str);
    Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(which)
        .filter(Column::State.is_in(unsent))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?
        .into_iter()
        .map(Entry::try_from)
        .collect()
}

/// The content keys of messages. Those that were destroyed are left out.
pub async fn keys(
    store: &Store,
    organization_id: OrganizationId,
    messages: &[MessageId],
) -> Result<HashMap<MessageId, OpenKey>> {
    use entity::message::{Column, Entity};
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(messages.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|(_, key)| *key).collect();
    let keys = store.keyring().get_many(&ids).await?;
    let open = |(id, key)| Some((MessageId(id), keys.get(&key)?.clone()));
    Ok(rows.into_iter().filter_map(open).collect())
}

/// What a removed answer leaves behind outside the data database.
#[derive(Debug, Clone, Default)]
pub struct Leftover {
    /// Keys that nothing names any more.
    pub keys: Vec<Uuid>,
    /// Objects that nothing names any more.
    pub objects: Vec<String>,
}

/// Removes an answer that never went out, with its message, files and references. The caller
/// clears what is left over after the commit.
pub async fn remove_answer(tx: &Tx, entry: &Entry) -> Result<Leftover> {
    let (organization, message) = (entry.organization_id.0, entry.message_id.0);
    let gone = entity::outbox::Entity::delete_many()
        .filter(entity::outbox::Column::OrganizationId.eq(organization))
        .filter(entity::outbox::Column::Id.eq(entry.id.0))
        .filter(entity::outbox::Column::State.eq(entry.read.0.as_str()))
        .filter(entity::outbox::Column::Attempts.eq(entry.read.1))
        .exec(tx.conn())
        .await?;
    if gone.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    let mut leftover = Leftover::default();
    let raw: Option<(Uuid, Option<String>)> =
        entity::raw_message::Entity::find_by_id((organization, message))
            .select_only()
            .columns([entity::raw_message::Column::KeyId, entity::raw_message::Column::ObjectName])
            .into_tuple()
            .one(tx.conn())
            .await?;
    if let Some((key, object)) = raw {
        leftover.keys.push(key);
        leftover.objects.extend(object);
    }
    entity::raw_message::Entity::delete_many()
        .filter(entity::raw_message::Column::OrganizationId.eq(organization))
        .filter(entity::raw_message::Column::MessageId.eq(message))
        .exec(tx.conn())
        .await?;
    entity::attachment::Entity::delete_many()
        .filter(entity::attachment::Column::OrganizationId.eq(organization))
        .filter(entity::attachment::Column::MessageId.eq(message))
        .exec(tx.conn())
        .await?;
    entity::message_reference::Entity::delete_many()
        .filter(entity::message_reference::Column::OrganizationId.eq(organization))
        .filter(entity::message_reference::Column::MessageId.eq(message))
        .exec(tx.conn())
        .await?;
    entity::message::Entity::delete_many()
        .filter(entity::message::Column::OrganizationId.eq(organization))
        .filter(entity::message::Column::Id.eq(message))
        .exec(tx.conn())
        .await?;
    leftover.keys.sort_unstable();
    leftover.keys.dedup();
    Ok(leftover)
}
