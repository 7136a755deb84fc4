//! What happens by itself when a ticket's time comes: a snooze ends, and what is to be deleted for
//! good goes. One job for all: it is due when the next of them is.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::deletion;
use crate::domain::words::{EventKind, Status};
use crate::service::{Result, Services};
use crate::store::events::NewEvent;
use crate::store::jobs::{self, NewJob};
use crate::store::tickets::due::Of;
use crate::store::tickets::{self, due};
use crate::store::{StoreError, Tx};

/// The kind of job that does it.
pub const KIND: &str = "tend_tickets";

/// It looks at least so often.
const EVERY: TimeDelta = TimeDelta::hours(1);

/// Tickets that are looked for at once.
const BATCH: u64 = 50;

fn job(run_at: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: KIND,
        organization_id: None,
        subject_id: None,
        payload: json!({}),
        unique_key: Some(KIND.to_owned()),
        run_at,
    }
}

/// Puts the job into the queue, unless it is there.
pub async fn schedule(services: &Services) -> Result<()> {
    let tx = services.store().begin().await?;
    jobs::add_once(&tx, job(services.store().now())).await?;
    tx.commit().await?;
    Ok(())
}

/// The job is to run at the first of these times, if not earlier.
pub(super) async fn order(
    tx: &Tx,
    times: impl IntoIterator<Item = Option<DateTime<Utc>>>,
) -> Result<(), StoreError> {
    match times.into_iter().flatten().min() {
        Some(at) => jobs::add(tx, job(at)).await,
        None => Ok(()),
    }
}

/// Does what is due; when to look again.
pub async fn run(services: &Services) -> Result<DateTime<Utc>> {
    let store = services.store();
    loop {
        let found = due::to_wake(store, store.now(), BATCH).await?;
        for of in &found {
            wake(services, *of).await?;
        }
        if found.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            break;
        }
    }
    // One that a hold keeps is let off, so that each look finds others.
    loop {
        let found = due::to_delete(store, store.now(), BATCH).await?;
        for of in &found {
            deletion::carry_out(services, *of).await?;
        }
        if found.is_empty() {
            break;
        }
    }
    let latest = store.now() + EVERY;
    Ok(due::next(store).await?.map_or(latest, |at| at.min(latest)))
}

/// The ticket is open again, and new to whoever works on it.
async fn wake(services: &Services, (organization_id, id): Of) -> Result<()> {
    let store = services.store();
    let tx = store.begin().await?;
    let Some(ticket) = tickets::lock_states(&tx, organization_id, &[id]).await?.pop() else {
        return Ok(());
    };
    let now = store.now();
    let mut state = ticket.state.clone();
    if state.snoozed_until.is_none_or(|until| until > now) {
        return Ok(());
    }
    state.set_status(Status::Open, now);
    state.snoozed_until = None;
    tickets::update_state(&tx, organization_id, id, ticket.version, &state).await?;
    if let Some(assignee) = state.assignee_id {
        tickets::mark_unseen(&tx, organization_id, id, assignee).await?;
    }
    tx.event(
        NewEvent::ticket(organization_id, EventKind::TicketUpdated, state.channel_id, id)
            .data(json!({ "woke": true, "snoozed_until_before": ticket.state.snoozed_until })),
    );
    tx.commit().await?;
    Ok(())
}
