//! A repeated request acts once: the answer is kept for a day under the key that the client sent.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Result, Services};
use crate::authz::Actor;
use crate::store::idempotency::{self, RequestKey};
use crate::store::keys;

pub use crate::store::idempotency::Known;

/// Takes the key for a request, or says what became of the one before.
pub async fn take(
    services: &Services,
    actor: &Actor,
    key: &str,
    request: &[&[u8]],
) -> Result<Known> {
    let store = services.store();
    let organization_key = keys::of_organization(store, actor.organization_id).await?;
    let mut hash = Sha256::new();
    for part in request {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    // Keyed, because a request holds what customers wrote.
    let request_hash = organization_key.mac("idempotency.request", &hash.finalize()).to_vec();
    let request = RequestKey {
        organization_id: actor.organization_id,
        membership_id: actor.membership_id,
        key_hash: idempotency::key_hash(&organization_key, key),
        request_hash,
    };
    Ok(idempotency::take(store, &organization_key, &request).await?)
}

/// Keeps the answer.
pub async fn answer(
    services: &Services,
    actor: &Actor,
    id: Uuid,
    status: u16,
    body: &[u8],
) -> Result<()> {
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    Ok(idempotency::answer(store, &key, actor.organization_id, id, status, body).await?)
}

/// Gives the key back after a failure that changed nothing.
pub async fn release(services: &Services, actor: &Actor, id: Uuid) -> Result<()> {
    Ok(idempotency::release(services.store(), actor.organization_id, id).await?)
}
