//! A ticket lives in another mailbox from now on: with those who work there. Its messages stay where
//! they came from, so a purge of that mailbox takes them, and answers still leave by it.

use super::change::differences;
use super::{Changed, Part, by_act, held, is_held, tell, told, write};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::{KeyKind, OpenKey};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::ActKind;
use crate::service::tickets::{reach, summary_of};
use crate::service::{Result, ServiceError, Services, access, dead_keys};
use crate::store::acts;
use crate::store::tickets::{self, Ticket, TicketState};
use crate::store::{channels, keys, mailboxes, memberships, teams};

/// Moves a ticket that is still at `version`.
pub async fn move_to(
    services: &Services,
    actor: &Actor,
    number: i64,
    version: i32,
    mailbox: ChannelId,
) -> Result<Changed> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    if ticket.version != version {
        return Err(ServiceError::Stale);
    }
    let part = Part::whole(services, ActKind::Move);
    let moved = one(services, actor, &ticket, mailbox, part).await?;
    let summary = summary_of(services, actor, number).await?;
    Ok(Changed { summary, act: moved.then_some(part.act) })
}

/// Moves the ticket of this number, as it is now, as a part of an act.
pub(super) async fn part(
    services: &Services,
    actor: &Actor,
    number: i64,
    mailbox: ChannelId,
    part: Part,
) -> Result<bool> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    one(services, actor, &ticket, mailbox, part).await
}

/// Moves one as a part of an act; false when it is there already.
async fn one(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    mailbox: ChannelId,
    part: Part,
) -> Result<bool> {
    if ticket.state.channel_id == mailbox {
        return Ok(false);
    }
    may_move(services, actor, ticket, mailbox).await?;
    let mut state = ticket.state.clone();
    state.channel_id = mailbox;
    keep_who_belongs(services, actor.organization_id, &mut state).await?;
    let trace = differences(&ticket.state, &state);
    let store = services.store();
    let organization_id = actor.organization_id;
    let (old, new) = keys_for(services, ticket, mailbox).await?;
    let (action, kind) = (Action::ChangeTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await?;
    let tx = store.begin().await?;
    channels::require_connected(&tx, organization_id, mailbox).await?;
    let locked = tickets::lock_states(&tx, organization_id, &[ticket.id]).await?.pop();
    let locked = locked.filter(|now| now.version == ticket.version).ok_or(ServiceError::Stale)?;
    write(&tx, organization_id, &locked, &state, &trace).await?;
    tickets::resettle(&tx, ticket, mailbox, &old, &new).await?;
    part.begin(&tx, actor).await?;
    tell(&tx, actor, ticket.id, &state, by_act(told(&trace), part.act, part.kind));
    acts::add_tickets(&tx, organization_id, part.act, &[(ticket.id, trace)]).await?;
    dead_keys::order(&tx, &[old.id()]).await?;
    tx.commit().await?;
    dead_keys::destroy(services, &[old.id()]).await?;
    Ok(true)
}

/// The key that the ticket has, and one of its new channel.
pub(super) async fn keys_for(
    services: &Services,
    ticket: &Ticket,
    channel: ChannelId,
) -> Result<(OpenKey, OpenKey)> {
    let store = services.store();
    let old = store.keyring().get(ticket.key_id).await?;
    let channel_key = keys::of_channel(store, ticket.organization_id, channel).await?;
    let new = store
        .keyring()
        .create_many(KeyKind::Content, &channel_key, Some(channel.0), &[store.new_id()])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    Ok((old, new))
}

pub(super) async fn may_move(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    mailbox: ChannelId,
) -> Result<()> {
    let store = services.store();
    if ticket.state.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another already."));
    }
    if !actor.reaches(mailbox) {
        return Err(ServiceError::invalid("mailbox_id", "You belong to no such mailbox."));
    }
    for channel in [ticket.state.channel_id, mailbox] {
        if mailboxes::find(store, actor.organization_id, channel).await?.is_none() {
            return Err(ServiceError::conflict(
                "mailbox_disconnected",
                "This mailbox is no longer connected: its data has an end of its own.",
            ));
        }
    }
    if held(services, actor.organization_id, ticket.id, &ticket.state).await?.by_name {
        return Err(is_held());
    }
    Ok(())
}

/// A ticket is only somebody's who can read it.
pub(super) async fn keep_who_belongs(
    services: &Services,
    organization_id: OrganizationId,
    state: &mut TicketState,
) -> Result<()> {
    let store = services.store();
    let working = memberships::list(store, organization_id).await?;
    let mut there = channels::list_members(store, organization_id, state.channel_id).await?;
    there.retain(|id| working.iter().any(|member| member.id == *id));
    state.assignee_id = state.assignee_id.filter(|id| there.contains(id));
    if let Some(id) = state.team_id {
        let all = teams::list(store, organization_id).await?;
        let team = all.into_iter().find(|team| team.id == id);
        let reads = team.is_some_and(|team| team.members.iter().any(|id| there.contains(id)));
        state.team_id = state.team_id.filter(|_| reads);
    }
    Ok(())
}
