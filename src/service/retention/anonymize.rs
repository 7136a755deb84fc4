//! A ticket loses everything personal: counts, times and states stay, for reports.

use std::collections::HashSet;

use uuid::Uuid;

use crate::crypto::KeyKind;
use crate::domain::ids::{ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::EventKind;
use crate::service::purge::{BatchSize, delete_objects, remove_left_over};
use crate::service::{Result, ServiceError, Services};
use crate::store::anonymized;
use crate::store::events::NewEvent;
use crate::store::{forget, keys, removal, tickets};

/// Messages that are emptied together.
const MESSAGES: u64 = 64;

/// Makes a ticket anonymous.
pub(super) async fn ticket(
    services: &Services,
    organization_id: OrganizationId,
    id: TicketId,
) -> Result<()> {
    let store = services.store();
    let Some((channel_id, old)) = tickets::home(store, organization_id, id).await? else {
        return Ok(());
    };
    let channel_key = keys::of_channel(store, organization_id, channel_id).await?;
    let new = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel_id.0), &[store.new_id()])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let mut contacts: HashSet<ContactId> =
        removal::contacts_of(store, organization_id, &[id], &[]).await?;
    loop {
        let found = anonymized::messages_of(store, organization_id, id, new.id(), MESSAGES).await?;
        if found.is_empty() {
            break;
        }
        let messages: Vec<MessageId> = found.iter().map(|(id, _)| *id).collect();
        let mut dead: Vec<Uuid> = found.iter().map(|(_, key)| *key).collect();
        dead.extend(removal::raw_keys_of(store, organization_id, &messages).await?);
        dead.sort_unstable();
        dead.dedup();
        contacts.extend(removal::contacts_of(store, organization_id, &[], &messages).await?);
        let objects = removal::objects_of(store, organization_id, &messages).await?;
        forget::destroy_keys(store, &dead).await?;
        delete_objects(services, &objects).await?;
        let tx = store.begin().await?;
        removal::bury(&tx, organization_id, &messages).await?;
        for message in messages {
            anonymized::empty_message(&tx, organization_id, message, &new).await?;
        }
        tx.commit().await?;
    }
    forget::destroy_keys(store, &[old]).await?;
    let tx = store.begin().await?;
    anonymized::empty_ticket(&tx, organization_id, id, &new).await?;
    tx.event(NewEvent::ticket(organization_id, EventKind::MessageChanged, channel_id, id));
    tx.commit().await?;
    let contacts: Vec<ContactId> = contacts.into_iter().collect();
    remove_left_over(services, organization_id, &contacts, &mut BatchSize::default()).await?;
    Ok(())
}
