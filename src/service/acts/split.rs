//! A message becomes a ticket of its own: of the same mailbox that it came by, and of whoever wrote
//! it. Mail that answers it goes there from then on.

use serde_json::json;

use super::{Changed, begin, by_act, held, is_held, tell};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ActId, MessageId, TicketId};
use crate::domain::words::{ActKind, EventKind, MessageKind, Priority, Status};
use crate::service::access::{self, Object};
use crate::service::tickets::{Summary, summarize};
use crate::service::{Result, ServiceError, Services};
use crate::store::acts::{self, Moved, Trace};
use crate::store::events::NewEvent;
use crate::store::messages::{self, Envelope, Message, attachments, moves};
use crate::store::outbox as entries;
use crate::store::tickets::{self, Change, Customer, NewTicket, Ticket, TicketState, participants};
use crate::store::{Scope, contacts, keys, mailboxes, organizations};

/// Characters of a snippet.
const SNIPPET: usize = 160;

/// Makes a ticket of a message, which is returned.
pub async fn split(services: &Services, actor: &Actor, id: MessageId) -> Result<Changed> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let message = messages::find(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let ticket = tickets::find(store, &scope, message.ticket_id).await?;
    let ticket = ticket.ok_or(ServiceError::NotFound)?;
    let all = messages::list(store, &Scope::whole(organization_id), ticket.id).await?;
    may_split(services, &ticket, &message, &all).await?;
    let staying: Vec<Message> = all.into_iter().filter(|other| other.id != id).collect();
    let mut remaining = ticket.state.clone();
    let snippet = settle(services, &mut remaining, &staying).await?;
    let made = new_state(services, &ticket, &message).await?;
    let old_key = store.keyring().get(ticket.key_id).await?;
    let new_key = key_of(services, &message).await?;
    let people = people(services, &message).await?;
    let customer = customer(&ticket, &message);

    let object = |id: TicketId| Object::of(ticket.state.channel_id, ObjectKind::Ticket, id.0);
    let new_id = TicketId(store.new_id());
    let record =
        [(Action::ChangeTicket, object(ticket.id)), (Action::ChangeTicket, object(new_id))];
    access::record_all(services, actor, &record).await?;
    let tx = store.begin().await?;
    let waiting = entries::lock_unsent_of_ticket(&tx, organization_id, ticket.id).await?;
    if waiting.iter().any(|entry| entry.message_id == id) {
        return Err(ServiceError::conflict(
            "answer_waits",
            "This answer is still on its way. Try again once it has left.",
        ));
    }
    let change = Change {
        version: ticket.version,
        state: &remaining,
        snippet: Some(snippet.as_str()),
        customer: None,
    };
    tickets::update(&tx, organization_id, ticket.id, &old_key, &change).await?;
    let number = organizations::take_ticket_numbers(&tx, organization_id, 1).await?;
    let new = NewTicket {
        id: new_id,
        number,
        key: new_key,
        state: made.clone(),
        subject: &message.envelope.subject,
        snippet: &beginning(&message.text),
        customer: &customer,
        created_at: message.at,
    };
    tickets::add(&tx, organization_id, &[new]).await?;
    moves::move_these(&tx, organization_id, ticket.id, new_id, &[id]).await?;
    participants::add(&tx, organization_id, people.into_iter().map(|who| (new_id, who))).await?;
    let act = ActId(store.new_id());
    begin(&tx, actor, act, ActKind::Split).await?;
    let moved = Moved { into: new_id, messages: vec![id], related: Vec::new() };
    let trace = Trace { moved: Some(moved), ..Trace::default() };
    acts::add_tickets(&tx, organization_id, act, &[(ticket.id, trace)]).await?;
    let kind = EventKind::TicketCreated;
    tx.event(NewEvent::ticket(organization_id, kind, made.channel_id, new_id));
    for (id, state) in [(ticket.id, &remaining), (new_id, &made)] {
        let mut data = serde_json::Map::new();
        data.insert("split".to_owned(), json!(new_id));
        data.insert("split_from".to_owned(), json!(ticket.id));
        tell(&tx, actor, id, state, by_act(data, act, ActKind::Split));
    }
    tx.commit().await?;
    let made = tickets::find(store, &scope, new_id).await?.ok_or(ServiceError::NotFound)?;
    let summary: Option<Summary> = summarize(services, actor, vec![made]).await?.pop();
    Ok(Changed { summary: summary.ok_or(ServiceError::NotFound)?, act: Some(act) })
}

async fn may_split(
    services: &Services,
    ticket: &Ticket,
    message: &Message,
    all: &[Message],
) -> Result<()> {
    let is_mail =
        |other: &&Message| matches!(other.kind, MessageKind::Inbound | MessageKind::Outbound);
    if !is_mail(&message) {
        return Err(ServiceError::conflict(
            "not_mail",
            "Only what came from or went to a customer becomes a ticket of its own.",
        ));
    }
    if all.iter().filter(is_mail).count() < 2 {
        return Err(ServiceError::conflict(
            "only_message",
            "This is the only message of its ticket: there is nothing to split it from.",
        ));
    }
    if held(services, ticket.organization_id, ticket.id, &ticket.state).await?.by_name {
        return Err(is_held());
    }
    let store = services.store();
    for channel in [ticket.state.channel_id, message.channel_id] {
        if mailboxes::find(store, ticket.organization_id, channel).await?.is_none() {
            return Err(ServiceError::conflict(
                "mailbox_disconnected",
                "This mailbox is no longer connected: its data has an end of its own.",
            ));
        }
    }
    Ok(())
}

/// Puts right what a state counts, when these are its messages; returns the snippet.
pub(super) async fn settle(
    services: &Services,
    state: &mut TicketState,
    messages: &[Message],
) -> Result<String> {
    // What a mailbox answered by itself is nobody's word, and counts for none.
    let is_own = |message: &Message| message.kind == MessageKind::Outbound && message.is_auto;
    let counted = messages.iter().filter(|message| !is_own(message)).count();
    state.message_count = i32::try_from(counted).unwrap_or(i32::MAX);
    state.has_attachment = has_files(services, messages).await?;
    let is_customers = |message: &&Message| {
        message.kind == MessageKind::Inbound && !message.is_auto && !message.is_bounce
    };
    state.last_inbound_at = messages.iter().filter(is_customers).map(|message| message.at).max();
    let of_mail = |message: &&Message| message.kind != MessageKind::Note && !is_own(message);
    let last = messages.iter().filter(of_mail).max_by_key(|message| message.at);
    if let Some(last) = last {
        state.last_message_at = last.at;
    }
    if state.status == Status::Open && state.waiting_since.is_some() {
        state.waiting_since =
            state.waiting_since.min(state.last_inbound_at.or(Some(state.last_message_at)));
    }
    Ok(last.map(|message| beginning(&message.text)).unwrap_or_default())
}

async fn has_files(services: &Services, messages: &[Message]) -> Result<bool> {
    let Some(first) = messages.first() else { return Ok(false) };
    let scope = Scope::whole(first.organization_id);
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut found = false;
    for chunk in ids.chunks(500) {
        let files = attachments::list(services.store(), &scope, chunk).await?;
        found |= files.iter().any(|file| !file.inline);
    }
    Ok(found)
}

fn beginning(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SNIPPET).collect()
}

async fn new_state(services: &Services, ticket: &Ticket, message: &Message) -> Result<TicketState> {
    let inbound = message.kind == MessageKind::Inbound;
    let status = if inbound { Status::Open } else { Status::Pending };
    Ok(TicketState {
        channel_id: message.channel_id,
        contact_id: message.contact_id,
        status,
        status_before: None,
        priority: Priority::Normal,
        assignee_id: None,
        team_id: None,
        message_count: 1,
        has_attachment: has_files(services, std::slice::from_ref(message)).await?,
        is_history: ticket.state.is_history,
        waiting_since: inbound.then_some(message.at),
        last_inbound_at: inbound.then_some(message.at),
        last_message_at: message.at,
        closed_at: None,
        snoozed_until: None,
        delete_at: None,
        merged_into_id: None,
        related_to_id: Some(ticket.id),
        replaced_contact_id: None,
    })
}

/// Whoever wrote it, or whom it answers.
fn customer(ticket: &Ticket, message: &Message) -> Customer {
    let Envelope { from, to, .. } = &message.envelope;
    let party = if message.kind == MessageKind::Inbound { from.first() } else { to.first() };
    party.map_or_else(
        || ticket.customer.clone(),
        |party| Customer { name: party.name.clone(), address: party.address.clone() },
    )
}

async fn key_of(services: &Services, message: &Message) -> Result<OpenKey> {
    let store = services.store();
    let channel = message.channel_id;
    let channel_key = keys::of_channel(store, message.organization_id, channel).await?;
    let made = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel.0), &[store.new_id()])
        .await?;
    made.into_iter().next().ok_or(ServiceError::NotFound)
}

/// The blind addresses of those whom a message names, without our own mailboxes.
pub(super) async fn people(services: &Services, message: &Message) -> Result<Vec<Vec<u8>>> {
    let store = services.store();
    let key = keys::of_organization(store, message.organization_id).await?;
    let own: Vec<String> = mailboxes::list(store, message.organization_id)
        .await?
        .into_iter()
        .map(|mailbox| mailbox.address.to_lowercase())
        .collect();
    let head = &message.envelope;
    let named = head.from.iter().chain(&head.to).chain(&head.cc).chain(&head.bcc);
    Ok(named
        .chain(&head.reply_to)
        .map(|party| party.address.trim().to_lowercase())
        .filter(|address| address.contains('@') && !own.contains(address))
        .map(|address| contacts::address_blind(&key, &address))
        .collect())
}
