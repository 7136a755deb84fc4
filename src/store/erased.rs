//! After a restore: messages of erased persons are back in tickets of others, unreadable. Each
//! becomes a tombstone again, as it was, and a ticket whose own words are sealed under a dead key
//! is made anew of the messages that stay. Tickets in which nothing opens are left to
//! [`super::forgotten`], which removes them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::contacts::address_blind;
use super::error::{Result, StoreError};
use super::messages::{self, Message, tombstone};
use super::tickets::{self, Customer, Remains, participants};
use super::{Scope, Store, erasure_rows, keys};
use crate::crypto::{KeyError, KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::MessageKind;

/// Ids per statement.
const IDS: usize = 500;

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// Puts tombstones in the place of messages that these keys sealed; how many they were.
pub async fn bring_tombstones(store: &Store, dead: &[Uuid], at: DateTime<Utc>) -> Result<u64> {
    let mut tickets: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
    for chunk in dead.chunks(IDS) {
        use entity::message::{Column, Entity};
        let rows: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .distinct()
            .columns([Column::OrganizationId, Column::TicketId])
            .filter(Column::KeyId.is_in(chunk.iter().copied()))
            .order_by_asc(Column::TicketId)
            .into_tuple()
            .all(store.db().write())
            .await?;
        tickets.extend(rows);
    }
    let mut count = 0;
    for (organization, ticket) in tickets {
        count += of_ticket(store, OrganizationId(organization), TicketId(ticket), dead, at).await?;
    }
    Ok(count)
}

async fn of_ticket(
    store: &Store,
    organization_id: OrganizationId,
    id: TicketId,
    dead: &[Uuid],
    at: DateTime<Utc>,
) -> Result<u64> {
    let scope = Scope::whole(organization_id);
    let rows = erasure_rows::messages_of(store, organization_id, id).await?;
    let gone: Vec<_> = rows.into_iter().filter(|row| dead.contains(&row.key_id)).collect();
    let Some(first) = gone.first() else { return Ok(0) };
    let ids: Vec<MessageId> = gone.iter().map(|row| row.id).collect();
    let tx = store.begin().await?;
    erasure_rows::remember(&tx, organization_id, &ids).await?;
    tx.commit().await?;
    let staying = messages::list(store, &scope, id).await?;
    let is_of_others = |message: &Message| match message.kind {
        MessageKind::Inbound => message.erased_at.is_none(),
        MessageKind::Outbound => true,
        MessageKind::Note | MessageKind::Event => false,
    };
    if !staying.iter().any(is_of_others) {
        return Ok(0);
    }
    let Some(new) = content_keys(store, organization_id, first.channel_id, gone.len()).await?
    else {
        return Ok(0);
    };
    let tx = store.begin().await?;
    erasure_rows::empty_deliveries(&tx, organization_id, &ids).await?;
    for (row, key) in gone.iter().zip(&new) {
        tombstone::set(&tx, organization_id, row.id, key, at).await?;
    }
    tx.commit().await?;
    revive_head(store, organization_id, id, &staying, staying.len() + gone.len()).await?;
    Ok(gone.len() as u64)
}

/// New content keys of a channel; nothing when its own key is gone.
pub async fn content_keys(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    count: usize,
) -> Result<Option<Vec<OpenKey>>> {
    let channel_key = match keys::of_channel(store, organization_id, channel_id).await {
        Ok(key) => key,
        Err(StoreError::Key(KeyError::Destroyed(_))) => return Ok(None),
        Err(other) => return Err(other),
    };
    let ids: Vec<Uuid> = (0..count).map(|_| store.new_id()).collect();
    let made =
        store.keyring().create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &ids);
    Ok(Some(made.await?))
}

/// What a ticket shows of itself was sealed anew when the person was erased; the old key is dead.
async fn revive_head(
    store: &Store,
    organization_id: OrganizationId,
    id: TicketId,
    staying: &[Message],
    count: usize,
) -> Result<()> {
    let Some((channel_id, key)) = tickets::home(store, organization_id, id).await? else {
        return Ok(());
    };
    let open = store.keyring().get_many(&[key]).await?;
    if open.contains_key(&key) {
        return Ok(());
    }
    let new = content_keys(store, organization_id, channel_id, 1).await?;
    let Some(new) = new.and_then(|mut keys| keys.pop()) else { return Ok(()) };
    let head = Head::of(staying, count);
    let organization_key = keys::of_organization(store, organization_id).await?;
    let tx = store.begin().await?;
    tickets::rehome(&tx, organization_id, id, &head.remains(channel_id, &new)).await?;
    // Who is in none of the messages that stay took part by those that do not.
    let named = people(&organization_key, staying);
    let took_part = participants::of(&tx, organization_id, id).await?;
    let gone: Vec<Vec<u8>> = took_part.into_iter().filter(|blind| !named.contains(blind)).collect();
    participants::remove(&tx, organization_id, id, &gone).await?;
    tx.commit().await
}

/// The blinds of everybody whom these messages name.
fn people(organization_key: &OpenKey, messages: &[Message]) -> BTreeSet<Vec<u8>> {
    let heads = messages.iter().map(|message| &message.envelope);
    let parties = heads.flat_map(|head| {
        head.from.iter().chain(&head.to).chain(&head.cc).chain(&head.bcc).chain(&head.reply_to)
    });
    parties.map(|party| address_blind(organization_key, &party.address)).collect()
}

/// A ticket's head, made of the messages that stay.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// What it is about.
    pub subject: String,
    /// The beginning of the last message.
    pub snippet: String,
    /// The customer.
    pub customer: Customer,
    /// The customer's profile.
    pub contact_id: Option<ContactId>,
    /// How many messages there are, tombstones included.
    pub message_count: i32,
}

impl Head {
    /// Of the messages that stay, oldest first; `count` with those that do not.
    #[must_use]
    pub fn of(staying: &[Message], count: usize) -> Self {
        let words: Vec<&Message> =
            staying.iter().filter(|message| message.erased_at.is_none()).collect();
        let from_customer = words.iter().find(|message| message.kind == MessageKind::Inbound);
        let first = from_customer.or(words.first());
        let party = match from_customer {
            Some(message) => message.envelope.from.first(),
            None => words.iter().find_map(|message| message.envelope.to.first()),
        };
        Self {
            subject: first.map(|message| message.envelope.subject.clone()).unwrap_or_default(),
            snippet: words.last().map(|message| snippet(&message.text)).unwrap_or_default(),
            customer: party.map_or_else(Customer::default, |party| Customer {
                name: party.name.clone(),
                address: party.address.clone(),
            }),
            contact_id: first.and_then(|message| message.contact_id),
            message_count: i32::try_from(count).unwrap_or(i32::MAX),
        }
    }

    /// To be sealed under a new key of the channel.
    #[must_use]
    pub fn remains<'a>(&'a self, channel_id: ChannelId, key: &'a OpenKey) -> Remains<'a> {
        Remains {
            channel_id,
            key,
            subject: &self.subject,
            snippet: &self.snippet,
            customer: &self.customer,
            contact_id: self.contact_id,
            message_count: self.message_count,
        }
    }
}

fn snippet(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SNIPPET).collect()
}
