//! Tickets: the row of a list, made, read, listed and changed.
//!
//! - [`add`], [`update`]: in a transaction; `update` checks the version.
//! - [`list`](list::list): a page in the order of work, within a scope.
//! - [`due`]: whose snooze ends, and what is deleted for good.
//! - [`followers`]: who follows which.
//! - [`participants`]: who takes part, by blind address, for threading.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Scope, Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TicketId};

mod assigned;
mod beside;
pub mod due;
pub mod exported;
pub mod followers;
mod list;
mod locked;
pub mod participants;
mod rehome;
mod resettle;
mod seen;
mod state;

pub use assigned::{count_assigned, take_from};
pub use beside::{Beside, beside};
pub use list::{Counts, Filter, Page, PageCursor, Sort, counts, list, list_ids};
pub use locked::{Locked, find_state, lock_states};
pub use rehome::{Remains, rehome, set_customer};
pub use resettle::resettle;
pub use seen::{mark_seen, mark_unseen};
pub use state::TicketState;

/// The customer as the list shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Their name, if they gave one.
    pub name: Option<String>,
    /// Their address.
    pub address: String,
}

/// A ticket, opened.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: TicketId,
    /// Its number in the organization.
    pub number: i64,
    /// Its content key.
    pub key_id: Uuid,
    /// What stands in the clear.
    pub state: TicketState,
    /// What it is about.
    pub subject: String,
    /// The beginning of the last message.
    pub snippet: String,
    /// The customer.
    pub customer: Customer,
    /// Rises with each change.
    pub version: i32,
    /// The version that the customer's last message made.
    pub inbound_version: i32,
    /// The version that the last message or note of anybody made.
    pub talk_version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Why retention passes it over, if somebody said so.
    pub exemption: Option<Exemption>,
    /// When everything personal in it was removed.
    pub anonymized_at: Option<DateTime<Utc>>,
}

/// Why retention passes a ticket over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who said so.
    pub by: MembershipId,
    /// Why.
    pub reason: String,
}

/// A ticket to be added.
#[derive(Debug)]
pub struct NewTicket<'a> {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its content key.
    pub key: OpenKey,
    /// What stands in the clear.
    pub state: TicketState,
    /// What it is about.
    pub subject: &'a str,
    /// The beginning of the last message.
    pub snippet: &'a str,
    /// The customer.
    pub customer: &'a Customer,
    /// When it was made: the first message's time.
    pub created_at: DateTime<Utc>,
}

fn place(column: crate::crypto::Column, id: TicketId) -> Place {
    Place { column, row: id.0 }
}

/// Opens a row with its content key.
fn open(row: &entity::ticket::Model, key: &OpenKey) -> Result<Ticket> {
    let id = TicketId(row.id);
    let customer = key.open(place(columns::TICKET_CUSTOMER, id), &row.customer)?;
    Ok(Ticket {
        organization_id: OrganizationId(row.organization_id),
        id,
        number: row.number,
        key_id: row.key_id,
        state: state::of(row)?,
        subject: key.open_string(place(columns::TICKET_SUBJECT, id), &row.subject)?,
        snippet: key.open_string(place(columns::TICKET_SNIPPET, id), &row.snippet)?,
        customer: serde_json::from_slice(&customer)?,
        version: row.version,
        inbound_version: row.inbound_version,
        talk_version: row.talk_version,
        created_at: from_millis(row.created_at),
        exemption: exemption(row, key)?,
        anonymized_at: row.anonymized_at.map(from_millis),
    })
}

fn exemption(row: &entity::ticket::Model, key: &OpenKey) -> Result<Option<Exemption>> {
    let (Some(at), Some(by), Some(sealed)) = (row.exempt_at, row.exempt_by, &row.exempt_reason)
    else {
        return Ok(None);
    };
    let reason = key.open_string(place(columns::TICKET_EXEMPT_REASON, TicketId(row.id)), sealed)?;
    Ok(Some(Exemption { at: from_millis(at), by: MembershipId(by), reason }))
}

/// Opens rows with one look into the keyring. A ticket whose key was destroyed is left out: it
/// is being purged.
async fn open_all(store: &Store, rows: Vec<entity::ticket::Model>) -> Result<Vec<Ticket>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    rows.iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}

/// Adds tickets.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    tickets: &[NewTicket<'_>],
) -> Result<()> {
    let mut rows = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        let NewTicket { id, key, state, .. } = ticket;
        let customer = serde_json::to_vec(ticket.customer)?;
        rows.push(entity::ticket::ActiveModel {
            organization_id: Set(organization_id.0),
            id: Set(id.0),
            number: Set(ticket.number),
            channel_id: Set(state.channel_id.0),
            key_id: Set(key.id()),
            subject: Set(key.seal(place(columns::TICKET_SUBJECT, *id), ticket.subject.as_bytes())),
            snippet: Set(key.seal(place(columns::TICKET_SNIPPET, *id), ticket.snippet.as_bytes())),
            customer: Set(key.seal(place(columns::TICKET_CUSTOMER, *id), &customer)),
            version: Set(1),
            inbound_version: Set(1),
            talk_version: Set(1),
            created_at: Set(millis(ticket.created_at)),
            status_at: Set(millis(ticket.created_at)),
            exempt_at: Set(None),
            exempt_by: Set(None),
            exempt_reason: Set(None),
            anonymized_at: Set(None),
            is_held: Set(false),
            ..state::columns(state)
        });
    }
    for chunk in super::chunks(rows, 38) {
        entity::ticket::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// A change of a ticket: its whole state, and the sealed parts that change.
#[derive(Debug)]
pub struct Change<'a> {
    /// The version that the change is based on.
    pub version: i32,
    /// The new state.
    pub state: &'a TicketState,
    /// A new snippet.
    pub snippet: Option<&'a str>,
    /// A new customer.
    pub customer: Option<&'a Customer>,
}

/// Changes a ticket. [`StoreError::Stale`] when it is no longer at the version.
pub async fn update(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    key: &OpenKey,
    change: &Change<'_>,
) -> Result<i32> {
    use entity::ticket::ActiveModel;
    let state = change.state;
    let mut row = ActiveModel { version: Set(change.version + 1), ..state::columns(state) };
    if let Some(snippet) = change.snippet {
        row.snippet = Set(key.seal(place(columns::TICKET_SNIPPET, id), snippet.as_bytes()));
    }
    if let Some(customer) = change.customer {
        let json = serde_json::to_vec(customer)?;
        row.customer = Set(key.seal(place(columns::TICKET_CUSTOMER, id), &json));
    }
    write(tx, organization_id, id, change.version, state, row).await
}

/// As [`update`], where no sealed part changes: no key is needed.
pub async fn update_state(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    version: i32,
    state: &TicketState,
) -> Result<i32> {
    let row = entity::ticket::ActiveModel { version: Set(version + 1), ..state::columns(state) };
    write(tx, organization_id, id, version, state, row).await
}

async fn write(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    version: i32,
    state: &TicketState,
    row: entity::ticket::ActiveModel,
) -> Result<i32> {
    use entity::ticket::{Column, Entity};
    let inbound = state.last_inbound_at.map_or(-1, |at| at.timestamp_millis());
    let same_inbound = Func::coalesce([Expr::col(Column::LastInboundAt), Expr::value(-1_i64)]);
    let inbound_version =
        Expr::case(Expr::expr(same_inbound).eq(inbound), Expr::col(Column::InboundVersion))
            .finally(version + 1);
    let same_talk = Expr::col(Column::MessageCount).eq(state.message_count);
    let talk_version = Expr::case(same_talk, Expr::col(Column::TalkVersion)).finally(version + 1);
    let status_at = Expr::case(
        Expr::col(Column::Status).eq(state.status.as_str()),
        Expr::col(Column::StatusAt),
    )
    .finally(millis(tx.store().now()).0);
    let changed = Entity::update_many()
        .set(row)
        .col_expr(Column::StatusAt, status_at.into())
        .col_expr(Column::InboundVersion, inbound_version.into())
        .col_expr(Column::TalkVersion, talk_version.into())
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(version + 1) } else { Err(StoreError::Stale) }
}

/// The ticket of that number, if the scope reaches it.
pub async fn find_by_number(store: &Store, scope: &Scope, number: i64) -> Result<Option<Ticket>> {
    use entity::ticket::{Column, Entity};
    let row = Entity::find()
        .filter(scope.limit_tickets())
        .filter(Column::Number.eq(number))
        .one(store.db().read())
        .await?;
    Ok(open_all(store, row.into_iter().collect()).await?.pop())
}

/// The ids of the tickets with these numbers that the scope reaches.
pub async fn ids_of_numbers(
    store: &Store,
    scope: &Scope,
    numbers: &[i64],
) -> Result<HashMap<i64, TicketId>> {
    use entity::ticket::{Column, Entity};
    let rows: Vec<(i64, Uuid, Uuid, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::Number, Column::Id, Column::ChannelId, Column::ContactId])
        .filter(Column::OrganizationId.eq(scope.organization_id().0))
        .filter(Column::Number.is_in(numbers.iter().copied()))
        .into_tuple()
        .all(store.db().read())
        .await?;
    let reached = rows.into_iter().filter(|row| scope.admits(row.2, row.3));
    Ok(reached.map(|(number, id, ..)| (number, TicketId(id))).collect())
}

/// The ticket of that id, if the scope reaches it.
pub async fn find(store: &Store, scope: &Scope, id: TicketId) -> Result<Option<Ticket>> {
    Ok(find_many(store, scope, &[id]).await?.pop())
}

/// The tickets of these ids that the scope reaches, in no order.
pub async fn find_many(store: &Store, scope: &Scope, ids: &[TicketId]) -> Result<Vec<Ticket>> {
    use entity::ticket::{Column, Entity};
    let mut rows = Entity::find()
        .filter(Column::OrganizationId.eq(scope.organization_id().0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(store.db().read())
        .await?;
    rows.retain(|row| scope.admits(row.channel_id, row.contact_id));
    open_all(store, rows).await
}

/// Where a ticket lives and with which key, without opening it.
pub async fn home(
    store: &Store,
    organization_id: OrganizationId,
    id: TicketId,
) -> Result<Option<(ChannelId, Uuid)>> {
    use entity::ticket::{Column, Entity};
    let found: Option<(Uuid, Uuid)> = Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .columns([Column::ChannelId, Column::KeyId])
        .into_tuple()
        .one(store.db().write())
        .await?;
    Ok(found.map(|(channel, key)| (ChannelId(channel), key)))
}

/// The ticket as the transaction sees it, and locked until its end.
pub async fn lock(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<Ticket>> {
    use entity::ticket::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    open_all(tx.store(), rows).await
}
