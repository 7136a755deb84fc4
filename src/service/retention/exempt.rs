//! A ticket that is kept longer, for a reason.

use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::service::{Result, ServiceError, Services, access, tickets};
use crate::store::anonymized;

/// The longest reason, in characters.
const LONGEST: usize = 500;

/// Exempts the ticket from retention.
pub async fn exempt(services: &Services, actor: &Actor, number: i64, reason: &str) -> Result<()> {
    let ticket = tickets::reach(services, actor, Permission::WorkOnTickets, number).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(ServiceError::invalid("reason", "say why, in at most 500 characters"));
    }
    let store = services.store();
    let key = store.keyring().get(ticket.key_id).await?;
    let channel = ticket.state.channel_id;
    let (action, kind) = (Action::ExemptTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, channel).await?;
    let tx = store.begin().await?;
    let what = Some((&key, reason, actor.membership_id));
    anonymized::set_exemption(&tx, actor.organization_id, ticket.id, what).await?;
    tx.commit().await?;
    Ok(())
}

/// Retention counts for the ticket again.
pub async fn end_exemption(services: &Services, actor: &Actor, number: i64) -> Result<()> {
    let ticket = tickets::reach(services, actor, Permission::WorkOnTickets, number).await?;
    let channel = ticket.state.channel_id;
    let (action, kind) = (Action::ExemptTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, channel).await?;
    let tx = services.store().begin().await?;
    anonymized::set_exemption(&tx, actor.organization_id, ticket.id, None).await?;
    tx.commit().await?;
    Ok(())
}
