//! A letter to a customer who has not written: the ticket begins with it.

use super::conversation::Conversation;
use super::write::{self, Written};
use super::{Mode, ReplyRequest, add_answer, check_then, entry_id, uploads};
use crate::authz::{Actor, Permission};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, ContactId, MessageId, OutboxId, TicketId};
use crate::domain::words::{EventKind, Priority, Status};
use crate::mail::Address;
use crate::mail::compose::on_the_wire;
use crate::service::{Result, ServiceError, Services, drafts, letters};
use crate::store::contacts::{self, NewContact};
use crate::store::drafts::Content;
use crate::store::events::NewEvent;
use crate::store::tickets::{self, Customer, NewTicket, Ticket, TicketState};
use crate::store::{StoreError, keys, letters as store_letters, organizations, outbox};

/// The longest subject, in characters.
const MAX_SUBJECT: usize = 200;

/// A letter to a customer.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The mailbox that it goes out by.
    pub channel_id: ChannelId,
    /// What it says, to whom. The first recipient is the customer.
    pub content: Content,
    /// The status of the ticket afterwards: pending, open or closed.
    pub then: Status,
    /// The same key of the same member makes the same ticket, once.
    pub idempotency_key: Option<String>,
}

/// Makes a ticket of a letter and puts the letter into the outbox. Returns its message.
pub async fn open(services: &Services, actor: &Actor, letter: NewLetter) -> Result<MessageId> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    check_then(Some(letter.then))?;
    drafts::check(&letter.content)?;
    if !scope.reaches(letter.channel_id) {
        return Err(ServiceError::invalid("mailbox_id", "You do not belong to this mailbox."));
    }
    let customer = check(&letter.content)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let organization_key = keys::of_organization(store, organization_id).await?;
    let id = entry_id(store, &organization_key, actor, letter.idempotency_key.as_deref());
    if let Some(known) = outbox::find(store, organization_id, id).await? {
        return Ok(known.message_id);
    }
    let owner = letters::owner(actor);
    let draft = store_letters::find(store, owner).await?;
    let made = prepare(services, actor, &organization_key, &letter, customer).await?;
    let request = ReplyRequest {
        snooze_until: None,
        number: 0,
        mode: Mode::Reply,
        content: letter.content,
        then: Some(letter.then),
        seen_version: 1,
        idempotency_key: None,
    };
    let draft_id = draft.as_ref().map(|draft| draft.id);
    let conversation = &made.conversation;
    let written = write::write(services, actor, &scope, conversation, (request, draft_id)).await?;
    let mut leftover = written.leftover();
    leftover.keys.push(made.ticket_key.id());
    leftover.keys.extend(made.contact.as_ref().map(|contact| contact.key.id()));
    let done = store_letter(services, actor, &organization_key, id, &made, written, draft_id).await;
    match done {
        Ok(message_id) => {
            let spent: Vec<_> = draft.map(|draft| draft.key_id).into_iter().collect();
            uploads::clear(services, letters::spent(spent)).await;
            Ok(message_id)
        }
        Err(error) => {
            uploads::clear(services, leftover).await;
            // The same request, sent twice at once: the other one was first.
            match outbox::find(store, organization_id, id).await? {
                Some(known) => Ok(known.message_id),
                None => Err(error),
            }
        }
    }
}

fn check(content: &Content) -> Result<Customer> {
    let subject = content.subject.as_deref().unwrap_or_default().trim();
    if subject.is_empty() {
        return Err(ServiceError::invalid("subject", "Write a subject."));
    }
    if subject.chars().count() > MAX_SUBJECT || subject.chars().any(char::is_control) {
        return Err(ServiceError::invalid(
            "subject",
            format!("Write one line of at most {MAX_SUBJECT} characters."),
        ));
    }
    if content.text.trim().is_empty() && content.attachment_ids.is_empty() {
        return Err(ServiceError::invalid("text", "A mail needs a text or a file."));
    }
    let wrong = || ServiceError::invalid("to", "Say whom the mail goes to.");
    let first = content.to.first().ok_or_else(wrong)?;
    let address = Address { name: first.name.clone(), address: first.address.trim().to_owned() };
    let wire = on_the_wire(&address).ok_or_else(|| {
        ServiceError::invalid("to", "The first of these is no e-mail address that can be used.")
    })?;
    Ok(Customer { name: wire.name.filter(|name| !name.trim().is_empty()), address: wire.address })
}

/// What is made before the transaction: the ticket as it will be, its key, and a new contact.
struct Made {
    conversation: Conversation,
    ticket_key: OpenKey,
    contact: Option<NewContact>,
}

async fn prepare(
    services: &Services,
    actor: &Actor,
    organization_key: &OpenKey,
    letter: &NewLetter,
    customer: Customer,
) -> Result<Made> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let blind = contacts::address_blind(organization_key, &customer.address);
    let known = contacts::find_by_blinds(store, organization_id, std::slice::from_ref(&blind));
    let known = known.await?.remove(&blind);
    if known.is_some_and(|id| actor.hidden.contains(&id)) {
        return Err(ServiceError::invalid("to", "Nothing can be sent to this person now."));
    }
    let channel_key = keys::of_channel(store, organization_id, letter.channel_id).await?;
    let key_id = store.new_id();
    let now = store.now();
    let contact_id = known.unwrap_or_else(|| ContactId(store.new_id()));
    let ticket = Ticket {
        organization_id,
        id: TicketId(store.new_id()),
        number: 0,
        key_id,
        state: TicketState {
            channel_id: letter.channel_id,
            contact_id: Some(contact_id),
            status: Status::Open,
            status_before: None,
            priority: Priority::Normal,
            delete_at: None,
            assignee_id: Some(actor.membership_id),
            team_id: None,
            message_count: 0,
            has_attachment: false,
            is_history: false,
            waiting_since: None,
            last_inbound_at: None,
            last_message_at: now,
            closed_at: None,
            snoozed_until: None,
            merged_into_id: None,
            related_to_id: None,
            replaced_contact_id: None,
        },
        subject: letter.content.subject.as_deref().unwrap_or_default().trim().to_owned(),
        snippet: String::new(),
        customer: customer.clone(),
        version: 1,
        inbound_version: 1,
        talk_version: 1,
        created_at: now,
        exemption: None,
        anonymized_at: None,
    };
    // Refused before any key is made, when the mailbox is no longer there.
    let conversation = Conversation::with(services, &ticket, None).await?;
    let keyring = store.keyring();
    let channel = Some(letter.channel_id.0);
    let ticket_key = keyring
        .create_many(KeyKind::Content, &channel_key, channel, &[key_id])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    let contact = match known {
        Some(_) => None,
        None => Some(NewContact {
            id: contact_id,
            key: keyring
                .create(KeyKind::Profile, organization_id.0, Some(organization_key), None)
                .await?,
            name: customer.name,
            address: customer.address,
            address_blind: blind,
            channel_id: letter.channel_id,
        }),
    };
    Ok(Made { conversation, ticket_key, contact })
}

/// One transaction: contact, ticket, answer and outbox entry, and the letter's draft is gone.
async fn store_letter(
    services: &Services,
    actor: &Actor,
    organization_key: &OpenKey,
    id: OutboxId,
    made: &Made,
    written: Written,
    draft_id: Option<uuid::Uuid>,
) -> Result<MessageId> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let Made { conversation, ticket_key, contact } = made;
    let planned = &conversation.ticket;
    let channel_id = conversation.mailbox.channel_id;
    let message_id = written.message.id;
    let tx = store.begin().await?;
    if let Some(contact) = contact {
        contacts::add(&tx, organization_id, std::slice::from_ref(contact)).await?;
    }
    let number = organizations::take_ticket_numbers(&tx, organization_id, 1).await?;
    let new = NewTicket {
        id: planned.id,
        number,
        key: ticket_key.clone(),
        state: planned.state.clone(),
        subject: &planned.subject,
        snippet: "",
        customer: &planned.customer,
        created_at: planned.created_at,
    };
    tickets::add(&tx, organization_id, &[new]).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::TicketCreated, channel_id, planned.id)
            .by(Some(actor.membership_id)),
    );
    let ticket = tickets::lock(&tx, organization_id, &[planned.id]).await?.pop();
    let ticket = ticket.ok_or(StoreError::Stale)?;
    let keys = (organization_key, &conversation.channel_key, ticket_key);
    add_answer(&tx, services, actor, (&ticket, channel_id, id), keys, written).await?;
    if let Some(draft) = draft_id {
        store_letters::remove(&tx, organization_id, draft).await?;
    }
    tx.commit().await?;
    Ok(message_id)
}
