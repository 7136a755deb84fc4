//! A ticket that went up in another: the conversation goes on there.

use crate::service::{Result, ServiceError, Services};
use crate::store::Scope;
use crate::store::tickets::{self, Ticket};

/// How often a merge is followed; a longer chain is a mistake.
pub(in crate::service) const MAX_MERGES: usize = 8;

/// The number of the ticket that this one went up in, and that one perhaps in its turn.
pub(in crate::service) async fn merged_into(
    services: &Services,
    ticket: &Ticket,
) -> Result<Option<i64>> {
    // A number tells nothing of what is in its ticket, which is opened as any other.
    let scope = Scope::whole(ticket.organization_id);
    let mut next = ticket.state.merged_into_id;
    let mut number = None;
    for _ in 0..MAX_MERGES {
        let Some(id) = next else { break };
        let Some(found) = tickets::find(services.store(), &scope, id).await? else { break };
        number = Some(found.number);
        next = found.state.merged_into_id;
    }
    Ok(number)
}

/// Refuses what is written in a merged ticket: two halves of a conversation would be answered apart.
pub(in crate::service) async fn check_whole(services: &Services, ticket: &Ticket) -> Result<()> {
    match merged_into(services, ticket).await? {
        None => Ok(()),
        Some(number) => Err(ServiceError::conflict(
            "ticket_merged",
            format!("This ticket was merged into #{number}. Go on there."),
        )),
    }
}
