//! Rows whose keys are gone. A purge deletes them itself, with counts for its statement; after a
//! restore they are back, unreadable, and go here.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, columns};
use crate::domain::ids::{OrganizationId, TicketId};
use crate::domain::words::ChannelState;

/// Ids per statement.
const IDS: usize = 500;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Mailboxes.
    pub channels: u64,
    /// Tickets.
    pub tickets: u64,
    /// Messages.
    pub messages: u64,
    /// Contacts.
    pub contacts: u64,
    /// Messages of erased persons in tickets of others, of which a tombstone stays.
    pub tombstones: u64,
}

impl Swept {
    /// Adds what another sweep removed.
    pub(super) fn add(&mut self, other: Self) {
        self.channels += other.channels;
        self.tickets += other.tickets;
        self.messages += other.messages;
        self.contacts += other.contacts;
        self.tombstones += other.tombstones;
    }
}

/// Removes what a key among `keys` sealed. A channel stays as a name that others refer to.
pub async fn sweep(store: &Store, keys: &[Uuid]) -> Result<Swept> {
    let mut swept = Swept::default();
    for chunk in keys.chunks(IDS) {
        let tx = store.begin().await?;
        for channel in channels_of(&tx, chunk).await? {
            keep_held(&tx, channel).await?;
            swept.messages += remove_messages(&tx, Which::Channel(channel)).await?;
            swept.tickets += remove_tickets(&tx, Which::Channel(channel)).await?;
            close_channel(&tx, channel).await?;
            swept.channels += 1;
        }
        swept.messages += remove_messages(&tx, Which::Keys(chunk)).await?;
        swept.contacts += remove_contacts(&tx, chunk).await?;
        tx.commit().await?;
    }
    // An organization that was closed goes with all its rows: its statement tells of it.
    for chunk in keys.chunks(IDS) {
        let tx = store.begin().await?;
        let organizations = super::closing_rows::of_keys(&tx, chunk).await?;
        tx.commit().await?;
        for id in organizations {
            super::closing_rows::remove_all(store, id).await?;
        }
    }
    // A ticket's messages may have been in a later entry.
    for chunk in keys.chunks(IDS) {
        let tx = store.begin().await?;
        swept.tickets += remove_tickets(&tx, Which::Keys(chunk)).await?;
        tx.commit().await?;
    }
    Ok(swept)
}

/// Rows of a channel, or those that certain keys seal.
#[derive(Clone, Copy)]
enum Which<'a> {
    Channel((Uuid, Uuid)),
    Keys(&'a [Uuid]),
}

impl Which<'_> {
    /// Of a channel, what holds keep is passed over.
    fn but_held(self, column: impl ColumnTrait, held: SelectStatement) -> Condition {
        match self {
            Self::Channel(_) => Condition::all().add(column.not_in_subquery(held)),
            Self::Keys(_) => Condition::all(),
        }
    }
}

macro_rules! of {
    ($which:expr, $table:ident) => {{
        use entity::$table::Column;
        match $which {
            Which::Channel((organization, channel)) => Condition::all()
                .add(Column::OrganizationId.eq(organization))
                .add(Column::ChannelId.eq(channel)),
            Which::Keys(keys) => Condition::all().add(Column::KeyId.is_in(keys.iter().copied())),
        }
    }};
}

/// Deletes the rows of a table that one of these ids is in the column of.
macro_rules! delete_by {
    ($tx:expr, $table:ident, $column:ident, $ids:expr) => {
        for chunk in $ids.chunks(IDS) {
            entity::$table::Entity::delete_many()
                .filter(entity::$table::Column::$column.is_in(chunk.iter().copied()))
                .exec($tx.conn())
                .await?;
        }
    };
}

/// Sets a column to nothing where one of these ids is in it.
macro_rules! clear {
    ($tx:expr, $table:ident, $column:ident, $ids:expr) => {
        for chunk in $ids.chunks(IDS) {
            entity::$table::Entity::update_many()
                .col_expr(entity::$table::Column::$column, Expr::value(None::<Uuid>))
                .filter(entity::$table::Column::$column.is_in(chunk.iter().copied()))
                .exec($tx.conn())
                .await?;
        }
    };
}

/// The channels that a key is of, or whose organization's it is.
async fn channels_of(tx: &Tx, keys: &[Uuid]) -> Result<BTreeSet<(Uuid, Uuid)>> {
    use entity::channel::{Column, Entity};
    let organizations: Vec<Uuid> = entity::organization::Entity::find()
        .select_only()
        .column(entity::organization::Column::Id)
        .filter(entity::organization::Column::KeyId.is_in(keys.iter().copied()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let found: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id])
        .filter(
            Condition::any()
                .add(Column::KeyId.is_in(keys.iter().copied()))
                .add(Column::OrganizationId.is_in(organizations)),
        )
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(found.into_iter().collect())
}

/// Tickets of a channel whose own key opens although the channel's is gone: a legal hold keeps
/// them, and has had their keys wrapped anew. They are marked, so that nothing removes them.
async fn keep_held(tx: &Tx, (organization, channel): (Uuid, Uuid)) -> Result<()> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ChannelId.eq(channel))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let keys: Vec<Uuid> = rows.iter().map(|(_, key)| *key).collect();
    let open = tx.store().keyring().get_many(&keys).await?;
    let held: Vec<Uuid> =
        rows.into_iter().filter(|(_, key)| open.contains_key(key)).map(|(id, _)| id).collect();
    for chunk in held.chunks(IDS) {
        Entity::update_many()
            .col_expr(Column::IsHeld, Expr::value(true))
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// The tickets that holds keep.
fn held() -> SelectStatement {
    use entity::ticket::{Column, Entity};
    Entity::find().select_only().column(Column::Id).filter(Column::IsHeld.eq(true)).into_query()
}

/// Their messages.
fn held_messages() -> SelectStatement {
    use entity::message::{Column, Entity};
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::TicketId.in_subquery(held()))
        .into_query()
}

async fn remove_messages(tx: &Tx, which: Which<'_>) -> Result<u64> {
    use entity::message::Column;
    let rows: Vec<(Uuid, (Uuid, Uuid))> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrganizationId, Column::TicketId])
        .filter(of!(which, message))
        .filter(which.but_held(Column::TicketId, held()))
        .into_tuple::<(Uuid, Uuid, Uuid)>()
        .all(tx.conn())
        .await?
        .into_iter()
        .map(|(id, organization, ticket)| (id, (organization, ticket)))
        .collect();
    let (ids, tickets): (Vec<Uuid>, BTreeSet<(Uuid, Uuid)>) = rows.into_iter().unzip();
    tell_gone(tx, &tickets).await?;
    let tickets: Vec<Uuid> = tickets.into_iter().map(|(_, id)| id).collect();
    clear_snippets(tx, &tickets).await?;
    delete_by!(tx, outbox, MessageId, ids);
    delete_by!(tx, message_reference, MessageId, ids);
    delete_by!(tx, mention, MessageId, ids);
    delete_by!(tx, note_mention, MessageId, ids);
    delete_by!(tx, attachment, MessageId, ids);
    delete_by!(tx, message, Id, ids);
    entity::attachment::Entity::delete_many()
        .filter(of!(which, attachment))
        .filter(entity::attachment::Column::MessageId.is_null())
        .exec(tx.conn())
        .await?;
    // Also of mail that never became a message.
    entity::raw_message::Entity::delete_many()
        .filter(of!(which, raw_message))
        .filter(which.but_held(entity::raw_message::Column::MessageId, held_messages()))
        .exec(tx.conn())
        .await?;
    delete_by!(tx, raw_message, MessageId, ids);
    Ok(ids.len() as u64)
}

/// The search indexes are told, for they may know what has gone although the process died before it could say so.
async fn tell_gone(tx: &Tx, tickets: &BTreeSet<(Uuid, Uuid)>) -> Result<()> {
    let mut by_organization: BTreeMap<Uuid, Vec<TicketId>> = BTreeMap::new();
    for (organization, id) in tickets {
        by_organization.entry(*organization).or_default().push(TicketId(*id));
    }
    for (organization, ids) in by_organization {
        for chunk in ids.chunks(IDS) {
            super::removal::tell_gone(tx, OrganizationId(organization), chunk).await?;
        }
    }
    Ok(())
}

/// A ticket shows how its last message begins, under its own key: that goes with a message of it.
async fn clear_snippets(tx: &Tx, tickets: &[Uuid]) -> Result<()> {
    use entity::ticket::{Column, Entity};
    for chunk in tickets.chunks(IDS) {
        let rows: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::KeyId])
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(tx.conn())
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(|(_, key)| *key).collect();
        let keys = tx.store().keyring().get_many(&ids).await?;
        for (id, key) in rows {
            // Nobody can read it anyway where the key is gone.
            let Some(key) = keys.get(&key) else { continue };
            Entity::update_many()
                .col_expr(
                    Column::Snippet,
                    Expr::value(key.seal(columns::TICKET_SNIPPET.of(id), b"")),
                )
                .filter(Column::Id.eq(id))
                .exec(tx.conn())
                .await?;
        }
    }
    Ok(())
}

/// Tickets in which nothing is left. One that another channel's message is in stays: nobody can
/// read it, and it is in no list.
async fn remove_tickets(tx: &Tx, which: Which<'_>) -> Result<u64> {
    use entity::ticket::{Column, Entity};
    let all: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id])
        .filter(of!(which, ticket))
        .into_tuple()
        .all(tx.conn())
        .await?;
    let mut gone = BTreeSet::new();
    for (organization, id) in all {
        let left = entity::message::Entity::find()
            .filter(entity::message::Column::TicketId.eq(id))
            .count(tx.conn())
            .await?;
        if left == 0 {
            gone.insert((organization, id));
        }
    }
    tell_gone(tx, &gone).await?;
    let ids: Vec<Uuid> = gone.into_iter().map(|(_, id)| id).collect();
    clear!(tx, ticket, MergedIntoId, ids);
    clear!(tx, ticket, RelatedToId, ids);
    delete_by!(tx, draft, TicketId, ids);
    delete_by!(tx, ticket_seen, TicketId, ids);
    delete_by!(tx, notice, TicketId, ids);
    delete_by!(tx, participant, TicketId, ids);
    delete_by!(tx, erasure_ticket, TicketId, ids);
    delete_by!(tx, message_reference, TicketId, ids);
    delete_by!(tx, ticket, Id, ids);
    Ok(ids.len() as u64)
}

async fn remove_contacts(tx: &Tx, keys: &[Uuid]) -> Result<u64> {
    let ids: Vec<Uuid> = entity::contact::Entity::find()
        .select_only()
        .column(entity::contact::Column::Id)
        .filter(entity::contact::Column::KeyId.is_in(keys.iter().copied()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    clear!(tx, ticket, ContactId, ids);
    clear!(tx, ticket, ReplacedContactId, ids);
    clear!(tx, message, ContactId, ids);
    delete_by!(tx, contact_identity, ContactId, ids);
    delete_by!(tx, contact, Id, ids);
    Ok(ids.len() as u64)
}

/// What is left of a channel: that there was one.
async fn close_channel(tx: &Tx, channel: (Uuid, Uuid)) -> Result<()> {
    macro_rules! in_channel {
        ($table:ident, $channel:expr) => {
            Condition::all()
                .add(entity::$table::Column::OrganizationId.eq($channel.0))
                .add(entity::$table::Column::ChannelId.eq($channel.1))
        };
    }
    macro_rules! delete {
        ($($table:ident),+) => {$(
            entity::$table::Entity::delete_many().filter(in_channel!($table, channel))
                .exec(tx.conn()).await?;
        )+};
    }
    delete!(ledger, folder, channel_member, mailbox, contact_identity, erased_mail);
    entity::contact::Entity::update_many()
        .col_expr(entity::contact::Column::Name, Expr::value(None::<Vec<u8>>))
        .col_expr(entity::contact::Column::NameChannelId, Expr::value(None::<Uuid>))
        .filter(entity::contact::Column::OrganizationId.eq(channel.0))
        .filter(entity::contact::Column::NameChannelId.eq(channel.1))
        .exec(tx.conn())
        .await?;
    entity::channel::Entity::update_many()
        .col_expr(entity::channel::Column::State, Expr::value(ChannelState::Disconnected.as_str()))
        .col_expr(entity::channel::Column::StateDetail, Expr::value(None::<Vec<u8>>))
        .filter(entity::channel::Column::OrganizationId.eq(channel.0))
        .filter(entity::channel::Column::Id.eq(channel.1))
        .exec(tx.conn())
        .await?;
    Ok(())
}
