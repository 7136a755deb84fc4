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
//! 5. [`hold_for_newer`], [`resume_channel`]: what other use cases do to entries. What people do
//!    ([`confirm`], [`retry`], and `replies::cancel`) is authorized.
//!
//! The rules themselves (waits, lateness, what may be taken back) are in `domain::delivery`.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Result, ServiceError, Services};
use crate::authz::{Actor, Permission};
use crate::crypto::OpenKey;
use crate::domain::delivery::code;
use crate::domain::ids::{ChannelId, MembershipId, MessageId, OrganizationId, OutboxId, TicketId};
use crate::domain::words::{EventKind, OutboxState};
use crate::store::events::NewEvent;
use crate::store::jobs::NewJob;
use crate::store::outbox::Entry;
use crate::store::tickets::Ticket;
use crate::store::{Scope, StoreError, Tx, jobs, outbox, tickets};

mod begin;
mod record;

pub use begin::{Assignment, SentMail, Step, begin, sent_mail};
pub use record::{record, record_look};

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
            undo_until: (waiting && entry.attempts == 0).then_some(entry.not_before),
            attempts: entry.attempts,
            error: entry.error(key)?,
            code: entry.error_code,
            next_attempt_at: (waiting || retrying).then_some(entry.not_before),
        };
        found.insert(entry.message_id, delivery);
    }
    Ok(found)
}

/// Lets a person send what waits for one: an answer that is late or was overtaken by a newer
/// message, or one that is in doubt (which may then reach the customer twice: they were asked).
pub async fn confirm(services: &Services, actor: &Actor, id: MessageId) -> Result<()> {
    let may = |state| matches!(state, OutboxState::NeedsConfirmation | OutboxState::InDoubt);
    send_now(services, actor, id, may, "not_waiting", "This answer does not wait for anybody.")
        .await
}

/// Tries an answer again that was refused.
pub async fn retry(services: &Services, actor: &Actor, id: MessageId) -> Result<()> {
    let may = |state| matches!(state, OutboxState::Failed | OutboxState::Retrying);
    send_now(services, actor, id, may, "not_failed", "This answer was not refused.").await
}

async fn send_now(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    may: impl Fn(OutboxState) -> bool + Send,
    code: &'static str,
    message: &str,
) -> Result<()> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let (store, now) = (services.store(), services.store().now());
    let known = outbox::find_of_message(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let tx = store.begin().await?;
    let (ticket, mut entry) = lock(&tx, &known).await?;
    if !may(entry.state) {
        return Err(ServiceError::conflict(code, message));
    }
    entry.seen_version = ticket.version;
    entry.confirmed_at = Some(now);
    entry.not_before = now;
    entry.state = if entry.attempts == 0 { OutboxState::Waiting } else { OutboxState::Retrying };
    entry.save(&tx).await?;
    enqueue(&tx, &entry).await?;
    changed(&tx, &entry, Some(actor.membership_id));
    tx.commit().await?;
    Ok(())
}

/// A customer's message has joined the ticket: what has not been handed over yet waits for a
/// person. For intake, in the transaction that adds the message.
pub async fn hold_for_newer(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<(), StoreError> {
    for mut entry in outbox::lock_unsent_of_ticket(tx, organization_id, ticket_id).await? {
        ask(&mut entry, code::NEWER_MESSAGE);
        entry.save(tx).await?;
        jobs::remove(tx, &unique_key(SEND, entry.id)).await?;
        changed(tx, &entry, None);
    }
    Ok(())
}

/// A report of non-delivery about an answer came in: the answer failed after all. For intake, in
/// the transaction that adds the report.
pub async fn mark_bounced(
    tx: &Tx,
    organization_id: OrganizationId,
    message_id: MessageId,
    key: &OpenKey,
    words: &str,
) -> Result<(), StoreError> {
    let scope = Scope::whole(organization_id);
    let Some(found) = outbox::find_of_message(tx.store(), &scope, message_id).await? else {
        return Ok(());
    };
    let Some(mut entry) = outbox::lock(tx, organization_id, found.id).await? else {
        return Ok(());
    };
    if matches!(entry.state, OutboxState::Sent | OutboxState::InDoubt) {
        entry.state = OutboxState::Failed;
        entry.set_error(key, Some(code::BOUNCED), Some(words));
        entry.save(tx).await?;
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

/// Adds the job that sends the entry when it is due.
pub async fn enqueue(tx: &Tx, entry: &Entry) -> Result<(), StoreError> {
    let at = (entry.channel_id, entry.id, entry.not_before);
    add_job(tx, SEND, entry.organization_id, at).await
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
    if !matches!(entry.error_code.as_deref(), Some(code::CONNECTION_LOST | code::INTERRUPTED)) {
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

/// Whether the customer has written since the agent read the ticket.
pub(super) fn is_overtaken(ticket: &Ticket, entry: &Entry) -> bool {
    ticket.inbound_version > entry.seen_version
}

/// The undo window.
pub(super) fn undo(services: &Services) -> TimeDelta {
    TimeDelta::from_std(services.options().undo).unwrap_or(TimeDelta::zero())
}
