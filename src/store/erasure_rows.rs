//! The rows of a person: found by the ids of their profiles and by blind addresses, emptied or
//! removed. See [`super::removal`] for what hangs on messages and tickets.

use std::collections::{BTreeSet, HashSet};

use chrono::DateTime;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::erasures::Copy;
use super::error::Result;
use super::ledger::Entry;
use super::messages::mentions;
use super::removal::remove;
use super::{Store, Tx};
use crate::domain::ids::{ChannelId, ContactId, FolderId, MessageId, OrganizationId, TicketId};
use crate::domain::words::{LedgerState, OutboxState};

/// Ids per statement.
const IDS: usize = 500;

/// The profiles that have one of these addresses, by the blind of the address.
pub async fn contacts_of(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<Vec<ContactId>> {
    let found = super::contacts::find_by_blinds(store, organization_id, blinds).await?;
    Ok(found.into_values().collect::<BTreeSet<_>>().into_iter().collect())
}

/// Every ticket that a profile or a blind address of the person stands in.
pub async fn tickets_of(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
    blinds: &[Vec<u8>],
) -> Result<Vec<TicketId>> {
    let mut found: BTreeSet<Uuid> = tickets_of_contacts(store, organization_id, contacts).await?;
    for chunk in blinds.chunks(IDS) {
        use entity::participant::{Column, Entity};
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::AddressBlind.is_in(chunk.iter().cloned()))
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(ids);
    }
    for chunk in mentions::find(store, organization_id, blinds).await?.chunks(IDS) {
        use entity::message::{Column, Entity};
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(ids);
    }
    Ok(found.into_iter().map(TicketId).collect())
}

/// The messages of a ticket name these addresses no more.
pub async fn forget_mentions(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    blinds: &[Vec<u8>],
) -> Result<()> {
    use entity::mention::{Column, Entity};
    let of_ticket = sea_orm::QueryTrait::into_query(
        entity::message::Entity::find()
            .select_only()
            .column(entity::message::Column::Id)
            .filter(entity::message::Column::OrganizationId.eq(organization_id.0))
            .filter(entity::message::Column::TicketId.eq(ticket_id.0)),
    );
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MessageId.in_subquery(of_ticket))
        .filter(Column::AddressBlind.is_in(blinds.iter().cloned()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Every ticket that names one of these profiles, or has a message that does.
pub async fn tickets_of_contacts(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    let ids = || contacts.iter().map(|id| id.0);
    {
        use entity::ticket::{Column, Entity};
        let of_ticket: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ContactId.is_in(ids()))
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(of_ticket);
    }
    {
        use entity::message::{Column, Entity};
        let of_message: Vec<Uuid> = Entity::find()
            .select_only()
            .distinct()
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ContactId.is_in(ids()))
            // As the index has it.
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(of_message);
        Ok(found)
    }
}

/// A message of a ticket, unopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: MessageId,
    /// Its key.
    pub key_id: Uuid,
    /// The channel that it came by.
    pub channel_id: ChannelId,
    /// Whether it is a tombstone.
    pub is_erased: bool,
}

/// The messages of a ticket, oldest first, whether or not they open.
pub async fn messages_of(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<Row>> {
    use entity::message::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, Uuid, Option<i64>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId, Column::ChannelId, Column::ErasedAt])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, key_id, channel, erased_at)| Row {
            id: MessageId(id),
            key_id,
            channel_id: ChannelId(channel),
            is_erased: erased_at.is_some(),
        })
        .collect())
}

/// How many messages a ticket has, as the transaction sees it.
pub async fn count_messages(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<u64> {
    use entity::message::{Column, Entity};
    Ok(Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .count(tx.conn())
        .await?)
}

/// Files of these messages, drafts on these tickets, and records of answers among the messages.
pub async fn count_beside(
    store: &Store,
    organization_id: OrganizationId,
    messages: &[MessageId],
    tickets: &[TicketId],
) -> Result<(i64, i64, i64)> {
    let db = store.db().read();
    let (mut files, mut drafts, mut deliveries) = (0, 0, 0);
    for chunk in messages.chunks(IDS) {
        let ids = || chunk.iter().map(|id| id.0);
        files += entity::attachment::Entity::find()
            .filter(entity::attachment::Column::OrganizationId.eq(organization_id.0))
            .filter(entity::attachment::Column::MessageId.is_in(ids()))
            .count(db)
            .await?;
        deliveries += entity::outbox::Entity::find()
            .filter(entity::outbox::Column::OrganizationId.eq(organization_id.0))
            .filter(entity::outbox::Column::MessageId.is_in(ids()))
            .count(db)
            .await?;
    }
    for chunk in tickets.chunks(IDS) {
        drafts += entity::draft::Entity::find()
            .filter(entity::draft::Column::OrganizationId.eq(organization_id.0))
            .filter(entity::draft::Column::TicketId.is_in(chunk.iter().map(|id| id.0)))
            .count(db)
            .await?;
    }
    let total = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Ok((total(files), total(drafts), total(deliveries)))
}

/// Where the provider has these mails yet, as far as the ledger knows.
pub async fn copies(
    store: &Store,
    organization_id: OrganizationId,
    messages: &[MessageId],
) -> Result<Vec<Copy>> {
    use entity::ledger::{Column, Entity};
    let mut found = Vec::new();
    for chunk in messages.chunks(IDS) {
        let rows: Vec<(Uuid, Uuid, i64, i64, Option<i64>)> = Entity::find()
            .select_only()
            .columns([
                Column::ChannelId,
                Column::FolderId,
                Column::UidValidity,
                Column::Uid,
                Column::ReceivedAt,
            ])
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::MessageId.is_in(chunk.iter().map(|id| id.0)))
            // As the index has it.
            .filter(Column::MessageId.is_not_null())
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(|(channel, folder, uid_validity, uid, at)| Copy {
            channel_id: ChannelId(channel),
            folder_id: FolderId(folder),
            uid_validity,
            uid,
            received_at: at.and_then(DateTime::from_timestamp_millis),
        }));
    }
    Ok(found)
}

/// Lines of a mailbox whose mail became no message and is kept: quarantined, or left out.
pub async fn unfiled(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<Entry>> {
    use entity::ledger::{Column, Entity};
    let quarantined = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::State.eq(LedgerState::Quarantined.as_str()))
        .filter(Column::MessageId.is_not_null())
        .all(store.db().write())
        .await?;
    let left_out = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::IdBlind.is_not_null())
        .filter(Column::MessageId.is_not_null())
        .all(store.db().write())
        .await?;
    quarantined.into_iter().chain(left_out).map(Entry::try_from).collect()
}

/// These mails must not come in again: not the same bytes, which the ledger knows, and not under
/// the same Message-ID. Before their rows go.
pub async fn remember(
    tx: &Tx,
    organization_id: OrganizationId,
    messages: &[MessageId],
) -> Result<()> {
    for chunk in messages.chunks(IDS) {
        let rows: Vec<(Uuid, Vec<u8>)> = {
            use entity::message_reference::{Column, Entity};
            Entity::find()
                .select_only()
                .columns([Column::ChannelId, Column::Blind])
                .filter(Column::OrganizationId.eq(organization_id.0))
                .filter(Column::MessageId.is_in(chunk.iter().map(|id| id.0)))
                .filter(Column::Own.eq(true))
                .into_tuple()
                .all(tx.conn())
                .await?
        };
        let rows: BTreeSet<(Uuid, Vec<u8>)> = rows.into_iter().collect();
        add_blinds(tx, organization_id, rows).await?;
    }
    super::removal::bury(tx, organization_id, messages).await
}

/// Mail with these Message-IDs must not come in again.
pub async fn add_blinds(
    tx: &Tx,
    organization_id: OrganizationId,
    blinds: BTreeSet<(Uuid, Vec<u8>)>,
) -> Result<()> {
    use entity::erased_mail::{ActiveModel, Column, Entity};
    let rows: Vec<_> = blinds
        .into_iter()
        .map(|(channel, blind)| ActiveModel {
            organization_id: Set(organization_id.0),
            channel_id: Set(channel),
            id_blind: Set(blind),
        })
        .collect();
    for chunk in super::chunks(rows, 3) {
        let known = [Column::OrganizationId, Column::ChannelId, Column::IdBlind];
        let conflict = OnConflict::columns(known).do_nothing().to_owned();
        Entity::insert_many(chunk).on_conflict(conflict).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Those of these Message-IDs that were erased.
pub async fn erased_among(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    blinds: &[Vec<u8>],
) -> Result<HashSet<Vec<u8>>> {
    use entity::erased_mail::{Column, Entity};
    let mut found = HashSet::new();
    for chunk in blinds.chunks(IDS) {
        let rows: Vec<Vec<u8>> = Entity::find()
            .select_only()
            .column(Column::IdBlind)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ChannelId.eq(channel_id.0))
            .filter(Column::IdBlind.is_in(chunk.iter().cloned()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// From now on nobody is found by these profiles' addresses: mail that comes in makes new ones.
pub async fn remove_identities(
    tx: &Tx,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<()> {
    use entity::contact_identity::Column;
    let ids = Column::ContactId.is_in(contacts.iter().map(|id| id.0));
    remove!(tx, contact_identity, organization_id, ids);
    Ok(())
}

/// The keys of these profiles.
pub async fn profile_keys(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<Vec<Uuid>> {
    use entity::contact::{Column, Entity};
    Ok(Entity::find()
        .select_only()
        .column(Column::KeyId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(contacts.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().write())
        .await?)
}

/// What is recorded of these answers' delivery loses the address; those that have not left do not.
pub async fn empty_deliveries(
    tx: &Tx,
    organization_id: OrganizationId,
    messages: &[MessageId],
) -> Result<()> {
    use entity::outbox::{ActiveModel, Column, Entity};
    let of = || {
        Condition::all()
            .add(Column::OrganizationId.eq(organization_id.0))
            .add(Column::MessageId.is_in(messages.iter().map(|id| id.0)))
    };
    Entity::update_many()
        .set(ActiveModel {
            restore: Set(None),
            error: Set(None),
            bounced: Set(None),
            ..Default::default()
        })
        .filter(of())
        .exec(tx.conn())
        .await?;
    let unsent = [OutboxState::Waiting, OutboxState::Retrying, OutboxState::NeedsConfirmation];
    Entity::update_many()
        .col_expr(Column::State, Expr::value(OutboxState::Cancelled.as_str()))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .filter(of())
        .filter(Column::State.is_in(unsent.map(OutboxState::as_str)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// What happened to a ticket tells of these profiles no more.
pub async fn empty_events(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    contacts: &[ContactId],
) -> Result<()> {
    use entity::event::{Column, Entity};
    for contact in contacts {
        Entity::update_many()
            .col_expr(Column::Data, Expr::value("{}"))
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::TicketId.eq(ticket_id.0))
            .filter(Column::Data.contains(contact.0.to_string()))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// The ticket forgets that one of these profiles was its customer before another.
pub async fn forget_replaced(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    contacts: &[ContactId],
) -> Result<()> {
    use entity::ticket::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::ReplacedContactId, Expr::value(None::<Uuid>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(ticket_id.0))
        .filter(Column::ReplacedContactId.is_in(contacts.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Whether an address leads to one of these profiles.
pub async fn has_identities(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<bool> {
    use entity::contact_identity::{Column, Entity};
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        .one(store.db().write())
        .await?;
    Ok(found.is_some())
}

/// The messages of a ticket that stay name these profiles no more.
pub async fn forget_contacts(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    contacts: &[ContactId],
) -> Result<()> {
    use entity::message::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(None::<Uuid>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}
