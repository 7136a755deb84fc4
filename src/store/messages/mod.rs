//! Messages, their files, and the Message-IDs by which mail finds its ticket.
//!
//! - [`add`]: seals envelope and texts under the message's own content key.
//! - [`list`]: the conversation, opened with one look into the keyring.
//! - [`references`]: Message-IDs as blinds, in both directions.
//! - [`attachments`]: files; most are ranges of the raw mail.
//! - [`found`]: what a search shows of what it found.
//! - [`mentions`]: whom its headers name, beside those who take part in the ticket.
//! - [`moves`]: all of it goes to another ticket.
//! - [`redact`]: a message loses what it quotes, or whom its head names.
//! - [`tombstone`]: a message is gone, and what stays says so.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, Iterable as _, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Result;
use super::packed::{pack, unpack};
use super::{Scope, Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, ContactId, MembershipId, MessageId, OrganizationId, TicketId};
use crate::domain::words::MessageKind;

pub mod attachments;
pub mod found;
pub mod mentions;
pub mod moves;
pub mod redact;
pub mod references;
pub mod tombstone;

/// A name and an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// What a bounce says of one recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BounceRecipient {
    /// Who could not be reached.
    pub address: String,
    /// The enhanced status code (RFC 3463).
    pub status: Option<String>,
    /// `failed`, `delayed`, … (RFC 3464 §2.3.3).
    pub action: Option<String>,
    /// The other server's words.
    pub diagnostic: Option<String>,
}

/// The head of a message: sealed as one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Envelope {
    /// From whom; more than one is flagged.
    pub from: Vec<Party>,
    /// To whom.
    pub to: Vec<Party>,
    /// Who gets a copy.
    pub cc: Vec<Party>,
    /// Who gets a copy unseen (our own answers only).
    pub bcc: Vec<Party>,
    /// Where answers go.
    pub reply_to: Vec<Party>,
    /// The subject.
    pub subject: String,
    /// The Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// What it answers.
    pub in_reply_to: Vec<String>,
    /// The thread, oldest first.
    pub references: Vec<String>,
    /// As the sender dated it.
    pub date: Option<DateTime<Utc>>,
    /// What a bounce says.
    pub bounce: Vec<BounceRecipient>,
    /// The sender of the mail that this one forwards.
    pub forwarded_from: Option<Party>,
    /// Why it counts as automatic.
    pub auto_reason: Option<String>,
    /// What was wrong with it.
    pub defects: Vec<String>,
}

impl Envelope {
    /// Whom the mail goes to, by address, each once.
    #[must_use]
    pub fn recipients(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for party in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(&party.address)) {
                all.push(party.address.clone());
            }
        }
        all
    }
}

/// A message to be added.
#[derive(Debug)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// The channel that it came by or goes out by.
    pub channel_id: ChannelId,
    /// The customer who wrote it, or whom it answers.
    pub contact_id: Option<ContactId>,
    /// The member who wrote it.
    pub author_id: Option<MembershipId>,
    /// What it is.
    pub kind: MessageKind,
    /// Its content key.
    pub key: OpenKey,
    /// When it was received or written.
    pub at: DateTime<Utc>,
    /// Automatic mail.
    pub is_auto: bool,
    /// A report of non-delivery.
    pub is_bounce: bool,
    /// Whether it has images that live elsewhere.
    pub has_remote_images: bool,
    /// Stable words for warnings.
    pub flags: Vec<&'static str>,
    /// Its head.
    pub envelope: Envelope,
    /// What is new in it.
    pub text: String,
    /// What it quotes.
    pub quoted: Option<String>,
    /// The whole as sanitized HTML.
    pub html: Option<String>,
}

/// A message, opened; the HTML is read apart ([`html`]).
#[derive(Debug, Clone)]
pub struct Message {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// The channel that it came by or goes out by.
    pub channel_id: ChannelId,
    /// The customer.
    pub contact_id: Option<ContactId>,
    /// The member who wrote it.
    pub author_id: Option<MembershipId>,
    /// What it is.
    pub kind: MessageKind,
    /// Its content key.
    pub key_id: Uuid,
    /// When it was received or written.
    pub at: DateTime<Utc>,
    /// Automatic mail.
    pub is_auto: bool,
    /// A report of non-delivery.
    pub is_bounce: bool,
    /// Whether it has HTML.
    pub has_html: bool,
    /// Whether it has images that live elsewhere.
    pub has_remote_images: bool,
    /// Stable words for warnings.
    pub flags: Vec<String>,
    /// Its head.
    pub envelope: Envelope,
    /// What is new in it.
    pub text: String,
    /// What it quotes.
    pub quoted: Option<String>,
    /// When it was stored here.
    pub stored_at: DateTime<Utc>,
    /// When it was removed at the request of a person: nothing else is left of it.
    pub erased_at: Option<DateTime<Utc>>,
}

fn place(column: crate::crypto::Column, id: MessageId) -> Place {
    Place { column, row: id.0 }
}

/// A message whose texts are compressed and sealed.
#[derive(Debug)]
pub struct SealedMessage(entity::message::ActiveModel);

/// Compresses and seals messages: work for a core, best done before the transaction.
pub fn seal_all(
    organization_id: OrganizationId,
    messages: &[NewMessage],
    now: DateTime<Utc>,
) -> Result<Vec<SealedMessage>> {
    messages
        .par_iter()
        .map(|message| seal(organization_id, message, millis(now)).map(SealedMessage))
        .collect()
}

/// Adds messages. Their tickets must be there.
pub async fn add(tx: &Tx, organization_id: OrganizationId, messages: &[NewMessage]) -> Result<()> {
    add_sealed(tx, seal_all(organization_id, messages, tx.store().now())?).await
}

/// Adds messages that are sealed already. Their tickets must be there.
pub async fn add_sealed(tx: &Tx, messages: Vec<SealedMessage>) -> Result<()> {
    let rows = messages.into_iter().map(|message| message.0).collect();
    for chunk in super::chunks(rows, 20) {
        entity::message::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

fn seal(
    organization_id: OrganizationId,
    message: &NewMessage,
    now: entity::UnixMillis,
) -> Result<entity::message::ActiveModel> {
    let NewMessage { id, key, .. } = message;
    let envelope = serde_json::to_vec(&message.envelope)?;
    Ok(entity::message::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id.0),
        ticket_id: Set(message.ticket_id.0),
        channel_id: Set(message.channel_id.0),
        contact_id: Set(message.contact_id.map(|id| id.0)),
        author_id: Set(message.author_id.map(|id| id.0)),
        kind: Set(message.kind.as_str().to_owned()),
        key_id: Set(key.id()),
        at: Set(millis(message.at)),
        is_auto: Set(message.is_auto),
        is_bounce: Set(message.is_bounce),
        has_html: Set(message.html.is_some()),
        has_remote_images: Set(message.has_remote_images),
        flags: Set(message.flags.join(",")),
        envelope: Set(key.seal(place(columns::MESSAGE_ENVELOPE, *id), &pack(&envelope))),
        text: Set(key.seal(place(columns::MESSAGE_TEXT, *id), &pack(message.text.as_bytes()))),
        quoted: Set(message
            .quoted
            .as_ref()
            .map(|quoted| key.seal(place(columns::MESSAGE_QUOTED, *id), &pack(quoted.as_bytes())))),
        html: Set(message
            .html
            .as_ref()
            .map(|html| key.seal(place(columns::MESSAGE_HTML, *id), &pack(html.as_bytes())))),
        created_at: Set(now),
        erased_at: Set(None),
    })
}

fn open(row: entity::message::Model, key: &OpenKey) -> Result<Message> {
    let id = MessageId(row.id);
    let envelope = unpack(&key.open(place(columns::MESSAGE_ENVELOPE, id), &row.envelope)?)?;
    Ok(Message {
        organization_id: OrganizationId(row.organization_id),
        id,
        ticket_id: TicketId(row.ticket_id),
        channel_id: ChannelId(row.channel_id),
        contact_id: row.contact_id.map(ContactId),
        author_id: row.author_id.map(MembershipId),
        kind: row.kind.parse()?,
        key_id: row.key_id,
        at: from_millis(row.at),
        is_auto: row.is_auto,
        is_bounce: row.is_bounce,
        has_html: row.has_html,
        has_remote_images: row.has_remote_images,
        flags: row.flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
        envelope: serde_json::from_str(&envelope)?,
        text: unpack(&key.open(place(columns::MESSAGE_TEXT, id), &row.text)?)?,
        quoted: row
            .quoted
            .map(|quoted| unpack(&key.open(place(columns::MESSAGE_QUOTED, id), &quoted)?))
            .transpose()?,
        stored_at: from_millis(row.created_at),
        erased_at: row.erased_at.map(from_millis),
    })
}

/// It may be large, and a page shows the frame's own request for it.
fn without_html() -> Select<entity::message::Entity> {
    use entity::message::{Column, Entity};
    let others = Column::iter().filter(|column| !matches!(column, Column::Html));
    Entity::find().select_only().columns(others).expr_as(Expr::cust("NULL"), Column::Html)
}

/// The messages of a ticket that the scope reaches, oldest first. A message whose key was
/// destroyed is left out: it is being purged.
pub async fn list(store: &Store, scope: &Scope, ticket_id: TicketId) -> Result<Vec<Message>> {
    use entity::message::Column;
    let rows = without_html()
        .filter(scope.limit_messages())
        .filter(Column::TicketId.eq(ticket_id.0))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    rows.into_iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}

/// Those of these messages that the scope reaches, without their HTML. One whose key was destroyed is
/// left out.
pub async fn find_many(store: &Store, scope: &Scope, ids: &[MessageId]) -> Result<Vec<Message>> {
    use entity::message::Column;
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let found = without_html()
            .filter(scope.limit_messages())
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .all(store.db().read())
            .await?;
        rows.extend(found);
    }
    let key_ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&key_ids).await?;
    rows.into_iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}

/// The message, if the scope reaches it.
pub async fn find(store: &Store, scope: &Scope, id: MessageId) -> Result<Option<Message>> {
    let Some(row) = find_row(store, scope, id).await? else { return Ok(None) };
    let key = store.keyring().get(row.key_id).await?;
    Ok(Some(open(row, &key)?))
}

/// Those of these messages that went out.
pub async fn outbound_among(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<HashSet<MessageId>> {
    use entity::message::{Column, Entity};
    let mut found = HashSet::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .filter(Column::Kind.eq(MessageKind::Outbound.as_str()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(MessageId));
    }
    Ok(found)
}

/// What a member wrote, without a word of it, oldest first.
pub async fn written_by(
    store: &Store,
    organization_id: OrganizationId,
    author: MembershipId,
) -> Result<Vec<(MessageId, MessageKind, DateTime<Utc>)>> {
    use entity::message::{Column, Entity};
    let rows: Vec<(Uuid, String, entity::UnixMillis)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::At])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::AuthorId.eq(author.0))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(store.db().read())
        .await?;
    let told =
        |(id, kind, at): (Uuid, String, _)| Ok((MessageId(id), kind.parse()?, from_millis(at)));
    rows.into_iter().map(told).collect()
}

/// The messages of these customers.
pub async fn ids_of_contacts(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[ContactId],
) -> Result<Vec<MessageId>> {
    use entity::message::{Column, Entity};
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        // As the index has it.
        .filter(Column::ContactId.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(MessageId).collect())
}

/// Those of these tickets in which one of these customers wrote.
pub async fn tickets_with(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
    contacts: &[ContactId],
) -> Result<HashSet<TicketId>> {
    use entity::message::{Column, Entity};
    if contacts.is_empty() || tickets.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .distinct()
        .column(Column::TicketId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ContactId.is_in(contacts.iter().map(|id| id.0)))
        // As the index has it.
        .filter(Column::ContactId.is_not_null())
        .filter(Column::TicketId.is_in(tickets.iter().map(|id| id.0)))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

/// The sanitized HTML of a message, if the scope reaches it and it has any.
pub async fn html(store: &Store, scope: &Scope, id: MessageId) -> Result<Option<String>> {
    let Some(row) = find_row(store, scope, id).await? else { return Ok(None) };
    let Some(html) = row.html else { return Ok(None) };
    let key = store.keyring().get(row.key_id).await?;
    Ok(Some(unpack(&key.open(place(columns::MESSAGE_HTML, id), &html)?)?))
}

/// The sanitized HTML of those of these messages that the scope reaches and that have any. One whose
/// key was destroyed is left out.
pub async fn html_of(
    store: &Store,
    scope: &Scope,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, String)>> {
    use entity::message::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId, Column::Html])
        .filter(scope.limit_messages())
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::Html.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    let key_ids: Vec<Uuid> = rows.iter().map(|(_, key_id, _)| *key_id).collect();
    let keys = store.keyring().get_many(&key_ids).await?;
    let unsealed = |(id, key_id, html): (Uuid, Uuid, Vec<u8>)| {
        let (id, key) = (MessageId(id), keys.get(&key_id)?);
        let open = || Ok((id, unpack(&key.open(place(columns::MESSAGE_HTML, id), &html)?)?));
        Some(open())
    };
    rows.into_iter().filter_map(unsealed).collect()
}

async fn find_row(
    store: &Store,
    scope: &Scope,
    id: MessageId,
) -> Result<Option<entity::message::Model>> {
    use entity::message::{Column, Entity};
    Ok(Entity::find()
        .filter(scope.limit_messages())
        .filter(Column::Id.eq(id.0))
        .one(store.db().read())
        .await?)
}
