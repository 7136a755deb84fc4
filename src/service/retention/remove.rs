//! Deleting tickets with all that hangs on them: their keys die first, which reaches the backups,
//! then objects and rows go. The ledger keeps a line without a word for each mail, so that no sync
//! and no import brings it back.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::ids::{ContactId, MessageId, OrganizationId, TicketId};
use crate::service::purge::{BatchSize, delete_objects, remove_left_over};
use crate::service::{Result, Services};
use crate::store::{forget, removal};

/// Messages whose keys die together.
const MESSAGES: u64 = 64;

/// Deletes these tickets; how many they were.
pub async fn tickets(
    services: &Services,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<u64> {
    let store = services.store();
    let mut contacts: HashSet<ContactId> =
        removal::contacts_of(store, organization_id, ids, &[]).await?;
    loop {
        let found = removal::messages_of(store, organization_id, ids, MESSAGES).await?;
        if found.is_empty() {
            break;
        }
        let messages: Vec<MessageId> = found.iter().map(|(id, ..)| *id).collect();
        let mut keys: Vec<Uuid> = found.iter().map(|(.., key)| *key).collect();
        keys.extend(removal::raw_keys_of(store, organization_id, &messages).await?);
        keys.sort_unstable();
        keys.dedup();
        contacts.extend(removal::contacts_of(store, organization_id, &[], &messages).await?);
        let objects = removal::objects_of(store, organization_id, &messages).await?;
        forget::destroy_keys(store, &keys).await?;
        delete_objects(services, &objects).await?;
        let tx = store.begin().await?;
        let of: HashSet<TicketId> = found.iter().map(|(_, of, _)| *of).collect();
        let of: Vec<TicketId> = of.into_iter().collect();
        removal::tell_gone(&tx, organization_id, &of).await?;
        removal::bury(&tx, organization_id, &messages).await?;
        removal::messages(&tx, organization_id, &messages).await?;
        tx.commit().await?;
    }
    let keys = removal::ticket_keys(store, organization_id, ids).await?;
    forget::destroy_keys(store, &keys).await?;
    let tx = store.begin().await?;
    removal::tell_gone(&tx, organization_id, ids).await?;
    let removed = removal::tickets(&tx, organization_id, ids).await?;
    tx.commit().await?;
    let contacts: Vec<ContactId> = contacts.into_iter().collect();
    remove_left_over(services, organization_id, &contacts, &mut BatchSize::default()).await?;
    Ok(removed)
}
