//! What became of an attempt.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Assignment, ask, changed};
use crate::domain::delivery::{self, code};
use crate::domain::words::{ChannelState, OutboxState};
use crate::queue::backoff;
use crate::service::outgoing::{SendOutcome, SentCopy};
use crate::service::{Result, Services, alarm};
use crate::store::channels::{self, StateChange};
use crate::store::outbox::Entry;
use crate::store::tickets::Ticket;
use crate::store::{Tx, keys};
use crate::telemetry::name;

/// How often an answer looks whether its mailbox was reconnected, beside being told.
const REAUTHORIZATION_WAIT: TimeDelta = TimeDelta::minutes(15);

/// How long until the Sent folder is looked at again that could not be read.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// Writes down what became of the attempt. Returns when the entry is to be looked at again.
pub async fn record(
    services: &Services,
    assignment: &Assignment,
    outcome: SendOutcome,
) -> Result<Option<DateTime<Utc>>> {
    let store = services.store();
    let now = store.now();
    let tx = store.begin().await?;
    let Some((ticket, mut entry)) = own(&tx, assignment).await? else { return Ok(None) };
    metrics::counter!(name::ATTEMPTS, "outcome" => word(&outcome)).increment(1);
    let key = &assignment.key;
    entry.lease_until = None;
    let mut again = None;
    match outcome {
        SendOutcome::Sent => sent(&tx, assignment, &mut entry).await?,
        SendOutcome::Retry { code, words } => {
            let wait = delivery::retry_after(entry.attempts);
            let wait = backoff::jitter(wait, &**store.ids());
            entry.set_error(key, Some(code), words.as_deref());
            again = postpone(&ticket, &mut entry, now + wait);
        }
        SendOutcome::Failed { words } => {
            entry.state = OutboxState::Failed;
            entry.set_error(key, Some(code::REFUSED), Some(&words));
        }
        SendOutcome::InDoubt => {
            entry.state = OutboxState::InDoubt;
            // Whatever becomes of it, it may be in somebody's mailbox: it is never taken back.
            entry.forget_restore();
            entry.set_error(key, Some(code::CONNECTION_LOST), None);
            again = delivery::look_at(since(&entry, now), now);
        }
        SendOutcome::NeedsReauthorization { words } => {
            entry.set_error(key, Some(code::NEEDS_REAUTHORIZATION), words.as_deref());
            again = postpone(&ticket, &mut entry, now + REAUTHORIZATION_WAIT);
            block_mailbox(&tx, &entry, words.as_deref()).await?;
        }
    }
    entry.save(&tx).await?;
    changed(&tx, &entry, None);
    tx.commit().await?;
    Ok(again)
}

/// The outcome's label.
const fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Sent => "sent",
        SendOutcome::Retry { .. } => "retry",
        SendOutcome::Failed { .. } => "failed",
        SendOutcome::InDoubt => "in_doubt",
        SendOutcome::NeedsReauthorization { .. } => "needs_reauthorization",
    }
}

/// Writes down what the Sent folder says of an answer that is in doubt. Returns when the entry
/// is to be looked at again.
pub async fn record_look(
    services: &Services,
    assignment: &Assignment,
    copy: SentCopy,
) -> Result<Option<DateTime<Utc>>> {
    let store = services.store();
    let now = store.now();
    let tx = store.begin().await?;
    let Some((ticket, mut entry)) = own(&tx, assignment).await? else { return Ok(None) };
    if entry.state != OutboxState::InDoubt {
        return Ok(None);
    }
    let next = delivery::look_at(since(&entry, now), now);
    match copy {
        // The copy of what was sent before, to others, says nothing.
        _ if entry.has_bounced() => return Ok(None),
        SentCopy::Found => sent(&tx, assignment, &mut entry).await?,
        // A copy may still appear; if none does, only a person can know.
        SentCopy::Unknown => return Ok(next),
        SentCopy::Unreachable => return Ok(Some(next.unwrap_or(now + LOOK_AGAIN))),
        SentCopy::NotFound => {
            if let Some(next) = next {
                return Ok(Some(next));
            }
            // The provider keeps a copy of all that it sends, and has none: it was not sent.
            let again = postpone(&ticket, &mut entry, now);
            entry.save(&tx).await?;
            changed(&tx, &entry, None);
            tx.commit().await?;
            return Ok(again);
        }
    }
    entry.save(&tx).await?;
    changed(&tx, &entry, None);
    tx.commit().await?;
    Ok(None)
}

/// The entry, if the attempt that it tells of is still the worker's own.
async fn own(tx: &Tx, assignment: &Assignment) -> Result<Option<(Ticket, Entry)>> {
    let known = &assignment.entry;
    let (ticket, entry) = super::lock(tx, known).await?;
    let is_open = matches!(entry.state, OutboxState::Sending | OutboxState::InDoubt);
    let is_own = entry.attempts == known.attempts;
    if !(is_open && is_own) {
        tracing::warn!(outbox.id = %entry.id, "outbox: an attempt ended that was given up before");
    }
    Ok((is_open && is_own).then_some((ticket, entry)))
}

async fn sent(tx: &Tx, assignment: &Assignment, entry: &mut Entry) -> Result<()> {
    entry.state = OutboxState::Sent;
    entry.sent_at = Some(tx.store().now());
    let is_new = !entry.has_bounced();
    entry.clear_trouble();
    // What is sent again has its copy.
    if assignment.append_copy && is_new {
        super::add_copy_job(tx, entry).await?;
    }
    Ok(())
}

/// Tries again at `at`, unless the customer has written meanwhile.
fn postpone(ticket: &Ticket, entry: &mut Entry, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if super::is_overtaken(ticket, entry) {
        ask(entry, code::NEWER_MESSAGE);
        return None;
    }
    entry.state = OutboxState::Retrying;
    entry.not_before = at;
    Some(at)
}

/// Since when an entry is in doubt.
fn since(entry: &Entry, now: DateTime<Utc>) -> DateTime<Utc> {
    entry.last_attempt_at.unwrap_or(now)
}

async fn block_mailbox(tx: &Tx, entry: &Entry, words: Option<&str>) -> Result<()> {
    let key = keys::of_channel(tx.store(), entry.organization_id, entry.channel_id).await?;
    let change = StateChange {
        state: ChannelState::NeedsReauthorization,
        code: Some("sign_in_refused"),
        detail: words,
    };
    channels::set_state(tx, &key, entry.organization_id, entry.channel_id, &change).await?;
    Ok(alarm::raise(tx).await?)
}
