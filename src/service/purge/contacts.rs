//! Customers: one with whom nothing is left goes with their profile's key; of one who stays, what
//! came by the channel goes, and what stays is sealed under a new key.

use super::batch::BatchSize;
use crate::crypto::KeyKind;
use crate::domain::ids::{ContactId, OrganizationId};
use crate::service::{Result, Services, dead_keys};
use crate::store::contacts::facts;
use crate::store::purge_rows::{self, Of};
use crate::store::{keys, removal};

/// Customers per look.
const LOOK: u64 = 256;

/// Profiles that are sealed anew in one transaction.
const TOGETHER: usize = 16;

/// Removes every customer of the organization with whom nothing is left.
pub(super) async fn left_over(
    services: &Services,
    organization_id: OrganizationId,
    size: &mut BatchSize,
) -> Result<u64> {
    let store = services.store();
    let mut after: Option<ContactId> = None;
    let mut removed = 0;
    loop {
        let ids = purge_rows::next_contacts(store, organization_id, after, LOOK).await?;
        let Some(last) = ids.last().copied() else { return Ok(removed) };
        removed += remove_left_over(services, organization_id, &ids, size).await?;
        after = Some(last);
    }
}

/// Removes those of these customers with whom nothing is left.
pub(in crate::service) async fn remove_left_over(
    services: &Services,
    organization_id: OrganizationId,
    ids: &[ContactId],
    size: &mut BatchSize,
) -> Result<u64> {
    let store = services.store();
    let mut removed = 0;
    let leftover = removal::left_over(store, organization_id, ids).await?;
    let chunk = usize::try_from(size.get()).unwrap_or(32).max(1);
    for chunk in leftover.chunks(chunk) {
        let tx = store.begin().await?;
        let begun = std::time::Instant::now();
        let gone = removal::contacts(&tx, organization_id, chunk).await?;
        let dead: Vec<_> = gone.iter().map(|contact| contact.key_id).collect();
        dead_keys::order(&tx, &dead).await?;
        size.took(begun, chunk.len());
        tx.commit().await?;
        dead_keys::destroy(services, &dead).await?;
        removed += gone.len() as u64;
    }
    Ok(removed)
}

/// What came by the channel goes from the profiles of those who stay.
pub(super) async fn facts_of_channel(services: &Services, of: Of) -> Result<u64> {
    let store = services.store();
    let organization_key = keys::of_organization(store, of.organization_id).await?;
    let mut changed = 0;
    loop {
        let ids = purge_rows::contacts_with_facts(store, of, LOOK).await?;
        if ids.is_empty() {
            return Ok(changed);
        }
        for chunk in ids.chunks(TOGETHER) {
            let new: Vec<_> = chunk.iter().map(|_| store.new_id()).collect();
            let new = store
                .keyring()
                .create_many(KeyKind::Profile, &organization_key, None, &new)
                .await?;
            let tx = store.begin().await?;
            let mut old = Vec::with_capacity(chunk.len());
            for (id, key) in chunk.iter().zip(&new) {
                let dropped =
                    facts::drop_of_channel(&tx, of.organization_id, *id, of.channel_id, key);
                old.extend(dropped.await?);
            }
            dead_keys::order(&tx, &old).await?;
            tx.commit().await?;
            dead_keys::destroy(services, &old).await?;
            changed += chunk.len() as u64;
        }
    }
}
