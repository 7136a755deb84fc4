//! What a member has seen, and what they follow.

use std::collections::HashSet;

use serde_json::json;

use super::{Summary, reach, summary_of};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::EventKind;
use crate::service::{Result, ServiceError, Services, notices};
use crate::store::events::NewEvent;
use crate::store::tickets::{self, Ticket, followers};
use crate::store::{channels, memberships};

/// The actor has seen the ticket as it is now.
pub async fn mark_read(services: &Services, actor: &Actor, number: i64) -> Result<()> {
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    let at = ticket.state.last_message_at;
    tickets::mark_seen(services.store(), actor.organization_id, ticket.id, actor.membership_id, at)
        .await?;
    notices::read_ticket(services, actor, ticket.id).await
}

/// The actor follows the ticket from now on, or no more.
pub async fn follow(
    services: &Services,
    actor: &Actor,
    number: i64,
    follows: bool,
) -> Result<Summary> {
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    put(services, actor, &ticket, actor.membership_id, follows).await?;
    summary_of(services, actor, number).await
}

/// A colleague follows the ticket from now on, or no more. Only who can read it is told of it.
pub async fn set_follower(
    services: &Services,
    actor: &Actor,
    number: i64,
    member: MembershipId,
    follows: bool,
) -> Result<()> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    let organization_id = actor.organization_id;
    if follows
        && !readers(services, organization_id, ticket.state.channel_id).await?.contains(&member)
    {
        return Err(ServiceError::invalid(
            "follower",
            "This colleague does not belong to the mailbox.",
        ));
    }
    put(services, actor, &ticket, member, follows).await
}

/// The members who can read what is in a channel.
pub(in crate::service) async fn readers(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<HashSet<MembershipId>> {
    let store = services.store();
    let here: HashSet<MembershipId> =
        memberships::list(store, organization_id).await?.into_iter().map(|one| one.id).collect();
    let members = channels::list_members(store, organization_id, channel_id).await?;
    Ok(members.into_iter().filter(|id| here.contains(id)).collect())
}

async fn put(
    services: &Services,
    actor: &Actor,
    ticket: &Ticket,
    member: MembershipId,
    follows: bool,
) -> Result<()> {
    let organization_id = actor.organization_id;
    let tx = services.store().begin().await?;
    let changed = if follows {
        followers::add(&tx, organization_id, ticket.id, member).await?
    } else {
        followers::remove(&tx, organization_id, ticket.id, member).await?
    };
    if changed {
        let (kind, channel) = (EventKind::TicketUpdated, ticket.state.channel_id);
        let by_themselves = member == actor.membership_id;
        let data = if by_themselves {
            json!({ "follows": follows })
        } else {
            json!({ "follows": follows, "follower": member })
        };
        tx.event(
            NewEvent::ticket(organization_id, kind, channel, ticket.id)
                .by(Some(actor.membership_id))
                .data(data),
        );
    }
    tx.commit().await?;
    Ok(())
}
