//! Mail that could not be processed: kept, shown to an admin of its mailbox, tried again.

use super::intake::{self, Target};
use super::{Result, ServiceError, Services, access};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::LedgerId;
use crate::domain::words::LedgerState;
use crate::store::ledger::{self, Entry};
use crate::store::{mailboxes, raw};

/// As many are shown; the newest.
const SHOWN: u64 = 500;

/// A mail that could not be processed.
#[derive(Debug, Clone)]
pub struct Quarantined {
    /// Its line in the ledger.
    pub entry: Entry,
    /// The name of its mailbox.
    pub mailbox_name: String,
    /// Its size in bytes, where it was fetched.
    pub size: Option<i64>,
}

/// What lies in the quarantine of the actor's mailboxes, newest first.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Quarantined>> {
    let scope = services.scope(actor, Permission::ManageQuarantine)?;
    let store = services.store();
    let entries = ledger::list_quarantined(store, actor.organization_id, SHOWN).await?;
    let mailboxes = mailboxes::list(store, actor.organization_id).await?;
    Ok(entries
        .into_iter()
        .filter(|entry| scope.reaches(entry.channel_id))
        .filter_map(|entry| {
            let mailbox = mailboxes.iter().find(|m| m.channel_id == entry.channel_id)?;
            Some(Quarantined { mailbox_name: mailbox.display_name.clone(), size: None, entry })
        })
        .collect())
}

/// One of them.
pub async fn reach(services: &Services, actor: &Actor, id: LedgerId) -> Result<Entry> {
    let scope = services.scope(actor, Permission::ManageQuarantine)?;
    ledger::find(services.store(), actor.organization_id, id)
        .await?
        .filter(|entry| scope.reaches(entry.channel_id))
        .filter(|entry| entry.state == LedgerState::Quarantined)
        .ok_or(ServiceError::NotFound)
}

/// The mail as it came in.
pub async fn original(services: &Services, actor: &Actor, id: LedgerId) -> Result<Vec<u8>> {
    let entry = reach(services, actor, id).await?;
    let store = services.store();
    let message_id = entry.message_id.ok_or(ServiceError::NotFound)?;
    let found =
        raw::find(store, actor.organization_id, message_id).await?.ok_or(ServiceError::NotFound)?;
    let (action, kind) = (Action::ReadQuarantined, ObjectKind::QuarantinedMessage);
    access::record(services, actor, action, kind, id.0, entry.channel_id).await?;
    Ok(found.read_all(store, services.blobs()).await?)
}

/// Tries to process it again.
pub async fn retry(services: &Services, actor: &Actor, id: LedgerId) -> Result<()> {
    let entry = reach(services, actor, id).await?;
    let mailbox = mailboxes::find(services.store(), actor.organization_id, entry.channel_id)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let target = Target {
        organization_id: actor.organization_id,
        channel_id: entry.channel_id,
        own_addresses: vec![mailbox.address.to_lowercase()],
    };
    intake::retry(services, &target, actor.organization_id, id).await?;
    Ok(())
}
