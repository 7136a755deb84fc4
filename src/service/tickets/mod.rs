//! Tickets as agents work with them.
//!
//! - [`list`], [`counts`]: the list and the sidebar, within the actor's channels.
//! - [`get`]: one ticket with its conversation; written to the audit log before it is handed
//!   out.
//! - [`update`]: status and assignee, against the version that the agent saw.
//! - [`set_customer`]: puts the customer right.
//! - [`attach`]: a possibly related ticket goes up in the other one.
//! - [`mark_read`]: the agent has seen it.

mod attach;
mod customer;
mod get;
mod list;
mod update;

pub use crate::store::events::Event;
pub use crate::store::tickets::Counts;
pub use attach::attach;
pub use customer::{CustomerChange, set_customer};
pub use get::{Related, RelatedReason, TicketView, get};
pub use list::{AssigneeFilter, ListQuery, StatusFilter, TicketPage, counts, list};
pub use update::{Patch, mark_read, update};

use chrono::{DateTime, Utc};

use super::{Result, ServiceError, Services};
use crate::authz::{Actor, Permission};
use crate::domain::ids::TicketId;
use crate::service::names::Names;
use crate::store::messages;
use crate::store::tickets::{self, Ticket};

/// A ticket as the list shows it.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether there is something that the actor has not seen.
    pub unread: bool,
    /// The name of who works on it.
    pub assignee_name: Option<String>,
    /// The name of the mailbox that it came by.
    pub mailbox_name: String,
    /// Whether that mailbox is disconnected.
    pub disconnected: bool,
}

/// A ticket that the actor can reach, by its number.
pub async fn reach(
    services: &Services,
    actor: &Actor,
    permission: Permission,
    number: i64,
) -> Result<Ticket> {
    let scope = services.scope(actor, permission)?;
    tickets::find_by_number(services.store(), &scope, number).await?.ok_or(ServiceError::NotFound)
}

/// Adds what a list shows beside each ticket.
async fn summarize(
    services: &Services,
    actor: &Actor,
    tickets: Vec<Ticket>,
) -> Result<Vec<Summary>> {
    let store = services.store();
    let names = Names::load(services, actor.organization_id).await?;
    let ids: Vec<TicketId> = tickets.iter().map(|ticket| ticket.id).collect();
    let seen = tickets::seen_at(store, actor.organization_id, &ids, actor.membership_id).await?;
    let hidden = messages::tickets_with(store, actor.organization_id, &ids, &actor.hidden).await?;
    // It may be the words of somebody whose data is restricted.
    let without = |ticket: Ticket| {
        if hidden.contains(&ticket.id) {
            Ticket { snippet: String::new(), ..ticket }
        } else {
            ticket
        }
    };
    Ok(tickets
        .into_iter()
        .map(without)
        .map(|ticket| Summary {
            unread: is_unread(&ticket, seen.get(&ticket.id).copied()),
            assignee_name: ticket.state.assignee_id.and_then(|id| names.member(id)),
            mailbox_name: names.channel(ticket.state.channel_id),
            disconnected: names.is_leaving(ticket.state.channel_id),
            ticket,
        })
        .collect())
}

/// History arrives read.
fn is_unread(ticket: &Ticket, seen: Option<DateTime<Utc>>) -> bool {
    !ticket.state.is_history
        && ticket.state.last_inbound_at.is_some_and(|at| seen.is_none_or(|seen| seen < at))
}

/// The number of a ticket that the actor reaches.
pub async fn number_of(services: &Services, actor: &Actor, id: TicketId) -> Result<i64> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let ticket = tickets::find(services.store(), &scope, id).await?;
    Ok(ticket.ok_or(ServiceError::NotFound)?.number)
}
