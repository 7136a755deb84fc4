//! Deleting a ticket for good: ordered by somebody with the right to, carried out ten minutes later,
//! until when it can be taken back. What a legal hold keeps is not deleted, then either.

use chrono::TimeDelta;
use serde_json::json;

use super::change::differences;
use super::{Changed, Part, by_act, held, is_held, tell, told, write};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{OrganizationId, TicketId};
use crate::domain::words::{ActKind, EventKind, Status};
use crate::service::tickets::{reach, summary_of};
use crate::service::{Result, ServiceError, Services, access, consent, retention};
use crate::store::events::NewEvent;
use crate::store::tickets::due::Of;
use crate::store::tickets::{self, Ticket};
use crate::store::{acts, mailboxes, messages};

/// Long enough to see that it was the wrong one.
pub const DELAY: TimeDelta = TimeDelta::minutes(10);

/// How often what went up in a ticket is followed.
const MAX_MERGES: usize = 8;

/// Orders that a ticket is deleted for good. Until then it is in the trash.
pub async fn order(
    services: &Services,
    actor: &Actor,
    number: i64,
    version: i32,
) -> Result<Changed> {
    services.scope(actor, Permission::DeleteTickets)?;
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    if ticket.version != version {
        return Err(ServiceError::Stale);
    }
    let part = Part::whole(services, ActKind::Delete);
    let ordered = one(services, actor, &ticket, part).await?;
    let summary = summary_of(services, actor, number).await?;
    Ok(Changed { summary, act: ordered.then_some(part.act) })
}

/// Orders it of the ticket of this number, as it is now, as a part of an act.
pub(super) async fn part(
    services: &Services,
    actor: &Actor,
    number: i64,
    part: Part,
) -> Result<bool> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    one(services, actor, &ticket, part).await
}

/// Orders it of one, as a part of an act; false when it was ordered before.
async fn one(services: &Services, actor: &Actor, ticket: &Ticket, part: Part) -> Result<bool> {
    may_go(services, ticket).await?;
    let (action, kind) = (Action::DeleteTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let tx = store.begin().await?;
    let locked = tickets::lock_states(&tx, organization_id, &[ticket.id]).await?.pop();
    let locked = locked.filter(|now| now.version == ticket.version).ok_or(ServiceError::Stale)?;
    let mut state = locked.state.clone();
    state.set_status(Status::Trash, store.now());
    state.delete_at = state.delete_at.or(Some(store.now() + DELAY));
    let trace = differences(&locked.state, &state);
    if trace.is_empty() {
        return Ok(false);
    }
    write(&tx, organization_id, &locked, &state, &trace).await?;
    part.begin(&tx, actor).await?;
    tell(&tx, actor, ticket.id, &state, by_act(told(&trace), part.act, part.kind));
    acts::add_tickets(&tx, organization_id, part.act, &[(ticket.id, trace)]).await?;
    tx.commit().await?;
    Ok(true)
}

async fn may_go(services: &Services, ticket: &Ticket) -> Result<()> {
    if ticket.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another already."));
    }
    if keeps(services, ticket.organization_id, ticket.id).await? {
        return Err(is_held());
    }
    Ok(())
}

/// Whether a hold or a customer's restriction keeps the ticket.
async fn keeps(services: &Services, organization_id: OrganizationId, id: TicketId) -> Result<bool> {
    let store = services.store();
    let Some(ticket) = tickets::find_state(store, organization_id, id).await? else {
        return Ok(false);
    };
    // What is disconnected has an end of its own, which counts what goes.
    let home = ticket.state.channel_id;
    if mailboxes::find(store, organization_id, home).await?.is_none() {
        return Ok(true);
    }
    let held = held(services, organization_id, id, &ticket.state).await?;
    if held.by_name || held.whole {
        return Ok(true);
    }
    let restricted = consent::restricted(services, organization_id).await?;
    if ticket.state.contact_id.is_some_and(|id| restricted.contains(&id)) {
        return Ok(true);
    }
    let wrote = messages::tickets_with(store, organization_id, &[id], &restricted).await?;
    Ok(!wrote.is_empty())
}

/// The time has come: it goes, with what went up in it. What is kept meanwhile stays in the trash.
pub(super) async fn carry_out(services: &Services, (organization_id, id): Of) -> Result<()> {
    let now = services.store().now();
    let found = tickets::find_state(services.store(), organization_id, id).await?;
    let is_due = found.and_then(|ticket| ticket.state.delete_at).is_some_and(|at| at <= now);
    if !is_due {
        return Ok(());
    }
    if keeps(services, organization_id, id).await? {
        return let_off(services, organization_id, id).await;
    }
    let mut all = vec![id];
    let mut level = vec![id];
    for _ in 0..MAX_MERGES {
        level = tickets::due::merged_into(services.store(), organization_id, &level).await?;
        if level.is_empty() {
            break;
        }
        all.extend(&level);
    }
    retention::remove::tickets(services, organization_id, &all).await?;
    Ok(())
}

async fn let_off(services: &Services, organization_id: OrganizationId, id: TicketId) -> Result<()> {
    let tx = services.store().begin().await?;
    let Some(ticket) = tickets::lock_states(&tx, organization_id, &[id]).await?.pop() else {
        return Ok(());
    };
    let mut state = ticket.state.clone();
    state.delete_at = None;
    tickets::update_state(&tx, organization_id, id, ticket.version, &state).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::TicketUpdated, state.channel_id, id)
            .data(json!({ "kept": true })),
    );
    tx.commit().await?;
    Ok(())
}
