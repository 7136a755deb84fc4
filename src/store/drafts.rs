//! Drafts: what a member has written on a ticket and not sent; one of each kind, sealed under the
//! ticket's content key.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Result;
use super::messages::Party;
use super::tickets::Ticket;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::desk::DraftKind;
use crate::domain::ids::{AttachmentId, MembershipId, MessageId, OrganizationId, TicketId};

/// What is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
    /// To whom.
    pub to: Vec<Party>,
    /// Who gets a copy.
    pub cc: Vec<Party>,
    /// Who gets a copy unseen.
    pub bcc: Vec<Party>,
    /// Uploaded files.
    pub attachment_ids: Vec<AttachmentId>,
    /// The mail that is passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// Another subject than the ticket's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// No signature stands under it.
    pub without_signature: bool,
}

/// A mail that is passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Which.
    pub message_id: MessageId,
    /// Those of its files that stay behind.
    pub without: Vec<AttachmentId>,
}

impl Content {
    /// Whether there is nothing in it that somebody would miss.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.attachment_ids.is_empty()
    }
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id: what holds its uploads.
    pub id: Uuid,
    /// What is being written.
    pub content: Content,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// Whose draft, on which ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The member.
    pub membership_id: MembershipId,
    /// What it is of.
    pub kind: DraftKind,
}

fn owned_by(owner: Owner) -> sea_orm::Condition {
    use entity::draft::Column;
    sea_orm::Condition::all()
        .add(Column::OrganizationId.eq(owner.organization_id.0))
        .add(Column::TicketId.eq(owner.ticket_id.0))
        .add(Column::MembershipId.eq(owner.membership_id.0))
        .add(Column::Kind.eq(owner.kind.as_str()))
}

fn open(row: &entity::draft::Model, key: &OpenKey) -> Result<Draft> {
    let json = key.open(Place { column: columns::DRAFT_CONTENT, row: row.id }, &row.content)?;
    Ok(Draft {
        id: row.id,
        content: serde_json::from_slice(&json)?,
        updated_at: from_millis(row.updated_at),
    })
}

/// Every draft of a ticket, opened with its content key.
pub async fn list_of_ticket(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    key: &OpenKey,
) -> Result<Vec<Draft>> {
    use entity::draft::Column;
    let rows = entity::draft::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .all(store.db().read())
        .await?;
    // What was sealed before the ticket's key changed goes with that.
    let of_key = rows.iter().filter(|row| row.key_id == key.id());
    of_key.map(|row| open(row, key)).collect()
}

/// The member's drafts on the ticket, whatever kind the owner names.
pub async fn list_of_owner(
    store: &Store,
    owner: Owner,
    key: &OpenKey,
) -> Result<Vec<(DraftKind, Draft)>> {
    use entity::draft::Column;
    let rows = entity::draft::Entity::find()
        .filter(Column::OrganizationId.eq(owner.organization_id.0))
        .filter(Column::TicketId.eq(owner.ticket_id.0))
        .filter(Column::MembershipId.eq(owner.membership_id.0))
        .all(store.db().read())
        .await?;
    rows.iter().map(|row| Ok((row.kind.parse()?, open(row, key)?))).collect()
}

/// What the member wrote last on each of these tickets.
pub async fn newest_of_each(
    store: &Store,
    organization_id: OrganizationId,
    member: MembershipId,
    tickets: &[&Ticket],
) -> Result<HashMap<TicketId, (DraftKind, Draft)>> {
    use entity::draft::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MembershipId.eq(member.0))
        .filter(Column::TicketId.is_in(tickets.iter().map(|ticket| ticket.id.0)))
        .order_by_asc(Column::UpdatedAt)
        .all(store.db().read())
        .await?;
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    let newest: HashMap<_, _> = rows.into_iter().map(|row| (row.ticket_id, row)).collect();
    let opened = newest.into_values().filter_map(|row| {
        let draft = open(&row, keys.get(&row.key_id)?);
        Some(draft.and_then(|draft| Ok((TicketId(row.ticket_id), (row.kind.parse()?, draft)))))
    });
    opened.collect()
}

/// The draft, opened with the ticket's content key.
pub async fn find(store: &Store, owner: Owner, key: &OpenKey) -> Result<Option<Draft>> {
    let row = entity::draft::Entity::find().filter(owned_by(owner)).one(store.db().read()).await?;
    row.map(|row| open(&row, key)).transpose()
}

/// The draft as the transaction sees it, and locked until its end.
pub async fn lock(tx: &Tx, owner: Owner, key: &OpenKey) -> Result<Option<Draft>> {
    let row = entity::draft::Entity::find()
        .filter(owned_by(owner))
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    row.map(|row| open(&row, key)).transpose()
}

/// Saves the draft in place of the one before; it holds the uploads that it names.
pub async fn put(tx: &Tx, owner: Owner, key: &OpenKey, content: &Content) -> Result<Draft> {
    let found: Option<Uuid> = entity::draft::Entity::find()
        .select_only()
        .column(entity::draft::Column::Id)
        .filter(owned_by(owner))
        .lock_exclusive()
        .into_tuple()
        .one(tx.conn())
        .await?;
    let id = found.unwrap_or_else(|| tx.store().new_id());
    let now = tx.store().now();
    let place = Place { column: columns::DRAFT_CONTENT, row: id };
    let row = entity::draft::ActiveModel {
        organization_id: Set(owner.organization_id.0),
        id: Set(id),
        ticket_id: Set(owner.ticket_id.0),
        membership_id: Set(owner.membership_id.0),
        kind: Set(owner.kind.as_str().to_owned()),
        key_id: Set(key.id()),
        content: Set(key.seal(place, &serde_json::to_vec(content)?)),
        updated_at: Set(millis(now)),
    };
    if found.is_some() {
        row.update(tx.conn()).await?;
    } else {
        row.insert(tx.conn()).await?;
    }
    // As it will be read: the browser says by it on which draft it builds.
    Ok(Draft { id, content: content.clone(), updated_at: from_millis(millis(now)) })
}

/// Removes the draft, if there is one.
pub async fn remove(tx: &Tx, owner: Owner) -> Result<()> {
    entity::draft::Entity::delete_many().filter(owned_by(owner)).exec(tx.conn()).await?;
    Ok(())
}
