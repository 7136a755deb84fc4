//! What a purge does, step by step. A run that breaks off anywhere is taken up where it was: the
//! state says which step, and what is left says how far.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::batch::BatchSize;
use super::{contacts, held, is_dead, lock, mixed, rows, statement};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::domain::ids::{OrganizationId, PurgeId, TicketId};
use crate::domain::words::PurgeState;
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, closing, parcels};
use crate::store::purge_rows::{self, Of};
use crate::store::purges::{self, Purge};
use crate::store::{StoreError, channels, forget, search_indexes};

/// After so long a run gives its place back to other jobs, and is taken up at once.
const SLICE: Duration = Duration::from_secs(20);

/// A purge that a hold stops looks so often whether the hold has ended, beside being told.
const HOLD_LOOK: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// Pages that are given back to the disk at once: 4 MiB.
const PAGES: u32 = 1_024;

/// Free pages that are left in the file: what comes in next takes them.
const FREE_PAGES: i64 = 256;

/// The tables that a purge leaves dead rows in.
const TABLES: &[&str] = &[
    "message",
    "raw_message",
    "attachment",
    "message_reference",
    "mention",
    "note_mention",
    "notice",
    "ticket",
    "ledger",
    "outbox",
    "participant",
    "ticket_seen",
    "draft",
    "event",
    "contact",
    "contact_identity",
    "mailbox",
    "folder",
];

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The window has not ended.
    Waits(DateTime<Utc>),
    /// There is more to do.
    Goes,
    /// Nothing is left to do.
    Ended,
}

/// What a run has learned.
#[derive(Debug, Default)]
struct Pace {
    /// How much one transaction removes.
    size: BatchSize,
    /// That no ticket holds messages of other mailboxes too: finding them goes through all
    /// messages, and no new ones come, since nobody belongs to the channel any more.
    settled: bool,
}

/// Does what is due, for as long as a slice lasts.
pub async fn run(
    services: &Services,
    organization_id: OrganizationId,
    id: PurgeId,
) -> Result<Progress> {
    let until = Instant::now() + SLICE;
    let mut pace = Pace::default();
    loop {
        match step(services, organization_id, id, &mut pace).await? {
            Progress::Goes if Instant::now() < until => {}
            other => return Ok(other),
        }
    }
}

/// Does one thing that is committed by itself. For tests, which stop after each.
pub async fn step_once(
    services: &Services,
    organization_id: OrganizationId,
    id: PurgeId,
) -> Result<Progress> {
    step(services, organization_id, id, &mut Pace::default()).await
}

async fn step(
    services: &Services,
    organization_id: OrganizationId,
    id: PurgeId,
    pace: &mut Pace,
) -> Result<Progress> {
    let Some(purge) = purges::find(services.store(), organization_id, id).await? else {
        return Ok(Progress::Ended);
    };
    match purge.state {
        PurgeState::Countdown if purge.due_at > services.store().now() => {
            Ok(Progress::Waits(purge.due_at))
        }
        PurgeState::Countdown => plan(services, &purge).await,
        PurgeState::Destroying => destroy(services, &purge).await,
        PurgeState::Deleting => delete(services, &purge, pace).await,
        PurgeState::Done => {
            held::release(services, of(&purge)).await?;
            Ok(Progress::Ended)
        }
        PurgeState::Undone => Ok(Progress::Ended),
    }
}

/// Counts what there is; from here on nobody reads of it, and it cannot come back.
async fn plan(services: &Services, known: &Purge) -> Result<Progress> {
    let store = services.store();
    let of = of(known);
    let against = held::against(services, of).await?;
    if against.whole.is_empty() && !against.tickets.is_empty() {
        let tickets: Vec<TicketId> = against.tickets.iter().copied().collect();
        held::rewrap(services, of, &tickets).await?;
    }
    let counts = purge_rows::count(store, of).await?;
    let tx = store.begin().await?;
    let mut purge = lock(&tx, known).await?;
    if purge.state != PurgeState::Countdown || purge.due_at > store.now() {
        return Ok(Progress::Goes);
    }
    if !against.whole.is_empty() {
        held::wait(services, &tx, &mut purge, &against).await?;
        tx.commit().await?;
        return Ok(Progress::Waits(store.now() + HOLD_LOOK));
    }
    purge.state = PurgeState::Destroying;
    purge.planned_at = Some(store.now());
    purge.counts = counts;
    purge.error_code = None;
    purge.save(&tx).await?;
    held::keep(services, &tx, of, &against).await?;
    purge_rows::remove_jobs(&tx, of, super::PURGE).await?;
    tx.commit().await?;
    Ok(Progress::Goes)
}

/// The channel's key dies, and with it everything that hangs on it; the forget-list tells so.
async fn destroy(services: &Services, known: &Purge) -> Result<Progress> {
    let store = services.store();
    let channel = channels::find(store, known.organization_id, known.channel_id).await?;
    let channel = channel.ok_or(ServiceError::NotFound)?;
    let object = Object::of(known.channel_id, ObjectKind::Mailbox, known.channel_id.0);
    access::record_by(services, known.organization_id, Who::System, Action::DestroyKeys, object)
        .await?;
    forget::destroy_keys(store, &[channel.key_id]).await?;
    let still_opens = match store.keyring().get(channel.key_id).await {
        Ok(_) => true,
        Err(error) if is_dead(&error) => false,
        Err(error) => return Err(StoreError::from(error).into()),
    };
    if still_opens {
        return Err(ServiceError::internal(std::io::Error::other("a key outlived its end")));
    }
    let tx = store.begin().await?;
    let mut purge = lock(&tx, known).await?;
    if purge.state == PurgeState::Destroying {
        purge.state = PurgeState::Deleting;
        purge.keys_destroyed_at = Some(store.now());
        purge.save(&tx).await?;
        // Their files go as soon as each instance sees that.
        search_indexes::remove_of_channel(&tx, known.organization_id, known.channel_id).await?;
    }
    tx.commit().await?;
    tracing::info!(purge.id = %known.id, "the keys of a disconnected mailbox are destroyed");
    Ok(Progress::Goes)
}

/// Removes the next batch, or ends.
async fn delete(services: &Services, purge: &Purge, pace: &mut Pace) -> Result<Progress> {
    if !pace.settled {
        let settled = mixed::settle(services, purge).await?;
        pace.settled = true;
        if settled > 0 {
            return Ok(Progress::Goes);
        }
    }
    remove_exports(services, purge).await?;
    if rows::next(services, purge, &mut pace.size).await? > 0 {
        return Ok(Progress::Goes);
    }
    contacts::left_over(services, purge.organization_id, &mut pace.size).await?;
    contacts::facts_of_channel(services, of(purge)).await?;
    let left = purge_rows::left(services.store(), of(purge)).await?;
    if left > 0 {
        // Something came in by a way that should be shut: it goes in the next round.
        tracing::warn!(purge.id = %purge.id, rows.count = left, "rows are left of a purge");
        return Ok(Progress::Goes);
    }
    reclaim(services).await?;
    finish(services, purge).await
}

/// Exports of the mailbox cannot be opened any more, since their keys hung on the channel's; their
/// parts and rows go.
async fn remove_exports(services: &Services, purge: &Purge) -> Result<()> {
    let of = (purge.organization_id, purge.channel_id);
    for parcel in crate::store::parcels::list_of_channel(services.store(), of.0, of.1).await? {
        parcels::remove(services, &parcel).await?;
    }
    Ok(())
}

/// The mailbox's own row goes, and the statement is signed: one transaction.
async fn finish(services: &Services, known: &Purge) -> Result<Progress> {
    let store = services.store();
    let mut ended = known.clone();
    ended.state = PurgeState::Done;
    ended.finished_at = Some(store.now());
    let signed = statement::sign(services, &ended).await?;
    let tx = store.begin().await?;
    let current = lock(&tx, known).await?;
    if current.state != PurgeState::Deleting {
        return Ok(Progress::Ended);
    }
    purge_rows::remove_mailbox(&tx, of(known)).await?;
    ended.save(&tx).await?;
    purges::add_statement(&tx, &signed).await?;
    super::watch::tell_admins(services, &tx, known.organization_id).await?;
    closing::wake(&tx, known.organization_id).await?;
    tx.commit().await?;
    tracing::info!(purge.id = %known.id, "the data of a disconnected mailbox is deleted");
    Ok(Progress::Ended)
}

/// Gives the space back, a slice at a time, so that the writer is never held for long.
pub(in crate::service) async fn reclaim(services: &Services) -> Result<()> {
    let db = services.store();
    let mut before = i64::MAX;
    loop {
        let left = db.reclaim(PAGES).await?;
        if left <= FREE_PAGES || left >= before {
            break;
        }
        before = left;
    }
    if !db.scrub(TABLES).await? {
        tracing::debug!("the write-ahead log could not be emptied: a reader held it");
    }
    services.store().keyring().scrub().await?;
    Ok(())
}

fn of(purge: &Purge) -> Of {
    Of { organization_id: purge.organization_id, channel_id: purge.channel_id }
}
