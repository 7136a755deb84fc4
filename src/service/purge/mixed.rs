//! Tickets in which messages of this mailbox stand beside messages of another: each message follows
//! the mailbox that it came by. The ticket lives on with those that stay, and what these answers
//! quote of the ones that go is removed.

use uuid::Uuid;

use super::rows::delete_objects;
use crate::crypto::KeyKind;
use crate::domain::ids::{MessageId, TicketId};
use crate::domain::words::{EventKind, MessageKind};
use crate::service::{Result, ServiceError, Services, dead_keys};
use crate::store::events::NewEvent;
use crate::store::messages::{self, Message, redact};
use crate::store::purge_rows::{self, Of};
use crate::store::purges::{self, Purge};
use crate::store::tickets::{self, Customer, Remains};
use crate::store::{Scope, keys, removal};

/// Tickets per look.
const LOOK: u64 = 32;

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// Puts every mixed ticket right; how many they were.
pub(super) async fn settle(services: &Services, purge: &Purge) -> Result<u64> {
    let of = Of { organization_id: purge.organization_id, channel_id: purge.channel_id };
    let mut settled = 0;
    loop {
        let ids = purge_rows::mixed_tickets(services.store(), of, LOOK).await?;
        if ids.is_empty() {
            return Ok(settled);
        }
        for id in ids {
            settle_one(services, purge, of, id).await?;
            settled += 1;
        }
    }
}

async fn settle_one(services: &Services, purge: &Purge, of: Of, id: TicketId) -> Result<()> {
    let store = services.store();
    let organization_id = of.organization_id;
    let scope = Scope::whole(organization_id);
    // Those of the mailbox open no more, so that these are the ones that stay.
    let mut staying = messages::list(store, &scope, id).await?;
    staying.retain(|message| message.channel_id != of.channel_id);
    for message in &staying {
        if message.kind == MessageKind::Outbound && (message.quoted.is_some() || message.has_html) {
            redact_answer(services, message).await?;
        }
    }
    if let Some(first) = staying.first() {
        rehome(services, id, first, &staying).await?;
    }
    loop {
        let going = purge_rows::messages_of_ticket(store, of, id, LOOK).await?;
        if going.is_empty() {
            return Ok(());
        }
        let (ids, dead): (Vec<MessageId>, Vec<Uuid>) = going.into_iter().unzip();
        let objects = removal::objects_of(store, organization_id, &ids).await?;
        delete_objects(services, &objects).await?;
        store.keyring().bury(&dead).await?;
        let tx = store.begin().await?;
        let removed = removal::messages(&tx, organization_id, &ids).await?;
        purges::add_removed(&tx, purge, i64::try_from(removed).unwrap_or(0)).await?;
        tx.commit().await?;
    }
}

/// The answer keeps what the agent wrote.
async fn redact_answer(services: &Services, message: &Message) -> Result<()> {
    let store = services.store();
    let channel_key = keys::of_channel(store, message.organization_id, message.channel_id).await?;
    let key = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(message.channel_id.0), &[store.new_id()])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let objects = removal::objects_of(store, message.organization_id, &[message.id]).await?;
    let tx = store.begin().await?;
    redact::keep_own_text(&tx, message, &key).await?;
    dead_keys::order(&tx, &[message.key_id]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[message.key_id]).await?;
    delete_objects(services, &objects).await
}

/// Makes the ticket of the messages that stay.
async fn rehome(
    services: &Services,
    id: TicketId,
    first: &Message,
    staying: &[Message],
) -> Result<()> {
    let store = services.store();
    let organization_id = first.organization_id;
    let Some((home, old_key)) = tickets::home(store, organization_id, id).await? else {
        return Ok(());
    };
    // It stays where it lives as long as that channel lives.
    let channel_id = if staying.iter().any(|message| message.channel_id == home) {
        home
    } else {
        first.channel_id
    };
    let channel_key = keys::of_channel(store, organization_id, channel_id).await?;
    let key = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &[store.new_id()])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let from_customer = staying.iter().find(|message| message.kind == MessageKind::Inbound);
    let party = match from_customer {
        Some(message) => message.envelope.from.first(),
        None => first.envelope.to.first(),
    };
    let customer = party.map_or_else(Customer::default, |party| Customer {
        name: party.name.clone(),
        address: party.address.clone(),
    });
    let last = staying.last().unwrap_or(first);
    let snippet: String =
        last.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SNIPPET).collect();
    let remains = Remains {
        channel_id,
        key: &key,
        subject: &first.envelope.subject,
        snippet: &snippet,
        customer: &customer,
        contact_id: from_customer.unwrap_or(first).contact_id,
        message_count: i32::try_from(staying.len()).unwrap_or(i32::MAX),
    };
    let tx = store.begin().await?;
    tickets::rehome(&tx, organization_id, id, &remains).await?;
    tx.event(NewEvent::ticket(organization_id, EventKind::MessageChanged, channel_id, id));
    dead_keys::order(&tx, &[old_key]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[old_key]).await
}
