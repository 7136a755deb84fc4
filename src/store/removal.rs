//! Removing rows whose keys are dead: messages with all that hangs on them, tickets, and customers
//! with whom nothing is left. Each function takes a bounded batch, children before parents, so that
//! a transaction stays short; whoever calls goes on until nothing is left.
//!
//! Keys die before their rows go, and objects go before the rows that name them: what breaks off
//! between two steps is found again by the rows.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::error::Result;
use super::events::NewEvent;
use super::{Store, Tx};
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::{EventKind, LedgerState};

/// Deletes the rows of a table that belong to the organization and meet the condition.
macro_rules! remove {
    ($tx:expr, $table:ident, $organization:expr, $condition:expr) => {
        entity::$table::Entity::delete_many()
            .filter(entity::$table::Column::OrganizationId.eq($organization.0))
            .filter($condition)
            .exec($tx.conn())
            .await?
            .rows_affected
    };
}
pub(super) use remove;

/// The objects in which parts of these messages lie.
pub async fn objects_of(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<String>> {
    let mut objects: Vec<String> = entity::raw_message::Entity::find()
        .select_only()
        .column(entity::raw_message::Column::ObjectName)
        .filter(entity::raw_message::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::raw_message::Column::MessageId.is_in(ids.iter().map(|id| id.0)))
        .filter(entity::raw_message::Column::ObjectName.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    let files: Vec<String> = entity::attachment::Entity::find()
        .select_only()
        .column(entity::attachment::Column::ObjectName)
        .filter(entity::attachment::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::attachment::Column::MessageId.is_in(ids.iter().map(|id| id.0)))
        .filter(entity::attachment::Column::ObjectName.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    objects.extend(files);
    Ok(objects)
}

/// Messages of these tickets, with their keys.
pub async fn messages_of(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
    limit: u64,
) -> Result<Vec<(MessageId, TicketId, Uuid)>> {
    use entity::message::Column;
    let rows: Vec<(Uuid, Uuid, Uuid)> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::TicketId, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.0)))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, of, key)| (MessageId(id), TicketId(of), key)).collect())
}

/// The keys of the raw forms of these messages.
pub async fn raw_keys_of(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Uuid>> {
    use entity::raw_message::Column;
    Ok(entity::raw_message::Entity::find()
        .select_only()
        .column(Column::KeyId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MessageId.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().write())
        .await?)
}

/// The keys of these tickets.
pub async fn ticket_keys(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<Uuid>> {
    use entity::ticket::Column;
    Ok(entity::ticket::Entity::find()
        .select_only()
        .column(Column::KeyId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().write())
        .await?)
}

/// The ledger forgets which messages were made of these mails, and keeps that it has seen them:
/// no sync and no import brings them back.
pub async fn bury(tx: &Tx, organization_id: OrganizationId, ids: &[MessageId]) -> Result<()> {
    use entity::ledger::Column;
    entity::ledger::Entity::update_many()
        .col_expr(Column::State, Expr::value(LedgerState::Tombstone.as_str()))
        .col_expr(Column::MessageId, Expr::value(None::<Uuid>))
        .col_expr(Column::IdBlind, Expr::value(None::<Vec<u8>>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MessageId.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::MessageId.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes messages with their files, raw mail, references and answers.
pub async fn messages(tx: &Tx, organization_id: OrganizationId, ids: &[MessageId]) -> Result<u64> {
    let ids = || ids.iter().map(|id| id.0);
    remove!(tx, attachment, organization_id, entity::attachment::Column::MessageId.is_in(ids()));
    remove!(
        tx,
        message_reference,
        organization_id,
        entity::message_reference::Column::MessageId.is_in(ids())
    );
    remove!(tx, mention, organization_id, entity::mention::Column::MessageId.is_in(ids()));
    remove!(
        tx,
        note_mention,
        organization_id,
        entity::note_mention::Column::MessageId.is_in(ids())
    );
    remove!(tx, outbox, organization_id, entity::outbox::Column::MessageId.is_in(ids()));
    remove!(tx, raw_message, organization_id, entity::raw_message::Column::MessageId.is_in(ids()));
    Ok(remove!(tx, message, organization_id, entity::message::Column::Id.is_in(ids())))
}

/// Removes tickets that have no message any more, with their drafts, what was seen of them, who is there, who took part and
/// what happened to them. Other tickets that name them forget that they did.
pub async fn tickets(tx: &Tx, organization_id: OrganizationId, ids: &[TicketId]) -> Result<u64> {
    use entity::ticket::Column;
    let ids = || ids.iter().map(|id| id.0);
    remove!(tx, draft, organization_id, entity::draft::Column::TicketId.is_in(ids()));
    remove!(tx, ticket_seen, organization_id, entity::ticket_seen::Column::TicketId.is_in(ids()));
    remove!(tx, presence, organization_id, entity::presence::Column::TicketId.is_in(ids()));
    remove!(tx, notice, organization_id, entity::notice::Column::TicketId.is_in(ids()));
    remove!(tx, participant, organization_id, entity::participant::Column::TicketId.is_in(ids()));
    remove!(tx, ticket_tag, organization_id, entity::ticket_tag::Column::TicketId.is_in(ids()));
    remove!(tx, follower, organization_id, entity::follower::Column::TicketId.is_in(ids()));
    remove!(tx, act_ticket, organization_id, entity::act_ticket::Column::TicketId.is_in(ids()));
    remove!(tx, event, organization_id, entity::event::Column::TicketId.is_in(ids()));
    let erased = entity::erasure_ticket::Column::TicketId.is_in(ids());
    remove!(tx, erasure_ticket, organization_id, erased);
    for column in [Column::RelatedToId, Column::MergedIntoId] {
        entity::ticket::Entity::update_many()
            .col_expr(column, Expr::value(None::<Uuid>))
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(column.is_in(ids()))
            .exec(tx.conn())
            .await?;
    }
    Ok(remove!(tx, ticket, organization_id, Column::Id.is_in(ids())))
}

/// Tells the listeners of this instance and others that these tickets, or messages of them, are about to go: nobody finds
/// those any more. For whatever leaves the channel itself there. It belongs in every transaction that removes
/// some of them: the next one may never come.
pub async fn tell_gone(tx: &Tx, organization_id: OrganizationId, ids: &[TicketId]) -> Result<()> {
    use entity::ticket::Column;
    let gone: Vec<(i64, Uuid)> = entity::ticket::Entity::find()
        .select_only()
        .columns([Column::Number, Column::ChannelId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(tx.conn())
        .await?;
    for (number, channel) in gone {
        // By its number: the log keeps no id of what is gone.
        let data = serde_json::json!({ "number": number });
        let gone = NewEvent::channel(organization_id, EventKind::TicketRemoved, ChannelId(channel));
        tx.event(gone.data(data));
    }
    Ok(())
}

/// The customers of these tickets and messages, to be looked at once those are gone.
pub async fn contacts_of(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
    messages: &[MessageId],
) -> Result<HashSet<ContactId>> {
    let mut found = HashSet::new();
    {
        use entity::ticket::Column;
        let rows: Vec<(Option<Uuid>, Option<Uuid>)> = entity::ticket::Entity::find()
            .select_only()
            .columns([Column::ContactId, Column::ReplacedContactId])
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(tickets.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().flat_map(|(a, b)| [a, b]).flatten().map(ContactId));
    }
    {
        use entity::message::Column;
        let rows: Vec<Uuid> = entity::message::Entity::find()
            .select_only()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(messages.iter().map(|id| id.0)))
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(ContactId));
        Ok(found)
    }
}

/// A customer with whom nothing is left, and their key.
#[derive(Debug, Clone, Copy)]
pub struct Leftover {
    /// The customer.
    pub id: ContactId,
    /// The key of their profile.
    pub key_id: Uuid,
}

/// Those of these customers whom no ticket and no message names.
pub async fn left_over(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
) -> Result<Vec<Leftover>> {
    let named = named(store, organization_id, ids).await?;
    {
        use entity::contact::Column;
        let rows: Vec<(Uuid, Uuid)> = entity::contact::Entity::find()
            .select_only()
            .columns([Column::Id, Column::KeyId])
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().write())
            .await?;
        Ok(rows
            .into_iter()
            .filter(|(id, _)| !named.contains(id))
            .map(|(id, key_id)| Leftover { id: ContactId(id), key_id })
            .collect())
    }
}

/// Those of these customers whom a ticket or a message names.
async fn named(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ContactId],
) -> Result<HashSet<Uuid>> {
    let ids = || ids.iter().map(|id| id.0);
    let mut named = HashSet::new();
    {
        use entity::ticket::Column;
        let rows: Vec<Uuid> = entity::ticket::Entity::find()
            .select_only()
            .distinct()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ContactId.is_in(ids()))
            .into_tuple()
            .all(store.db().write())
            .await?;
        named.extend(rows);
    }
    {
        use entity::message::Column;
        let rows: Vec<Uuid> = entity::message::Entity::find()
            .select_only()
            .distinct()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ContactId.is_in(ids()))
            // As the index has it.
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().write())
            .await?;
        named.extend(rows);
        Ok(named)
    }
}

/// Removes customers with whom nothing is left, and answers which were removed: one whom a new mail
/// has named meanwhile stays.
pub async fn contacts(
    tx: &Tx,
    organization_id: OrganizationId,
    leftover: &[Leftover],
) -> Result<Vec<Leftover>> {
    use entity::{contact, contact_identity, message, ticket};
    let mut removed = Vec::new();
    for candidate in leftover {
        let id = candidate.id.0;
        let by_ticket = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::Id)
            .filter(ticket::Column::OrganizationId.eq(organization_id.0))
            .filter(ticket::Column::ContactId.eq(id))
            .into_tuple::<Uuid>()
            .one(tx.conn())
            .await?;
        let by_message = message::Entity::find()
            .select_only()
            .column(message::Column::Id)
            .filter(message::Column::OrganizationId.eq(organization_id.0))
            .filter(message::Column::ContactId.eq(id))
            .into_tuple::<Uuid>()
            .one(tx.conn())
            .await?;
        if by_ticket.is_some() || by_message.is_some() {
            continue;
        }
        remove!(tx, contact_identity, organization_id, contact_identity::Column::ContactId.eq(id));
        if remove!(tx, contact, organization_id, contact::Column::Id.eq(id)) == 1 {
            removed.push(*candidate);
        }
    }
    Ok(removed)
}
