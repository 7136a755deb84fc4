//! The outbox: how an answer gets from *waiting* to *sent*, or to a person who decides.
//!
//! 1. [`enqueue`]: the job that sends, in the transaction that makes it due.
//! 2. [`begin`]: a worker asks what is to be done about an entry. To send it, the attempt is
//!    counted and committed first; if nobody says what became of it (the process died), the next
//!    worker finds it *sending* beyond its lease, and it is in doubt: it is never sent again
//!    blindly.
//! 3. The worker talks to the server; no transaction is open meanwhile.
//! 4. [`record()`] and [`record_look`] write down what became of it, if the attempt is still the
//!    worker's own.
//! 5. [`hold_for_newer`], [`reported`], [`resume_channel`]: what other use cases do to entries. What
//!    people do ([`confirm`], [`retry`], [`mark_sent`], and `replies::cancel`) is authorized.
//!
//! The rules themselves (waits, lateness, what may be taken back) are in `domain::delivery`.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Result, ServiceError, Services};
use crate::domain::delivery::{self, code};
use crate::domain::ids::{ChannelId, MembershipId, MessageId, OrganizationId, OutboxId, TicketId};
use crate::domain::words::{EventKind, OutboxState};
use crate::store::events::NewEvent;
use crate::store::jobs::NewJob;
use crate::store::outbox::Entry;
use crate::store::tickets::Ticket;
use crate::store::{Scope, StoreError, Tx, jobs, outbox, tickets};

mod act;
mod begin;
mod record;
mod report;

pub use act::{confirm, mark_sent, retry};
pub use begin::{Assignment, SentMail, Step, begin, renew, sent_mail};
pub use record::{record, record_look};
pub use report::{Report, reported};

/// The kind of job that sends an answer.
pub const SEND: &str = "send_reply";

/// The kind of job that puts a copy into the Sent folder.
pub const APPEND: &str = "append_sent";

/// How far an answer is on its way, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its state.
    pub state: OutboxState,
    /// Until when it can be taken back without a thought.
    pub undo_until: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it is as it is, as a stable word.
    pub code: Option<String>,
    /// The server's own words.
    pub error: Option<String>,
    /// When it will be tried again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Whom it did not reach, by address: only they get it when it is sent again.
    pub bounced: Vec<String>,
    /// Whether it can be made a draft again.
    pub can_cancel: bool,
}

/// How far the answers of a ticket are, by message.
pub async fn deliveries(
    services: &Services,
    scope: &Scope,
    ticket_id: TicketId,
) -> Result<HashMap<MessageId, Delivery>> {
    let store = services.store();
    let entries = outbox::list_of_ticket(store, scope, ticket_id).await?;
    let ids: Vec<_> = entries.iter().map(|entry| entry.message_id).collect();
    let keys = outbox::keys(store, scope.organization_id(), &ids).await?;
    let mut found = HashMap::new();
    for entry in entries {
        // A message whose key was destroyed is being purged.
        let Some(key) = keys.get(&entry.message_id) else { continue };
        let waiting = entry.state == OutboxState::Waiting;
        let retrying = entry.state == OutboxState::Retrying;
        let delivery = Delivery {
            state: entry.state,
            undo_until: (waiting && entry.attempts == 0 && !entry.is_automatic)
                .then_some(entry.not_before),
            attempts: entry.attempts,
            bounced: entry.bounced(key)?.unwrap_or_default(),
            can_cancel: may_cancel(&entry),
            error: entry.error(key)?,
            code: entry.error_code,
            next_attempt_at: (waiting || retrying).then_some(entry.not_before),
        };
        found.insert(entry.message_id, delivery);
    }
    Ok(found)
}

/// A customer's message has joined the ticket: what has not been handed over yet waits for a
/// person. For intake, in the transaction that adds the message.
pub async fn hold_for_newer(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<(), StoreError> {
    for mut entry in outbox::lock_unsent_of_ticket(tx, organization_id, ticket_id).await? {
        if entry.is_automatic {
            continue;
        }
        ask(&mut entry, code::NEWER_MESSAGE);
        entry.save(tx).await?;
        jobs::remove(tx, &unique_key(SEND, entry.id)).await?;
        changed(tx, &entry, None);
    }
    Ok(())
}

/// The channel works again: what waited for that is due. For whoever reconnects or resumes a
/// mailbox, in the transaction that does so.
pub async fn resume_channel(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<(), StoreError> {
    let waited = [code::NEEDS_REAUTHORIZATION, code::SIGN_IN_REFUSED, code::PAUSED].map(Some);
    for mut entry in outbox::lock_unsent_of_channel(tx, organization_id, channel_id).await? {
        if waited.contains(&entry.error_code.as_deref()) {
            entry.not_before = tx.store().now();
            entry.save(tx).await?;
            enqueue(tx, &entry).await?;
            changed(tx, &entry, None);
        }
    }
    Ok(())
}

/// Whether an answer can be taken back: it went nowhere, and what it was is still known.
pub(super) fn may_cancel(entry: &Entry) -> bool {
    entry.can_restore()
        && delivery::may_cancel(entry.state, entry.attempts, entry.error_code.as_deref())
}

/// Adds the job that sends the entry when it is due.
pub async fn enqueue(tx: &Tx, entry: &Entry) -> Result<(), StoreError> {
    let at = (entry.channel_id, entry.id, entry.not_before);
    add_job(tx, SEND, entry.organization_id, at).await
}

/// How long the provider has to put a copy into the Sent folder by itself.
const COPY_AFTER: TimeDelta = TimeDelta::seconds(5);

/// Adds the job that puts a copy into the Sent folder.
pub(super) async fn add_copy_job(tx: &Tx, entry: &Entry) -> Result<(), StoreError> {
    let at = (entry.channel_id, entry.id, tx.store().now() + COPY_AFTER);
    add_job(tx, APPEND, entry.organization_id, at).await
}

pub(super) async fn add_job(
    tx: &Tx,
    kind: &'static str,
    organization_id: OrganizationId,
    (channel_id, id, run_at): (ChannelId, OutboxId, DateTime<Utc>),
) -> Result<(), StoreError> {
    let job = NewJob {
        kind,
        organization_id: Some(organization_id),
        subject_id: Some(channel_id.0),
        payload: serde_json::json!({ "outbox_id": id }),
        unique_key: Some(unique_key(kind, id)),
        run_at,
    };
    jobs::add(tx, job).await
}

pub(super) fn unique_key(kind: &str, id: OutboxId) -> String {
    format!("{kind}:{id}")
}

/// From here on the entry waits for a person.
fn ask(entry: &mut Entry, why: &'static str) {
    entry.state = OutboxState::NeedsConfirmation;
    entry.lease_until = None;
    set_code(entry, why);
}

/// Says why the entry waits; what may have been sent stays marked as that.
fn set_code(entry: &mut Entry, why: &'static str) {
    if !delivery::is_doubtful(entry.error_code.as_deref()) {
        entry.error_code = Some(why.to_owned());
    }
}

/// Tells listeners that the delivery changed.
pub(super) fn changed(tx: &Tx, entry: &Entry, actor: Option<MembershipId>) {
    let kind = EventKind::DeliveryChanged;
    tx.event(
        NewEvent::ticket(entry.organization_id, kind, entry.channel_id, entry.ticket_id)
            .message(entry.message_id)
            .by(actor)
            .data(serde_json::json!({ "state": entry.state.as_str() })),
    );
}

/// Locks the ticket, then the entry: everybody takes them in this order, intake too.
pub(super) async fn lock(tx: &Tx, known: &Entry) -> Result<(Ticket, Entry)> {
    let mut tickets = tickets::lock(tx, known.organization_id, &[known.ticket_id]).await?;
    let ticket = tickets.pop().ok_or(ServiceError::NotFound)?;
    let entry = outbox::lock(tx, known.organization_id, known.id).await?;
    Ok((ticket, entry.ok_or(ServiceError::NotFound)?))
}

/// Whether the customer has written since the agent read the ticket. What nobody wrote is about the
/// first message alone.
pub(super) fn is_overtaken(ticket: &Ticket, entry: &Entry) -> bool {
    !entry.is_automatic && ticket.inbound_version > entry.seen_version
}

/// The undo window.
pub(super) fn undo(services: &Services) -> TimeDelta {
    TimeDelta::from_std(services.options().undo).unwrap_or(TimeDelta::zero())
}
