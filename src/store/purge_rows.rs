//! The rows of one channel: counted, found in batches, removed. See [`super::removal`] for what
//! hangs on messages and tickets.

use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::purges::Counts;
use super::removal::remove;
use super::{Store, Tx};
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::Status;

/// A channel of an organization.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The channel.
    pub channel_id: ChannelId,
}

/// The condition that a row belongs to the channel.
macro_rules! of {
    ($table:ident, $of:expr) => {
        Condition::all()
            .add(entity::$table::Column::OrganizationId.eq($of.organization_id.0))
            .add(entity::$table::Column::ChannelId.eq($of.channel_id.0))
    };
}

/// Counts what the channel has. Reads only.
pub async fn count(store: &Store, of: Of) -> Result<Counts> {
    use entity::message::Column as Message;
    let db = store.db().read();
    let total = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let messages: Option<(i64, Option<i64>, Option<i64>)> = entity::message::Entity::find()
        .select_only()
        .column_as(Message::Id.count(), "n")
        .column_as(Message::At.min(), "oldest")
        .column_as(Message::At.max(), "newest")
        .filter(of!(message, of))
        .into_tuple()
        .one(db)
        .await?;
    let (messages, oldest, newest) = messages.unwrap_or_default();
    let tickets = entity::ticket::Entity::find().filter(of!(ticket, of)).count(db).await?;
    let originals =
        entity::raw_message::Entity::find().filter(of!(raw_message, of)).count(db).await?;
    let ledger_lines = entity::ledger::Entity::find().filter(of!(ledger, of)).count(db).await?;
    let answers = entity::outbox::Entity::find().filter(of!(outbox, of)).count(db).await?;
    let attachments = entity::attachment::Entity::find()
        .filter(of!(attachment, of))
        .filter(entity::attachment::Column::MessageId.is_not_null())
        .count(db)
        .await?;
    let drafts = entity::draft::Entity::find()
        .filter(entity::draft::Column::OrganizationId.eq(of.organization_id.0))
        .filter(
            entity::draft::Column::TicketId.in_subquery(sea_orm::QueryTrait::into_query(
                entity::ticket::Entity::find()
                    .select_only()
                    .column(entity::ticket::Column::Id)
                    .filter(of!(ticket, of)),
            )),
        )
        .count(db)
        .await?;
    Ok(Counts {
        tickets: total(tickets),
        messages,
        attachments: total(attachments),
        contacts: only_here(store, of).await?,
        originals: total(originals),
        answers: total(answers),
        drafts: total(drafts),
        ledger_lines: total(ledger_lines),
        oldest,
        newest,
    })
}

/// How many customers of the channel appear in no other one.
async fn only_here(store: &Store, of: Of) -> Result<i64> {
    use entity::{message, ticket};
    let of_tickets = |here: bool| {
        let which: SimpleExpr = if here {
            ticket::Column::ChannelId.eq(of.channel_id.0)
        } else {
            ticket::Column::ChannelId.ne(of.channel_id.0)
        };
        sea_orm::QueryTrait::into_query(
            ticket::Entity::find()
                .select_only()
                .column(ticket::Column::ContactId)
                .filter(ticket::Column::OrganizationId.eq(of.organization_id.0))
                .filter(ticket::Column::ContactId.is_not_null())
                .filter(which),
        )
    };
    let of_messages = |here: bool| {
        let which: SimpleExpr = if here {
            message::Column::ChannelId.eq(of.channel_id.0)
        } else {
            message::Column::ChannelId.ne(of.channel_id.0)
        };
        sea_orm::QueryTrait::into_query(
            message::Entity::find()
                .select_only()
                .column(message::Column::ContactId)
                .filter(message::Column::OrganizationId.eq(of.organization_id.0))
                .filter(message::Column::ContactId.is_not_null())
                .filter(which),
        )
    };
    {
        use entity::contact::Column;
        let n = entity::contact::Entity::find()
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(
                Condition::any()
                    .add(Column::Id.in_subquery(of_tickets(true)))
                    .add(Column::Id.in_subquery(of_messages(true))),
            )
            .filter(Column::Id.not_in_subquery(of_tickets(false)))
            .filter(Column::Id.not_in_subquery(of_messages(false)))
            .count(store.db().read())
            .await?;
        Ok(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

/// The tickets of the organization that holds keep although their channel is gone.
fn held(of: Of) -> sea_orm::sea_query::SelectStatement {
    use entity::ticket::Column;
    sea_orm::QueryTrait::into_query(
        entity::ticket::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::IsHeld.eq(true)),
    )
}

/// The messages of the channel in those tickets.
fn held_messages(of: Of) -> sea_orm::sea_query::SelectStatement {
    use entity::message::Column;
    sea_orm::QueryTrait::into_query(
        entity::message::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(of!(message, of))
            .filter(Column::TicketId.in_subquery(held(of))),
    )
}

/// Those of the channel.
pub async fn held_tickets(store: &Store, of: Of) -> Result<Vec<TicketId>> {
    use entity::ticket::Column;
    let ids: Vec<Uuid> = entity::ticket::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(of!(ticket, of))
        .filter(Column::IsHeld.eq(true))
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Holds keep these tickets although their channel goes.
pub async fn set_held(tx: &Tx, organization_id: OrganizationId, ids: &[TicketId]) -> Result<()> {
    use entity::ticket::Column;
    entity::ticket::Entity::update_many()
        .col_expr(Column::IsHeld, Expr::value(true))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Messages of these tickets after `after`, with their keys, in the order of their ids.
pub async fn messages_after(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
    after: Option<MessageId>,
    limit: u64,
) -> Result<Vec<(MessageId, Uuid)>> {
    use entity::message::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.0)))
        .filter(Column::Id.gt(after.map_or(Uuid::nil(), |id| id.0)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key)| (MessageId(id), key)).collect())
}

/// The next messages of the channel, with their keys, in the order of their ids.
pub async fn next_messages(store: &Store, of: Of, limit: u64) -> Result<Vec<(MessageId, Uuid)>> {
    use entity::message::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(of!(message, of))
        .filter(Column::TicketId.not_in_subquery(held(of)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key)| (MessageId(id), key)).collect())
}

/// Tickets in which messages of this channel stand beside messages of others: only these need to
/// be looked at one by one.
pub async fn mixed_tickets(store: &Store, of: Of, limit: u64) -> Result<Vec<TicketId>> {
    use entity::{message, ticket};
    let foreign = sea_orm::QueryTrait::into_query(
        message::Entity::find()
            .select_only()
            .column(message::Column::TicketId)
            .filter(message::Column::OrganizationId.eq(of.organization_id.0))
            .filter(message::Column::ChannelId.ne(of.channel_id.0)),
    );
    let of_this = sea_orm::QueryTrait::into_query(
        message::Entity::find()
            .select_only()
            .column(message::Column::TicketId)
            .filter(of!(message, of)),
    );
    let ids: Vec<Uuid> = ticket::Entity::find()
        .select_only()
        .column(ticket::Column::Id)
        .filter(ticket::Column::OrganizationId.eq(of.organization_id.0))
        .filter(ticket::Column::IsHeld.eq(false))
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(ticket::Column::ChannelId.eq(of.channel_id.0))
                        .add(ticket::Column::Id.in_subquery(foreign)),
                )
                .add(
                    Condition::all()
                        .add(ticket::Column::ChannelId.ne(of.channel_id.0))
                        .add(ticket::Column::Id.in_subquery(of_this)),
                ),
        )
        .order_by_asc(ticket::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Messages of the channel in one ticket, with their keys.
pub async fn messages_of_ticket(
    store: &Store,
    of: Of,
    ticket_id: TicketId,
    limit: u64,
) -> Result<Vec<(MessageId, Uuid)>> {
    use entity::message::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(of!(message, of))
        .filter(Column::TicketId.eq(ticket_id.0))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key)| (MessageId(id), key)).collect())
}

/// How many tickets of the channel have this status.
pub async fn count_status(store: &Store, of: Of, status: Status) -> Result<i64> {
    let n = entity::ticket::Entity::find()
        .filter(of!(ticket, of))
        .filter(entity::ticket::Column::Status.eq(status.as_str()))
        .count(store.db().read())
        .await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The next tickets of the channel, with their keys, in the order of their ids.
pub async fn next_tickets(store: &Store, of: Of, limit: u64) -> Result<Vec<(TicketId, Uuid)>> {
    use entity::ticket::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::ticket::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(of!(ticket, of))
        .filter(Column::IsHeld.eq(false))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key)| (TicketId(id), key)).collect())
}

/// A row outside of messages that has a key and may have an object.
#[derive(Debug, Clone)]
pub struct Loose {
    /// Its id.
    pub id: Uuid,
    /// Its key.
    pub key_id: Uuid,
    /// Its object.
    pub object: Option<String>,
}

/// The next raw mails of the channel that became no message: quarantined, left out, not yet
/// understood.
pub async fn next_raws(store: &Store, of: Of, limit: u64) -> Result<Vec<Loose>> {
    use entity::raw_message::Column;
    let rows: Vec<(Uuid, Uuid, Option<String>)> = entity::raw_message::Entity::find()
        .select_only()
        .columns([Column::MessageId, Column::KeyId, Column::ObjectName])
        .filter(of!(raw_message, of))
        .filter(Column::MessageId.not_in_subquery(held_messages(of)))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key_id, object)| Loose { id, key_id, object }).collect())
}

/// The next uploads of the channel that no message has yet.
pub async fn next_uploads(store: &Store, of: Of, limit: u64) -> Result<Vec<Loose>> {
    use entity::attachment::Column;
    let rows: Vec<(Uuid, Uuid, Option<String>)> = entity::attachment::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId, Column::ObjectName])
        .filter(of!(attachment, of))
        .filter(Column::MessageId.is_null())
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key_id, object)| Loose { id, key_id, object }).collect())
}

/// Removes raw mails.
pub async fn remove_raws(tx: &Tx, of: Of, ids: &[Uuid]) -> Result<u64> {
    use entity::raw_message::Column;
    let ids = Column::MessageId.is_in(ids.iter().copied());
    Ok(remove!(tx, raw_message, of.organization_id, ids))
}

/// Removes uploads.
pub async fn remove_uploads(tx: &Tx, of: Of, ids: &[Uuid]) -> Result<u64> {
    use entity::attachment::Column;
    Ok(remove!(tx, attachment, of.organization_id, Column::Id.is_in(ids.iter().copied())))
}

/// Removes up to `limit` lines of the ledger.
pub async fn remove_ledger(tx: &Tx, of: Of, limit: u64) -> Result<u64> {
    use entity::ledger::Column;
    let ids: Vec<Uuid> = entity::ledger::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(of!(ledger, of))
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(remove!(tx, ledger, of.organization_id, Column::Id.is_in(ids)))
}

/// Removes what is left of the mailbox itself: folders, members, jobs, and the row with its
/// address. The channel stays as an id without a word, so that what names it means something.
pub async fn remove_mailbox(tx: &Tx, of: Of) -> Result<()> {
    let id = of.channel_id.0;
    let organization = of.organization_id;
    let held = held_messages(of);
    remove!(
        tx,
        message_reference,
        organization,
        Condition::all()
            .add(entity::message_reference::Column::ChannelId.eq(id))
            .add(entity::message_reference::Column::MessageId.not_in_subquery(held))
    );
    remove!(tx, erased_mail, organization, entity::erased_mail::Column::ChannelId.eq(id));
    super::saved_replies::remove_of_mailbox(tx, of.organization_id, of.channel_id).await?;
    remove!(tx, folder, organization, entity::folder::Column::ChannelId.eq(id));
    remove!(
        tx,
        event,
        organization,
        Condition::all()
            .add(entity::event::Column::ChannelId.eq(id))
            .add(entity::event::Column::TicketId.is_not_null())
            .add(entity::event::Column::TicketId.not_in_subquery(self::held(of)))
    );
    remove!(tx, mailbox, organization, entity::mailbox::Column::ChannelId.eq(id));
    entity::channel::Entity::update_many()
        .set(entity::channel::ActiveModel {
            state_code: Set(None),
            state_detail: Set(None),
            told_at: Set(None),
            ..Default::default()
        })
        .filter(entity::channel::Column::OrganizationId.eq(organization.0))
        .filter(entity::channel::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes the jobs about the channel but those of `but`.
pub async fn remove_jobs(tx: &Tx, of: Of, but: &str) -> Result<u64> {
    use entity::job::Column;
    Ok(entity::job::Entity::delete_many()
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::SubjectId.eq(of.channel_id.0))
        .filter(Column::Kind.ne(but))
        .exec(tx.conn())
        .await?
        .rows_affected)
}

/// Customers of the organization after `after`, in the order of their ids.
pub async fn next_contacts(
    store: &Store,
    organization_id: OrganizationId,
    after: Option<ContactId>,
    limit: u64,
) -> Result<Vec<ContactId>> {
    use entity::contact::Column;
    let ids: Vec<Uuid> = entity::contact::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.gt(after.map_or(Uuid::nil(), |id| id.0)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(ids.into_iter().map(ContactId).collect())
}

/// The customers of tickets that holds keep.
async fn held_contacts(store: &Store, of: Of) -> Result<Vec<Uuid>> {
    let mut found: Vec<Uuid> = {
        use entity::ticket::Column;
        entity::ticket::Entity::find()
            .select_only()
            .distinct()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::IsHeld.eq(true))
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().write())
            .await?
    };
    {
        use entity::message::Column;
        let of_messages: Vec<Uuid> = entity::message::Entity::find()
            .select_only()
            .distinct()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(of.organization_id.0))
            .filter(Column::TicketId.in_subquery(held(of)))
            .filter(Column::ContactId.is_not_null())
            .into_tuple()
            .all(store.db().write())
            .await?;
        found.extend(of_messages);
        Ok(found)
    }
}

/// Customers who stay although facts about them came by the channel.
pub async fn contacts_with_facts(store: &Store, of: Of, limit: u64) -> Result<Vec<ContactId>> {
    let by_name: Vec<Uuid> = entity::contact::Entity::find()
        .select_only()
        .column(entity::contact::Column::Id)
        .filter(entity::contact::Column::OrganizationId.eq(of.organization_id.0))
        .filter(entity::contact::Column::NameChannelId.eq(of.channel_id.0))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    let by_identity: Vec<Uuid> = entity::contact_identity::Entity::find()
        .select_only()
        .distinct()
        .column(entity::contact_identity::Column::ContactId)
        .filter(of!(contact_identity, of))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    let kept = held_contacts(store, of).await?;
    let mut ids: Vec<ContactId> = by_name.into_iter().chain(by_identity).map(ContactId).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| !kept.contains(&id.0));
    Ok(ids)
}

/// What is left of the channel in all its tables: nothing, at the end of a purge.
pub async fn left(store: &Store, of: Of) -> Result<u64> {
    let db = store.db().write();
    let messages = entity::message::Entity::find()
        .filter(of!(message, of))
        .filter(entity::message::Column::TicketId.not_in_subquery(held(of)))
        .count(db)
        .await?;
    let tickets = entity::ticket::Entity::find()
        .filter(of!(ticket, of))
        .filter(entity::ticket::Column::IsHeld.eq(false))
        .count(db)
        .await?;
    let raws = entity::raw_message::Entity::find()
        .filter(of!(raw_message, of))
        .filter(entity::raw_message::Column::MessageId.not_in_subquery(held_messages(of)))
        .count(db)
        .await?;
    let uploads = entity::attachment::Entity::find()
        .filter(of!(attachment, of))
        .filter(entity::attachment::Column::MessageId.is_null())
        .count(db)
        .await?;
    let lines = entity::ledger::Entity::find().filter(of!(ledger, of)).count(db).await?;
    Ok(messages + tickets + raws + uploads + lines)
}
