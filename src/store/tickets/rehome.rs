//! A ticket loses the words of messages that are going, and may move to the channel of those that
//! stay.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{Customer, place};
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, ContactId, OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::removal::remove;
use crate::store::{Tx, columns};

/// What a ticket is made of from now on.
#[derive(Debug)]
pub struct Remains<'a> {
    /// The channel that it lives in.
    pub channel_id: ChannelId,
    /// Its new key, of that channel.
    pub key: &'a OpenKey,
    /// What it is about.
    pub subject: &'a str,
    /// The beginning of the last message.
    pub snippet: &'a str,
    /// The customer.
    pub customer: &'a Customer,
    /// The customer's profile.
    pub contact_id: Option<ContactId>,
    /// How many messages stay.
    pub message_count: i32,
}

/// Seals the ticket anew from what remains of it. Drafts on it were sealed with the old key and may
/// quote what goes, so they go. The caller destroys the old key.
pub async fn rehome(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    remains: &Remains<'_>,
) -> Result<()> {
    use entity::ticket::{ActiveModel, Column, Entity};
    let key = remains.key;
    let customer = serde_json::to_vec(remains.customer)?;
    Entity::update_many()
        .set(ActiveModel {
            channel_id: Set(remains.channel_id.0),
            contact_id: Set(remains.contact_id.map(|id| id.0)),
            replaced_contact_id: Set(None),
            key_id: Set(key.id()),
            subject: Set(key.seal(place(columns::TICKET_SUBJECT, id), remains.subject.as_bytes())),
            snippet: Set(key.seal(place(columns::TICKET_SNIPPET, id), remains.snippet.as_bytes())),
            customer: Set(key.seal(place(columns::TICKET_CUSTOMER, id), &customer)),
            message_count: Set(remains.message_count),
            ..Default::default()
        })
        // Whoever is about to change it must read it again: the key that they have is dying.
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    remove!(tx, draft, organization_id, entity::draft::Column::TicketId.eq(id.0));
    Ok(())
}

/// The customer as the list shows them, put right.
pub async fn set_customer(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    key: &OpenKey,
    customer: &Customer,
) -> Result<()> {
    use entity::ticket::{Column, Entity};
    let json = serde_json::to_vec(customer)?;
    let sealed = key.seal(place(columns::TICKET_CUSTOMER, id), &json);
    Entity::update_many()
        .col_expr(Column::Customer, Expr::value(sealed))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
