//! Takes an act back. What somebody changed since stays as they left it, and the act is then refused
//! for that ticket, with the reason.

use chrono::TimeDelta;
use serde_json::json;

use super::change::differences;
use super::moving::{keep_who_belongs, keys_for, may_move};
use super::split::{people, settle};
use super::{Refused, held, is_held, tell, told, write};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ActId, ChannelId, TagId, TicketId};
use crate::domain::words::{ActKind, Status};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services, dead_keys};
use crate::store::acts::{self, Act, Moved, Trace};
use crate::store::messages::{self, Message, moves};
use crate::store::outbox as entries;
use crate::store::tickets::{self, Change, Locked, Ticket, TicketState, participants};
use crate::store::{Scope, tags};

/// So long an act can be taken back.
pub const WITHIN: TimeDelta = TimeDelta::days(30);

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Undone {
    /// The tickets that are as they were, by number.
    pub done: Vec<i64>,
    /// Those that are not, and why.
    pub refused: Vec<Refused>,
}

/// Takes back what an act did to the tickets that the actor reaches.
pub async fn undo(services: &Services, actor: &Actor, id: ActId) -> Result<Undone> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let act = acts::find(store, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let traces = acts::traces(store, organization_id, id).await?;
    let mut reached = Vec::new();
    for chunk in traces.chunks(200) {
        let ids: Vec<TicketId> = chunk.iter().map(|(id, _)| *id).collect();
        reached.extend(tickets::find_many(store, &scope, &ids).await?);
    }
    if reached.is_empty() {
        return Err(ServiceError::NotFound);
    }
    may_undo(services, actor, &act)?;
    let mut undone = Undone::default();
    // Messages go back first: what a ticket then is depends on them.
    let (moved, others): (Vec<_>, Vec<_>) =
        traces.into_iter().partition(|(_, trace)| trace.moved.is_some());
    for (id, trace) in moved.into_iter().chain(others) {
        let Some(ticket) = reached.iter().find(|ticket| ticket.id == id) else { continue };
        let object = Object::of(ticket.state.channel_id, ObjectKind::Ticket, id.0);
        access::record_all(services, actor, &[(Action::ChangeTicket, object)]).await?;
        match one(services, actor, &act, id, &trace).await {
            Ok(()) => undone.done.push(ticket.number),
            // The other half of it stays too.
            Err(error) if matches!(act.kind, ActKind::Merge | ActKind::Split) => return Err(error),
            Err(error) => undone.refused.push(Refused::new(ticket.number, error)?),
        }
    }
    if undone.done.is_empty()
        && let Some(Refused { code, message, .. }) = undone.refused.pop()
    {
        return Err(ServiceError::conflict(code, message));
    }
    let tx = store.begin().await?;
    acts::set_undone(&tx, organization_id, act.id, actor.membership_id).await?;
    tx.commit().await?;
    Ok(undone)
}

fn may_undo(services: &Services, actor: &Actor, act: &Act) -> Result<()> {
    if act.undone_at.is_some() {
        return Err(ServiceError::conflict("undone", "This was undone already."));
    }
    if services.store().now() - act.at > WITHIN {
        return Err(ServiceError::conflict("act_over", "This was too long ago to be undone."));
    }
    if act.kind == ActKind::Delete && !actor.may(Permission::DeleteTickets) {
        return Err(ServiceError::Forbidden);
    }
    Ok(())
}

async fn one(
    services: &Services,
    actor: &Actor,
    act: &Act,
    id: TicketId,
    trace: &Trace,
) -> Result<()> {
    match &trace.moved {
        Some(moved) => back(services, actor, act, id, (trace, moved)).await,
        None if trace.channel.is_some() => home(services, actor, act, id, trace).await,
        None if trace.is_empty() => Ok(()),
        None => fields(services, actor, act, id, trace).await,
    }
}

fn changed(what: &str) -> ServiceError {
    ServiceError::conflict("changed_since", format!("{what} was changed since."))
}

/// The state before, if nobody has changed the same since.
fn before(now: &TicketState, trace: &Trace) -> Result<TicketState> {
    let mut state = now.clone();
    if let Some(step) = &trace.status {
        if now.status != step.after {
            return Err(changed("The status"));
        }
        state.set_status(step.before, now.last_message_at);
        state.status_before = step.status_before;
        state.closed_at = step.closed_at;
        state.waiting_since = match step.before {
            Status::Open => step.waiting_since.or(state.waiting_since),
            _ => None,
        };
    }
    macro_rules! put_back {
        ($step:ident, $field:ident, $what:literal) => {
            if let Some(step) = &trace.$step {
                if now.$field != step.after {
                    return Err(changed($what));
                }
                state.$field = step.before;
            }
        };
    }
    put_back!(priority, priority, "The priority");
    put_back!(assignee, assignee_id, "The assignee");
    put_back!(team, team_id, "The team");
    put_back!(snoozed_until, snoozed_until, "The snooze");
    put_back!(delete_at, delete_at, "The deletion");
    put_back!(channel, channel_id, "The mailbox");
    Ok(state)
}

/// What undoing did, to be told.
fn reverse(now: &TicketState, state: &TicketState, trace: &Trace) -> Trace {
    Trace {
        tags_added: trace.tags_removed.clone(),
        tags_removed: trace.tags_added.clone(),
        ..differences(now, state)
    }
}

fn undoing(trace: &Trace, act: &Act) -> serde_json::Map<String, serde_json::Value> {
    let mut data = told(trace);
    data.insert("undone".to_owned(), json!(act.id));
    data.insert("act_kind".to_owned(), json!(act.kind));
    data
}

fn lock_of(found: Vec<Locked>) -> Result<Locked> {
    found.into_iter().next().ok_or(ServiceError::NotFound)
}

/// Status, assignee, tags and so on.
async fn fields(
    services: &Services,
    actor: &Actor,
    act: &Act,
    id: TicketId,
    trace: &Trace,
) -> Result<()> {
    let organization_id = actor.organization_id;
    let tx = services.store().begin().await?;
    let locked = lock_of(tickets::lock_states(&tx, organization_id, &[id]).await?)?;
    if locked.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another since."));
    }
    let state = before(&locked.state, trace)?;
    let has = tags::of_locked(&tx, organization_id, &[id]).await?;
    let has: Vec<TagId> = has.into_iter().map(|(_, tag)| tag).collect();
    let gone = trace.tags_added.iter().any(|tag| !has.contains(tag));
    if gone || trace.tags_removed.iter().any(|tag| has.contains(tag)) {
        return Err(changed("A tag"));
    }
    let back = reverse(&locked.state, &state, trace);
    write(&tx, organization_id, &locked, &state, &back).await?;
    tell(&tx, actor, id, &state, undoing(&back, act));
    tx.commit().await?;
    Ok(())
}

/// Back to the mailbox where it lived.
async fn home(
    services: &Services,
    actor: &Actor,
    act: &Act,
    id: TicketId,
    trace: &Trace,
) -> Result<()> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let ticket = reached(services, actor, id).await?;
    let mut state = before(&ticket.state, trace)?;
    let channel: ChannelId = state.channel_id;
    may_move(services, actor, &ticket, channel).await?;
    keep_who_belongs(services, organization_id, &mut state).await?;
    let (old, new) = keys_for(services, &ticket, channel).await?;
    let tx = store.begin().await?;
    let locked = lock_of(tickets::lock_states(&tx, organization_id, &[id]).await?)?;
    if locked.version != ticket.version {
        return Err(ServiceError::Stale);
    }
    let back = reverse(&locked.state, &state, trace);
    write(&tx, organization_id, &locked, &state, &back).await?;
    tickets::resettle(&tx, &ticket, channel, &old, &new).await?;
    tell(&tx, actor, id, &state, undoing(&back, act));
    dead_keys::order(&tx, &[old.id()]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[old.id()]).await
}

async fn reached(services: &Services, actor: &Actor, id: TicketId) -> Result<Ticket> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    tickets::find(services.store(), &scope, id).await?.ok_or(ServiceError::NotFound)
}

/// Messages go back to the ticket that they were taken from.
async fn back(
    services: &Services,
    actor: &Actor,
    act: &Act,
    id: TicketId,
    (trace, moved): (&Trace, &Moved),
) -> Result<()> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let (source, target) =
        (reached(services, actor, id).await?, reached(services, actor, moved.into).await?);
    let is_merge = act.kind != ActKind::Split;
    if is_merge && source.state.merged_into_id != Some(target.id) {
        return Err(changed("The merge"));
    }
    if target.state.merged_into_id.is_some() || !is_merge && source.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "The ticket went up in another since."));
    }
    if held(services, organization_id, target.id, &target.state).await?.by_name {
        return Err(is_held());
    }
    let scope = Scope::whole(organization_id);
    let there = messages::list(store, &scope, target.id).await?;
    let (going, staying): (Vec<Message>, Vec<Message>) =
        there.into_iter().partition(|message| moved.messages.contains(&message.id));
    if !is_merge && !staying.is_empty() {
        return Err(changed("The ticket that was made of the message"));
    }
    let mut own = messages::list(store, &scope, source.id).await?;
    own.extend(going);
    own.sort_by_key(|message| (message.at, message.id));
    let mut from = source.state.clone();
    from.merged_into_id = None;
    let mut from = if is_merge { before(&from, trace)? } else { from };
    let snippet = settle(services, &mut from, &own).await?;
    let mut of_target = target.state.clone();
    let left = settle(services, &mut of_target, &staying).await?;
    if !is_merge {
        of_target.merged_into_id = Some(source.id);
        of_target.set_status(Status::Closed, store.now());
    }
    let strangers = strangers(services, &source, &target, &staying).await?;
    let keys =
        (store.keyring().get(source.key_id).await?, store.keyring().get(target.key_id).await?);

    let tx = store.begin().await?;
    if !entries::lock_unsent_of_ticket(&tx, organization_id, target.id).await?.is_empty() {
        return Err(ServiceError::conflict(
            "answer_waits",
            "An answer is still on its way from this ticket. Try again once it has left.",
        ));
    }
    let changes = [
        (&source, &from, Some(snippet.as_str()), &keys.0),
        (&target, &of_target, (!staying.is_empty()).then_some(left.as_str()), &keys.1),
    ];
    for (ticket, state, snippet, key) in changes {
        let change = Change { version: ticket.version, state, snippet, customer: None };
        tickets::update(&tx, organization_id, ticket.id, key, &change).await?;
    }
    moves::move_these(&tx, organization_id, target.id, source.id, &moved.messages).await?;
    moves::unflag(&tx, organization_id, moved).await?;
    participants::remove(&tx, organization_id, target.id, &strangers).await?;
    for (ticket, state, ..) in changes {
        let mut data = serde_json::Map::new();
        data.insert("undone".to_owned(), json!(act.id));
        data.insert("act_kind".to_owned(), json!(act.kind));
        data.insert("attached".to_owned(), json!(source.id));
        data.insert("attached_to".to_owned(), json!(target.id));
        tell(&tx, actor, ticket.id, state, data);
    }
    tx.commit().await?;
    Ok(())
}

/// Who takes part in the target only because of messages that go back.
async fn strangers(
    services: &Services,
    source: &Ticket,
    target: &Ticket,
    staying: &[Message],
) -> Result<Vec<Vec<u8>>> {
    let ids = [source.id];
    let all = participants::list(services.store(), source.organization_id, &ids).await?;
    let mut named = Vec::new();
    for message in staying {
        named.extend(people(services, message).await?);
    }
    let key = crate::store::keys::of_organization(services.store(), target.organization_id).await?;
    named.push(crate::store::contacts::address_blind(&key, &target.customer.address));
    let found = all.into_values().flatten().filter(|who| !named.contains(who));
    Ok(found.collect())
}
