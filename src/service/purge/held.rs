//! What a hold keeps of a mailbox whose data is purged.
//!
//! A hold on the mailbox or the organization stops the purge at the window's end: from then on only
//! those can read whom the hold names. A hold on tickets or customers keeps just those tickets:
//! their keys are wrapped anew under the organization's key before the channel's key dies, and are
//! opened to those only whom the holds name. When the holds end, both go.

use std::collections::HashSet;

use uuid::Uuid;

use super::{PURGE, enqueue};
use crate::domain::ids::{HoldId, MembershipId, OrganizationId, TicketId};
use crate::domain::words::{HoldKind, PurgeState};
use crate::service::{Result, Services, closing, retention};
use crate::store::holds::{self, Lasting};
use crate::store::jobs::{self, NewJob};
use crate::store::purge_rows::{self, Of};
use crate::store::purges::{self, Purge};
use crate::store::{StoreError, Tx, channels, keys, removal};

/// Why a purge waits although its window has ended.
pub(super) const HELD: &str = "held";

/// Messages whose keys are wrapped together.
const MESSAGES: u64 = 500;

/// What stands against a purge.
#[derive(Debug, Default)]
pub(super) struct Against {
    /// Holds that keep all of it.
    pub(super) whole: Vec<HoldId>,
    /// Holds that keep some tickets.
    pub(super) some: Vec<HoldId>,
    /// Those tickets.
    pub(super) tickets: HashSet<TicketId>,
}

pub(super) async fn against(services: &Services, of: Of) -> Result<Against> {
    let store = services.store();
    let lasting = holds::lasting(store, of.organization_id).await?;
    let is_whole = |hold: &&Lasting| match hold.kind {
        HoldKind::Organization => true,
        HoldKind::Mailbox => hold.subject_id == of.channel_id.0,
        HoldKind::Ticket | HoldKind::Contact => false,
    };
    let tickets = holds::tickets_of_channel(store, of, &lasting).await?;
    let mut some = Vec::new();
    for hold in lasting.iter().filter(|hold| !is_whole(hold)) {
        if !holds::tickets_of_channel(store, of, &[*hold]).await?.is_empty() {
            some.push(hold.id);
        }
    }
    Ok(Against {
        whole: lasting.iter().filter(is_whole).map(|hold| hold.id).collect(),
        some,
        tickets,
    })
}

/// The purge waits: only those read whom the holds name.
pub(super) async fn wait(
    services: &Services,
    tx: &Tx,
    purge: &mut Purge,
    against: &Against,
) -> Result<()> {
    let people = people(services, purge.organization_id, &against.whole).await?;
    channels::set_members(tx, purge.organization_id, purge.channel_id, &people).await?;
    purge.error_code = Some(HELD.to_owned());
    purge.save(tx).await?;
    Ok(())
}

async fn people(
    services: &Services,
    organization_id: OrganizationId,
    holds: &[HoldId],
) -> Result<Vec<MembershipId>> {
    Ok(holds::people(services.store(), organization_id, holds).await?)
}

/// The keys of the tickets that are kept hang on the organization's key from now on.
pub(super) async fn rewrap(services: &Services, of: Of, tickets: &[TicketId]) -> Result<()> {
    let store = services.store();
    let organization_key = keys::of_organization(store, of.organization_id).await?;
    let mut found: Vec<Uuid> = removal::ticket_keys(store, of.organization_id, tickets).await?;
    let mut after = None;
    loop {
        let messages =
            purge_rows::messages_after(store, of.organization_id, tickets, after, MESSAGES).await?;
        let Some((last, _)) = messages.last().copied() else { break };
        after = Some(last);
        let ids: Vec<_> = messages.iter().map(|(id, _)| *id).collect();
        found.extend(messages.into_iter().map(|(_, key)| key));
        found.extend(removal::raw_keys_of(store, of.organization_id, &ids).await?);
    }
    found.sort_unstable();
    found.dedup();
    store.keyring().rewrap(&found, &organization_key).await?;
    crate::store::forget::copy(store).await?;
    Ok(())
}

/// Marks the tickets as kept, and opens them to those whom the holds name.
pub(super) async fn keep(services: &Services, tx: &Tx, of: Of, against: &Against) -> Result<()> {
    let tickets: Vec<TicketId> = against.tickets.iter().copied().collect();
    purge_rows::set_held(tx, of.organization_id, &tickets).await?;
    let people = people(services, of.organization_id, &against.some).await?;
    channels::set_members(tx, of.organization_id, of.channel_id, &people).await?;
    Ok(())
}

/// A hold has ended: purges that it stopped go on, and what it kept of those that are done is
/// looked at.
pub async fn resume_held(tx: &Tx, organization_id: OrganizationId) -> Result<(), StoreError> {
    let store = tx.store();
    closing::wake(tx, organization_id).await?;
    for purge in purges::list(store, organization_id).await? {
        match purge.state {
            PurgeState::Countdown if purge.error_code.as_deref() == Some(HELD) => {
                enqueue(tx, &purge).await?;
            }
            PurgeState::Done => {
                let job = NewJob {
                    kind: PURGE,
                    organization_id: Some(organization_id),
                    subject_id: Some(purge.channel_id.0),
                    payload: serde_json::json!({ "purge_id": purge.id }),
                    unique_key: Some(super::unique_key(purge.id)),
                    run_at: store.now(),
                };
                jobs::add(tx, job).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Deletes of a purge that is done what no hold keeps any more.
pub(super) async fn release(services: &Services, of: Of) -> Result<u64> {
    let store = services.store();
    let held = purge_rows::held_tickets(store, of).await?;
    if held.is_empty() {
        return Ok(0);
    }
    let against = against(services, of).await?;
    if !against.whole.is_empty() {
        return Ok(0);
    }
    let free: Vec<TicketId> = held.into_iter().filter(|id| !against.tickets.contains(id)).collect();
    let mut gone = 0;
    for chunk in free.chunks(32) {
        gone += retention::remove::tickets(services, of.organization_id, chunk).await?;
    }
    let people = people(services, of.organization_id, &against.some).await?;
    let tx = store.begin().await?;
    channels::set_members(&tx, of.organization_id, of.channel_id, &people).await?;
    tx.commit().await?;
    Ok(gone)
}
