//! A ticket goes up in another one: its messages are there from then on, and mail that answers it
//! goes there too. Each message keeps its mailbox, and mail of another customer addresses no answer.

use serde_json::json;

use super::change::differences;
use super::{Changed, Part, by_act, held, is_held, tell, told};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::words::{ActKind, Status};
use crate::service::access::{self, Object};
use crate::service::tickets::{MAX_MERGES, reach, summary_of};
use crate::service::{Result, ServiceError, Services, outbox};
use crate::store::acts::{self, Trace};
use crate::store::messages::moves;
use crate::store::outbox as entries;
use crate::store::tickets::{self, Change, Ticket, TicketState, followers};
use crate::store::{Scope, mailboxes};

/// What somebody has said of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customers {
    /// Both are of the same customer, or the merge is refused.
    MustBeSame,
    /// The agent knows that they are not.
    MayDiffer,
    /// The mail was flagged as possibly related: whoever wrote it, it belongs there.
    Related,
}

/// Moves the messages of a ticket into the one that it is related to, which is returned.
pub async fn attach(services: &Services, actor: &Actor, number: i64) -> Result<Changed> {
    let source = reach(services, actor, Permission::WorkOnTickets, number).await?;
    is_whole(&source)?;
    let target = related(services, actor, &source).await?;
    let part = Part::whole(services, ActKind::Merge);
    one(services, actor, (&source, &target), Customers::Related, part).await?;
    let summary = summary_of(services, actor, target.number).await?;
    Ok(Changed { summary, act: Some(part.act) })
}

/// Moves the messages of a ticket into another, which is returned.
pub async fn merge(
    services: &Services,
    actor: &Actor,
    number: i64,
    into: i64,
    customers: Customers,
) -> Result<Changed> {
    let source = reach(services, actor, Permission::WorkOnTickets, number).await?;
    let target = target(services, actor, into).await?;
    let part = Part::whole(services, ActKind::Merge);
    one(services, actor, (&source, &target), customers, part).await?;
    let summary = summary_of(services, actor, target.number).await?;
    Ok(Changed { summary, act: Some(part.act) })
}

/// As [`merge`], as a part of an act.
pub(super) async fn part(
    services: &Services,
    actor: &Actor,
    (number, into): (i64, i64),
    customers: Customers,
    part: Part,
) -> Result<()> {
    let source = reach(services, actor, Permission::WorkOnTickets, number).await?;
    let target = target(services, actor, into).await?;
    one(services, actor, (&source, &target), customers, part).await
}

async fn one(
    services: &Services,
    actor: &Actor,
    (source, target): (&Ticket, &Ticket),
    customers: Customers,
    part: Part,
) -> Result<()> {
    may_merge(services, source, target, customers).await?;
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
    access::record_all(services, actor, &[entry(source), entry(target)]).await?;
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
    let moved = moves::move_all(&tx, organization_id, source.id, target.id).await?;
    if customers == Customers::MayDiffer && are_different(source, target) {
        let customer = target.state.contact_id;
        moves::flag_others(&tx, organization_id, &moved.messages, customer).await?;
    }
    followers::join(&tx, organization_id, source.id, target.id).await?;
    if source.state.last_inbound_at > target.state.last_inbound_at {
        outbox::hold_for_newer(&tx, organization_id, target.id).await?;
    }
    let of_source = Trace { moved: Some(moved), ..differences(&source.state, &emptied) };
    let of_target = differences(&target.state, &state);
    for (ticket, state, trace) in [(source, &emptied, &of_source), (target, &state, &of_target)] {
        // What follows from it is not told apart.
        let mut data = if trace.moved.is_some() { serde_json::Map::new() } else { told(trace) };
        data.insert("attached".to_owned(), json!(source.id));
        data.insert("attached_to".to_owned(), json!(target.id));
        tell(&tx, actor, ticket.id, state, by_act(data, part.act, part.kind));
    }
    part.begin(&tx, actor).await?;
    acts::add_tickets(&tx, organization_id, part.act, &[(source.id, of_source)]).await?;
    // One that many are merged into has a line of its own only once.
    if part.begins {
        acts::add_tickets(&tx, organization_id, part.act, &[(target.id, of_target)]).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn is_whole(source: &Ticket) -> Result<()> {
    if source.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another already."));
    }
    Ok(())
}

fn are_different(source: &Ticket, target: &Ticket) -> bool {
    let (one, other) = (&source.customer.address, &target.customer.address);
    let same_contact =
        source.state.contact_id.is_some() && source.state.contact_id == target.state.contact_id;
    !same_contact && !one.eq_ignore_ascii_case(other)
}

async fn may_merge(
    services: &Services,
    source: &Ticket,
    target: &Ticket,
    customers: Customers,
) -> Result<()> {
    is_whole(source)?;
    if source.id == target.id {
        return Err(ServiceError::invalid("into", "Name another ticket than this one."));
    }
    if customers == Customers::MustBeSame && are_different(source, target) {
        return Err(ServiceError::conflict(
            "different_customers",
            "These tickets are of different customers. Confirm that they belong together: answers \
             still go to the customer of the ticket that stays.",
        ));
    }
    let store = services.store();
    if held(services, source.organization_id, source.id, &source.state).await?.by_name {
        return Err(is_held());
    }
    if source.state.channel_id == target.state.channel_id {
        return Ok(());
    }
    for ticket in [source, target] {
        let home = ticket.state.channel_id;
        if mailboxes::find(store, ticket.organization_id, home).await?.is_none() {
            return Err(ServiceError::conflict(
                "mailbox_disconnected",
                "The mailbox of one of these tickets is no longer connected: its data has an end \
                 of its own.",
            ));
        }
    }
    Ok(())
}

/// The ticket of that number, or what it went up in.
async fn target(services: &Services, actor: &Actor, number: i64) -> Result<Ticket> {
    let found = reach(services, actor, Permission::WorkOnTickets, number).await;
    let missing = |_| ServiceError::invalid("into", "There is no such ticket.");
    let found = match found {
        Err(error @ ServiceError::NotFound) => return Err(missing(error)),
        found => found?,
    };
    match found.state.merged_into_id {
        None => Ok(found),
        Some(next) => follow(services, actor, Some(next), None).await,
    }
}

/// The ticket that it is related to, or what that went up in.
async fn related(services: &Services, actor: &Actor, source: &Ticket) -> Result<Ticket> {
    follow(services, actor, source.state.related_to_id, Some(source)).await
}

async fn follow(
    services: &Services,
    actor: &Actor,
    mut next: Option<crate::domain::ids::TicketId>,
    source: Option<&Ticket>,
) -> Result<Ticket> {
    let scope: Scope = services.scope(actor, Permission::WorkOnTickets)?;
    for _ in 0..MAX_MERGES {
        let Some(id) = next else { break };
        let found = tickets::find(services.store(), &scope, id).await?;
        let is_other = |ticket: &Ticket| source.is_none_or(|source| ticket.id != source.id);
        let found = found.filter(is_other).ok_or(ServiceError::NotFound)?;
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
