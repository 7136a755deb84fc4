//! What closing does by itself, step by step. A run that breaks off anywhere is taken up where it
//! was: the state says which step, and what is left says how far.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::{add, count, statement, tell_owners};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::domain::ids::{ClosingId, OrganizationId};
use crate::domain::words::{ClosingState, PurgeCause, PurgeState};
use crate::service::access::{self, Object};
use crate::service::post::{self, Kind};
use crate::service::{Result, ServiceError, Services, parcels, purge};
use crate::store::closings::{self, Closing};
use crate::store::{closing_rows, forget, holds, mailboxes, parcels as rows, purges};

/// After so long a run gives its place back to other jobs, and is taken up at once.
const SLICE: Duration = Duration::from_secs(20);

/// What a purge or a hold stops is looked at so often, beside being told.
const LOOK: TimeDelta = TimeDelta::minutes(15);

/// Why it waits: a legal hold lasts.
const HELD: &str = "held";

/// Rows per transaction, so that the writer is never held for long.
const BATCH: u64 = 100;

/// The mail that tells owners where the statement will be has so long to leave.
const MAIL: TimeDelta = TimeDelta::hours(1);

/// Until that mail has left it is looked at so often.
const MAIL_LOOK: TimeDelta = TimeDelta::minutes(1);

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing to do before this time.
    Waits(DateTime<Utc>),
    /// There is more to do.
    Goes,
    /// Nothing is left to do.
    Ended,
}

/// Does what is due, for as long as a slice lasts.
pub async fn run(
    services: &Services,
    organization_id: OrganizationId,
    id: ClosingId,
) -> Result<Progress> {
    let until = Instant::now() + SLICE;
    loop {
        match step_once(services, organization_id, id).await? {
            Progress::Goes if Instant::now() < until => {}
            other => return Ok(other),
        }
    }
}

/// Does one thing that is committed by itself.
pub async fn step_once(
    services: &Services,
    organization_id: OrganizationId,
    id: ClosingId,
) -> Result<Progress> {
    let Some(closing) = closings::find(services.store(), organization_id, id).await? else {
        return Ok(Progress::Ended);
    };
    match closing.state {
        ClosingState::Asked | ClosingState::Done | ClosingState::Undone => Ok(Progress::Ended),
        ClosingState::Countdown => countdown(services, &closing).await,
        ClosingState::Destroying => destroy(services, &closing).await,
        ClosingState::Deleting => delete(services, &closing).await,
    }
}

/// Stops the mailboxes that are not yet stopped; once the window has ended and their data is gone,
/// counts what there was and shuts the doors.
async fn countdown(services: &Services, known: &Closing) -> Result<Progress> {
    let store = services.store();
    let id = known.organization_id;
    let due = known.due_at.unwrap_or_else(|| store.now());
    for mailbox in mailboxes::list(store, id).await? {
        match purge::disconnect_for_closing(services, &mailbox, known.asked_by, due).await {
            // Somebody has just disconnected it by itself.
            Ok(()) | Err(ServiceError::Stale) => {}
            Err(other) => return Err(other),
        }
    }
    if due > store.now() {
        return Ok(Progress::Waits(due));
    }
    let purges = purges::list(store, id).await?;
    let goes = |state| !matches!(state, PurgeState::Done | PurgeState::Undone);
    let is_held = !holds::lasting(store, id).await?.is_empty();
    if is_held || purges.iter().any(|purge| goes(purge.state)) {
        let code = is_held.then(|| HELD.to_owned());
        if known.error_code != code {
            let tx = store.begin().await?;
            let mut closing = closings::lock(&tx, id, known.id).await?;
            if let Some(closing) = closing.as_mut().filter(|it| it.state == known.state) {
                closing.error_code = code;
                closing.save(&tx).await?;
            }
            tx.commit().await?;
        }
        return Ok(Progress::Waits(store.now() + LOOK));
    }
    // What the purges have counted, and what is left beside.
    let mut counts = count(services, id).await?;
    let contacts = counts.mail.contacts;
    for purge in purges.iter().filter(|purge| purge.cause == PurgeCause::Closing) {
        counts.mail = add(counts.mail, purge.counts);
        counts.mailboxes += 1;
    }
    counts.mail.contacts = contacts
        + purges
            .iter()
            .filter(|purge| purge.cause == PurgeCause::Closing)
            .map(|purge| purge.counts.contacts)
            .sum::<i64>();
    let downloaded = rows::list(store, id)
        .await?
        .iter()
        .filter(|parcel| parcel.channel_id.is_none())
        .filter_map(|parcel| parcel.downloaded_at)
        .max();
    let tx = store.begin().await?;
    let locked = closings::lock(&tx, id, known.id).await?;
    let Some(mut closing) = locked.filter(|it| it.state == ClosingState::Countdown) else {
        return Ok(Progress::Goes);
    };
    closing.state = ClosingState::Destroying;
    closing.planned_at = Some(store.now());
    closing.counts = counts;
    closing.downloaded_at = downloaded.or(closing.downloaded_at);
    closing.error_code = None;
    // Before nobody is an owner any more.
    tell_owners(services, &tx, id, Kind::ClosingEnd).await?;
    closing.save(&tx).await?;
    closing_rows::shut(&tx, id).await?;
    tx.commit().await?;
    Ok(Progress::Goes)
}

/// The organization's key dies, and with it everything that hangs on it; the forget-list tells so.
async fn destroy(services: &Services, known: &Closing) -> Result<Progress> {
    let store = services.store();
    let object = Object::new(ObjectKind::Organization, known.organization_id.0);
    let who = Who::System;
    access::record_by(services, known.organization_id, who, Action::DestroyKeys, object).await?;
    forget::destroy_keys(store, &[known.key_id]).await?;
    let tx = store.begin().await?;
    let locked = closings::lock(&tx, known.organization_id, known.id).await?;
    if let Some(mut closing) = locked.filter(|it| it.state == ClosingState::Destroying) {
        closing.state = ClosingState::Deleting;
        closing.keys_destroyed_at = Some(store.now());
        closing.save(&tx).await?;
    }
    tx.commit().await?;
    tracing::info!(closing.id = %known.id, "the keys of a closed organization are destroyed");
    Ok(Progress::Goes)
}

/// Removes the next batch, or ends.
async fn delete(services: &Services, known: &Closing) -> Result<Progress> {
    let store = services.store();
    let id = known.organization_id;
    for parcel in rows::list(store, id).await? {
        parcels::remove(services, &parcel).await?;
    }
    let began = known.planned_at.unwrap_or_else(|| store.now());
    if began + MAIL > store.now() && closing_rows::has_mail(store, id, post::MAIL).await? {
        return Ok(Progress::Waits(store.now() + MAIL_LOOK));
    }
    let tx = store.begin().await?;
    let mut removed = closing_rows::remove_next(&tx, id, BATCH).await?;
    if removed == 0 {
        removed = closing_rows::remove_members(&tx, id, BATCH).await?;
    }
    tx.commit().await?;
    if removed > 0 {
        return Ok(Progress::Goes);
    }
    purge::reclaim(services).await?;
    let mut ended = known.clone();
    ended.state = ClosingState::Done;
    ended.finished_at = Some(store.now());
    let signed = statement::sign(services, &ended).await?;
    let tx = store.begin().await?;
    let locked = closings::lock(&tx, id, known.id).await?;
    if locked.is_none_or(|it| it.state != ClosingState::Deleting) {
        return Ok(Progress::Ended);
    }
    closing_rows::remove_last(&tx, id).await?;
    ended.save(&tx).await?;
    purges::add_statement(&tx, &signed).await?;
    tx.commit().await?;
    tracing::info!(closing.id = %known.id, "a closed organization is deleted");
    Ok(Progress::Ended)
}
