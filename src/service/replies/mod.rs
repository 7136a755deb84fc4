//! Answers: from what the agent wrote to a mail that waits in the outbox.
//!
//! 1. [`defaults`]: whom an answer goes to, unless the agent says otherwise.
//! 2. [`create`]: reads the conversation, composes the mail ([`write`]) with its final
//!    Message-ID and Date, seals it; then one transaction holds message, files, raw mail,
//!    outbox entry, its job, and the ticket's new status, and the draft is gone. An answer to
//!    something older than the customer's last message is refused: the draft stays.
//! 3. [`open()`]: the same for a letter to a customer who has not written: it makes the ticket.
//! 4. [`cancel`]: undo. Nothing of the answer stays but the draft that it was.
//!
//! A mail that is passed on ([`Mode::Forward`]) takes the message's text and files along (`forward`).
//!
//! What happens in between is in `service::outbox`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::outbox as delivery;
use super::tickets::check_whole;
use super::{Result, ServiceError, Services, drafts, uploads};
use crate::authz::{Actor, Permission};
use crate::crypto::OpenKey;
use crate::domain::desk::DraftKind;
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, OutboxId, TicketId};
use crate::domain::words::{EventKind, Status};
use crate::store::drafts::Content;
use crate::store::events::NewEvent;
use crate::store::messages::references::{self, Reference};
use crate::store::messages::{self, NewMessage, attachments};
use crate::store::outbox::{Leftover, NewEntry, Restore, TicketBefore};
use crate::store::tickets::{self, Change, Ticket, participants};
use crate::store::{Store, Tx, contacts, keys, outbox, raw};

mod cancel;
mod conversation;
mod defaults;
mod forward;
mod open;
pub(in crate::service) mod write;

pub use cancel::cancel;
pub use defaults::{Defaults, Mode, defaults, defaults_of};
pub use open::{NewLetter, open};

use conversation::Conversation;
use write::Written;

/// An answer to a customer.
#[derive(Debug, Clone)]
pub struct ReplyRequest {
    /// The ticket's number.
    pub number: i64,
    /// Whom it goes to, where `content.to` is empty.
    pub mode: Mode,
    /// What the agent wrote, to whom, with which files.
    pub content: Content,
    /// The status of the ticket afterwards: pending, open or closed; as it is when not given.
    pub then: Option<Status>,
    /// The ticket sleeps until then, unless the customer answers.
    pub snooze_until: Option<DateTime<Utc>>,
    /// The version of the ticket that the agent has read.
    pub seen_version: i32,
    /// The same key of the same member makes the same answer, once.
    pub idempotency_key: Option<String>,
}

/// Puts an answer into the outbox; it leaves after the undo window. Returns its message.
pub async fn create(
    services: &Services,
    actor: &Actor,
    request: ReplyRequest,
) -> Result<MessageId> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    check(&request)?;
    let store = services.store();
    if request.snooze_until.is_some_and(|until| until <= store.now()) {
        return Err(ServiceError::invalid("snooze_until", "Choose a time that is yet to come."));
    }
    let organization_id = actor.organization_id;
    let ticket = tickets::find_by_number(store, &scope, request.number).await?;
    let ticket = ticket.ok_or(ServiceError::NotFound)?;
    let organization_key = keys::of_organization(store, organization_id).await?;
    let id = entry_id(store, &organization_key, actor, request.idempotency_key.as_deref());
    if let Some(known) = outbox::find(store, organization_id, id).await? {
        return repeated(known.ticket_id, ticket.id, known.message_id);
    }
    check_whole(services, &ticket).await?;
    let conversation = Conversation::load(services, &scope, &ticket).await?;
    check_seen(&ticket, request.seen_version)?;
    let kind = draft_kind(&request.content);
    let draft = drafts::find_id(services, actor, &ticket, kind).await?;
    let written = write::write(services, actor, &scope, &conversation, (request, draft)).await?;
    let leftover = written.leftover();
    let made = store_answer(services, actor, &organization_key, id, &conversation, written).await;
    match made {
        Ok(message_id) => Ok(message_id),
        Err(error) => {
            uploads::clear(services, leftover).await;
            // The same request, sent twice at once: the other one was first.
            match outbox::find(store, organization_id, id).await? {
                Some(known) => repeated(known.ticket_id, ticket.id, known.message_id),
                None => Err(error),
            }
        }
    }
}

fn check(request: &ReplyRequest) -> Result<()> {
    drafts::check(&request.content)?;
    check_then(request.then)?;
    if request.mode == Mode::Forward {
        if request.content.forwarded.is_none() {
            return Err(ServiceError::invalid("forwarded", "Say which message is passed on."));
        }
        return Ok(());
    }
    if request.content.forwarded.is_some() {
        return Err(ServiceError::invalid("mode", "Only a forward passes a message on."));
    }
    if request.content.text.trim().is_empty() && request.content.attachment_ids.is_empty() {
        return Err(ServiceError::invalid("text", "An answer needs a text or a file."));
    }
    Ok(())
}

fn check_then(then: Option<Status>) -> Result<()> {
    let may = [None, Some(Status::Pending), Some(Status::Open), Some(Status::Closed)];
    if may.contains(&then) {
        Ok(())
    } else {
        Err(ServiceError::invalid("then", "An answer sets pending, open or closed."))
    }
}

/// What the draft of this content is of.
fn draft_kind(content: &Content) -> DraftKind {
    if content.forwarded.is_some() { DraftKind::Forward } else { DraftKind::Answer }
}

/// Whether the agent has seen what was said last. A change of status or assignee says nothing.
fn check_seen(ticket: &Ticket, seen_version: i32) -> Result<()> {
    if ticket.inbound_version > seen_version {
        return Err(newer_message());
    }
    if ticket.talk_version > seen_version {
        return Err(ServiceError::conflict(
            "unseen_message",
            "There is a newer note or answer in this ticket. Read it first; your answer is kept.",
        ));
    }
    Ok(())
}

fn newer_message() -> ServiceError {
    ServiceError::conflict(
        "newer_message",
        "The customer has written again. Read their message first; your answer is kept.",
    )
}

fn repeated(of: TicketId, asked: TicketId, message: MessageId) -> Result<MessageId> {
    if of == asked {
        Ok(message)
    } else {
        Err(ServiceError::conflict("idempotency_key_used", "This key was used for another answer."))
    }
}

/// With an idempotency key the id is made of it, so that the database itself refuses a second.
fn entry_id(
    store: &Store,
    organization_key: &OpenKey,
    actor: &Actor,
    idempotency_key: Option<&str>,
) -> OutboxId {
    let Some(key) = idempotency_key else { return OutboxId(store.new_id()) };
    let mut data = actor.membership_id.0.as_bytes().to_vec();
    data.extend_from_slice(key.as_bytes());
    let mac = organization_key.mac("outbox.idempotency", &data);
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(mac) {
        *to = from;
    }
    OutboxId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// One transaction: all of the answer, or nothing.
async fn store_answer(
    services: &Services,
    actor: &Actor,
    organization_key: &OpenKey,
    id: OutboxId,
    conversation: &Conversation,
    written: Written,
) -> Result<MessageId> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let channel_id = conversation.mailbox.channel_id;
    let ticket_key = store.keyring().get(conversation.ticket.key_id).await?;
    let message_id = written.message.id;

    let tx = store.begin().await?;
    let ticket = tickets::lock(&tx, organization_id, &[conversation.ticket.id]).await?.pop();
    let ticket = ticket.ok_or(ServiceError::NotFound)?;
    check_whole(services, &ticket).await?;
    check_seen(&ticket, written.seen_version)?;
    let keys = (organization_key, &conversation.channel_key, &ticket_key);
    let kind = draft_kind(&written.content);
    add_answer(&tx, services, actor, (&ticket, channel_id, id), keys, written).await?;
    crate::store::drafts::remove(&tx, drafts::owner(actor, &ticket, kind)).await?;
    tx.commit().await?;
    Ok(message_id)
}

/// Adds the answer to its ticket, which the transaction holds.
async fn add_answer(
    tx: &Tx,
    services: &Services,
    actor: &Actor,
    (ticket, channel_id, id): (&Ticket, ChannelId, OutboxId),
    (organization_key, channel_key, ticket_key): (&OpenKey, &OpenKey, &OpenKey),
    written: Written,
) -> Result<()> {
    let organization_id = actor.organization_id;
    let message_id = written.message.id;
    let key = written.message.key.clone();
    let then = written.then.unwrap_or(ticket.state.status);
    let restore =
        Restore { draft: written.content.clone(), status_after: then, before: before(ticket) };
    let blinds = people(organization_key, &written);
    let references = reference_rows(channel_key, ticket.id, &written.message);
    messages::add(tx, organization_id, std::slice::from_ref(&written.message)).await?;
    attachments::add(tx, organization_id, channel_id, &written.files).await?;
    let people = blinds.into_iter().map(|blind| (ticket.id, blind));
    participants::add(tx, organization_id, people).await?;
    references::add(tx, organization_id, channel_id, references).await?;
    let version = change_ticket(tx, actor, ticket, ticket_key, (then, &written)).await?;
    raw::add(tx, organization_id, channel_id, vec![written.raw]).await?;
    let not_before = written.message.at + delivery::undo(services);
    let entry = NewEntry {
        id,
        channel_id,
        ticket_id: ticket.id,
        message_id,
        not_before,
        seen_version: version,
        restore: Some(&restore),
        is_automatic: false,
    };
    outbox::add(tx, organization_id, &key, &entry).await?;
    delivery::add_job(tx, delivery::SEND, organization_id, (channel_id, id, not_before)).await?;
    let ids = &written.content.attachment_ids;
    crate::store::uploads::hold(tx, organization_id, ids, id.0).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::MessageAdded, channel_id, ticket.id)
            .message(message_id)
            .by(Some(actor.membership_id)),
    );
    Ok(())
}

fn before(ticket: &Ticket) -> TicketBefore {
    TicketBefore {
        status: ticket.state.status,
        waiting_since: ticket.state.waiting_since,
        closed_at: ticket.state.closed_at,
        last_message_at: ticket.state.last_message_at,
        snippet: ticket.snippet.clone(),
        has_attachment: ticket.state.has_attachment,
        snoozed_until: ticket.state.snoozed_until,
    }
}

async fn change_ticket(
    tx: &Tx,
    actor: &Actor,
    ticket: &Ticket,
    key: &OpenKey,
    (then, written): (Status, &Written),
) -> Result<i32> {
    // The message's own moment: by it undo knows whether the answer is still the last message.
    let now = written.message.at;
    let mut state = ticket.state.clone();
    if then != state.status {
        state.set_status(then, now);
    }
    // Whom a mail is passed on to is not the customer, who waits as before.
    if written.content.forwarded.is_none() {
        state.waiting_since = None;
    }
    state.snoozed_until = written.snooze_until.or(state.snoozed_until);
    state.message_count += 1;
    state.has_attachment |= !written.files.is_empty();
    state.last_message_at = now;
    let snippet = Some(written.snippet.as_str()).filter(|snippet| !snippet.is_empty());
    let change = Change { version: ticket.version, state: &state, snippet, customer: None };
    let version = tickets::update(tx, actor.organization_id, ticket.id, key, &change).await?;
    if ticket.state.status != then {
        status_event(tx, actor, ticket, then);
    }
    Ok(version)
}

fn status_event(tx: &Tx, actor: &Actor, ticket: &Ticket, to: Status) {
    let kind = EventKind::TicketUpdated;
    let from = ticket.state.status;
    tx.event(
        NewEvent::ticket(actor.organization_id, kind, ticket.state.channel_id, ticket.id)
            .by(Some(actor.membership_id))
            .data(serde_json::json!({ "status": to.as_str(), "status_before": from.as_str() })),
    );
}

/// Whoever is written to may answer: their mail joins the ticket.
fn people(organization_key: &OpenKey, written: &Written) -> Vec<Vec<u8>> {
    let head = &written.message.envelope;
    head.to
        .iter()
        .chain(&head.cc)
        .chain(&head.bcc)
        .map(|party| contacts::address_blind(organization_key, &party.address))
        .collect()
}

/// By what a mail of ours is found again.
pub(in crate::service) fn reference_rows(
    key: &OpenKey,
    ticket_id: TicketId,
    message: &NewMessage,
) -> Vec<Reference> {
    let head = &message.envelope;
    let row = |id: &String, own| Reference {
        blind: references::blind(key, id),
        message_id: message.id,
        ticket_id,
        own,
    };
    let own = head.message_id.iter().map(|id| row(id, true));
    own.chain(head.references.iter().map(|id| row(id, false))).collect()
}

impl Written {
    /// What would be left over if the answer were not stored.
    fn leftover(&self) -> Leftover {
        Leftover {
            keys: vec![self.message.key.id()],
            objects: self.raw.object_name.iter().cloned().collect(),
        }
    }
}

/// The Message-ID's key, token and domain: what makes the customer's reply find its ticket.
pub(in crate::service) fn message_id(
    channel_key: &OpenKey,
    ticket: TicketId,
    message: Uuid,
    address: &str,
) -> String {
    let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let key = super::threading::token_key(channel_key);
    crate::mail::token::mint(&key, ticket.0, message, domain)
}

/// The organization's time zone, for the date above a quote.
async fn time_zone(store: &Store, id: OrganizationId) -> Result<chrono_tz::Tz> {
    let organization = crate::store::organizations::find(store, id).await?;
    let name = organization.map(|organization| organization.time_zone).unwrap_or_default();
    Ok(name.parse().unwrap_or(chrono_tz::UTC))
}
