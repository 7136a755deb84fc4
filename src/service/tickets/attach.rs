//! A ticket that belongs to another one goes up in it: at one click, where mail was only
//! possibly related.

use serde_json::json;

use super::{Summary, reach, summarize};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::words::{EventKind, Status};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, outbox};
use crate::store::events::NewEvent;
use crate::store::messages::moves;
use crate::store::outbox as entries;
use crate::store::tickets::{self, Change, Ticket, TicketState};

/// How often a merge is followed; a longer chain is a mistake.
const MAX_MERGES: usize = 8;

/// Moves the messages of a ticket into the one that it is related to, which is returned. Mail
/// that answers the old ticket goes there from now on.
pub async fn attach(services: &Services, actor: &Actor, number: i64) -> Result<Summary> {
    let source = reach(services, actor, Permission::WorkOnTickets, number).await?;
    if source.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another already."));
    }
    let target = target(services, actor, &source).await?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let source_key = store.keyring().get(source.key_id).await?;
    let target_key = store.keyring().get(target.key_id).await?;
    let now = store.now();

    let mut emptied = source.state.clone();
    emptied.merged_into_id = Some(target.id);
    emptied.message_count = 0;
    emptied.has_attachment = false;
    emptied.snoozed_until = None;
    emptied.set_status(Status::Closed, now);
    let mut state = joined(&target.state, &source.state);
    if source.state.status == Status::Open && state.status != Status::Spam {
        state.waiting_since = state.waiting_since.or(source.state.waiting_since);
        state.set_status(Status::Open, now);
    }
    let is_newer = source.state.last_message_at >= target.state.last_message_at;
    let snippet = is_newer.then_some(source.snippet.as_str());

    let entry = |ticket: &Ticket| {
        (Action::ChangeTicket, Object::of(ticket.state.channel_id, ObjectKind::Ticket, ticket.id.0))
    };
    access::record_all(services, actor, &[entry(&source), entry(&target)]).await?;
    let tx = store.begin().await?;
    if !entries::lock_unsent_of_ticket(&tx, organization_id, source.id).await?.is_empty() {
        return Err(ServiceError::conflict(
            "answer_waits",
            "An answer is still on its way from this ticket. Try again once it has left.",
        ));
    }
    let change = Change { version: source.version, state: &emptied, snippet: None, customer: None };
    tickets::update(&tx, organization_id, source.id, &source_key, &change).await?;
    let change = Change { version: target.version, state: &state, snippet, customer: None };
    tickets::update(&tx, organization_id, target.id, &target_key, &change).await?;
    moves::move_all(&tx, organization_id, source.id, target.id).await?;
    if source.state.last_inbound_at > target.state.last_inbound_at {
        outbox::hold_for_newer(&tx, organization_id, target.id).await?;
    }
    let ids = json!({ "attached": source.id, "attached_to": target.id });
    for ticket in [&source, &target] {
        tx.event(
            NewEvent::ticket(
                organization_id,
                EventKind::TicketUpdated,
                ticket.state.channel_id,
                ticket.id,
            )
            .by(Some(actor.membership_id))
            .data(ids.clone()),
        );
    }
    tx.commit().await?;
    let target = reach(services, actor, Permission::WorkOnTickets, target.number).await?;
    summarize(services, actor, vec![target]).await?.pop().ok_or(ServiceError::NotFound)
}

/// The ticket that it is related to, or what that went up in.
async fn target(services: &Services, actor: &Actor, source: &Ticket) -> Result<Ticket> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let mut next = source.state.related_to_id;
    for _ in 0..MAX_MERGES {
        let Some(id) = next else { break };
        let found = tickets::find(services.store(), &scope, id).await?;
        let found = found.filter(|ticket| ticket.id != source.id).ok_or(ServiceError::NotFound)?;
        next = found.state.merged_into_id;
        if next.is_none() {
            return Ok(found);
        }
    }
    Err(ServiceError::conflict("not_related", "This ticket is related to no other."))
}

/// The state of a ticket with another's messages in it.
fn joined(target: &TicketState, source: &TicketState) -> TicketState {
    TicketState {
        message_count: target.message_count + source.message_count,
        has_attachment: target.has_attachment || source.has_attachment,
        is_history: target.is_history && source.is_history,
        last_inbound_at: target.last_inbound_at.max(source.last_inbound_at),
        last_message_at: target.last_message_at.max(source.last_message_at),
        snoozed_until: None,
        ..target.clone()
    }
}
