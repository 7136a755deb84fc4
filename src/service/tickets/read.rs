//! What a member has seen, and what they follow.

use serde_json::json;

use super::{Summary, reach, summary_of};
use crate::authz::{Actor, Permission};
use crate::domain::words::EventKind;
use crate::service::{Result, Services, notices};
use crate::store::events::NewEvent;
use crate::store::tickets::{self, followers};

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
    let (organization_id, member) = (actor.organization_id, actor.membership_id);
    let tx = services.store().begin().await?;
    let changed = if follows {
        followers::add(&tx, organization_id, ticket.id, member).await?
    } else {
        followers::remove(&tx, organization_id, ticket.id, member).await?
    };
    if changed {
        let (kind, channel) = (EventKind::TicketUpdated, ticket.state.channel_id);
        tx.event(
            NewEvent::ticket(organization_id, kind, channel, ticket.id)
                .by(Some(member))
                .data(json!({ "follows": follows })),
        );
    }
    tx.commit().await?;
    summary_of(services, actor, number).await
}
