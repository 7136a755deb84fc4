//! Several tickets at once: each is changed or refused by itself, and all of it is one act.

use std::collections::HashMap;

use super::change::{Checks, Patch, plan};
use super::merge::{self, Customers};
use super::{Part, Refused, begin, by_act, deletion, moving, tell, told, write};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::NoticeKind;
use crate::domain::ids::{ActId, ChannelId, TagId, TicketId};
use crate::domain::words::ActKind;
use crate::service::access::{self, Object};
use crate::service::notices::{self, Told};
use crate::service::{Result, ServiceError, Services};
use crate::store::tickets::{self, Locked};
use crate::store::{acts, tags};

/// Tickets of one request.
pub const MOST: usize = 500;

/// Tickets that are changed in one transaction: it holds the only writer.
const BATCH: usize = 25;

/// What is done with all of them.
#[derive(Debug, Clone)]
pub enum BulkChange {
    /// A change as of one.
    Patch(Patch),
    /// They go up in the ticket of this number.
    Merge {
        /// The number.
        into: i64,
        /// What the agent says of the customers.
        customers: Customers,
    },
    /// They live in this mailbox from now on.
    Move(ChannelId),
    /// They are deleted for good, after the delay.
    Delete,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct BulkDone {
    /// What can be undone; nothing when nothing was done.
    pub act: Option<ActId>,
    /// The tickets that are as was asked, by number.
    pub done: Vec<i64>,
    /// Those that are not, and why.
    pub refused: Vec<Refused>,
}

/// Changes tickets, by number.
pub async fn bulk(
    services: &Services,
    actor: &Actor,
    numbers: Vec<i64>,
    change: BulkChange,
) -> Result<BulkDone> {
    services.scope(actor, Permission::WorkOnTickets)?;
    let mut numbers = numbers;
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() || numbers.len() > MOST {
        return Err(ServiceError::invalid("numbers", "Name 1 to 500 tickets."));
    }
    match change {
        BulkChange::Patch(patch) if patch.is_empty() => {
            Err(ServiceError::invalid("change", "Say what is to be changed."))
        }
        BulkChange::Patch(patch) => all(services, actor, &numbers, &patch).await,
        BulkChange::Delete => {
            services.scope(actor, Permission::DeleteTickets)?;
            each(services, actor, &numbers, &change).await
        }
        BulkChange::Merge { .. } | BulkChange::Move(_) => {
            each(services, actor, &numbers, &change).await
        }
    }
}

/// Does to one after the other what takes a transaction for each, as parts of one act.
async fn each(
    services: &Services,
    actor: &Actor,
    numbers: &[i64],
    change: &BulkChange,
) -> Result<BulkDone> {
    // As of one it says more of what was done.
    let kind = match change {
        BulkChange::Move(_) => ActKind::Move,
        BulkChange::Delete => ActKind::Delete,
        BulkChange::Merge { .. } | BulkChange::Patch(_) => ActKind::Bulk,
    };
    let mut part = Part::whole(services, kind);
    let mut done = BulkDone::default();
    for number in numbers.iter().copied() {
        let changed = match *change {
            BulkChange::Merge { into, .. } if number == into => continue,
            BulkChange::Merge { into, customers } => {
                merge::part(services, actor, (number, into), customers, part).await.map(|()| true)
            }
            BulkChange::Move(mailbox) => moving::part(services, actor, number, mailbox, part).await,
            BulkChange::Delete => deletion::part(services, actor, number, part).await,
            BulkChange::Patch(_) => continue,
        };
        match changed {
            Ok(changed) => {
                done.done.push(number);
                if changed {
                    done.act = Some(part.act);
                    part.begins = false;
                }
            }
            Err(error) => done.refused.push(Refused::new(number, error)?),
        }
    }
    Ok(done)
}

async fn all(
    services: &Services,
    actor: &Actor,
    numbers: &[i64],
    patch: &Patch,
) -> Result<BulkDone> {
    let checks = Checks::load(services, actor, patch).await?;
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let found = tickets::ids_of_numbers(services.store(), &scope, numbers).await?;
    let asked = (Action::ChangeTicket, Object::list(ObjectKind::Ticket));
    access::record_all(services, actor, &[asked]).await?;
    let mut done = BulkDone::default();
    for number in numbers.iter().filter(|number| !found.contains_key(number)) {
        done.refused.push(Refused::new(*number, ServiceError::NotFound)?);
    }
    let mut ids: Vec<TicketId> = found.into_values().collect();
    ids.sort_unstable();
    let entry = |id: &TicketId| {
        (Action::ChangeTicket, Object { id: Some(id.0), ..Object::list(ObjectKind::Ticket) })
    };
    let act = ActId(services.store().new_id());
    for batch in ids.chunks(BATCH) {
        let entries: Vec<_> = batch.iter().map(entry).collect();
        access::record_all(services, actor, &entries).await?;
        some(services, actor, (&checks, patch), act, batch, &mut done).await?;
    }
    done.done.sort_unstable();
    done.refused.sort_by_key(|refused| refused.number);
    Ok(done)
}

/// Changes a batch in one transaction.
async fn some(
    services: &Services,
    actor: &Actor,
    (checks, patch): (&Checks, &Patch),
    act: ActId,
    ids: &[TicketId],
    done: &mut BulkDone,
) -> Result<()> {
    let store = services.store();
    let organization_id = actor.organization_id;
    let tx = store.begin().await?;
    let locked: Vec<Locked> = tickets::lock_states(&tx, organization_id, ids).await?;
    let mut has: HashMap<TicketId, Vec<TagId>> = HashMap::new();
    for (ticket, tag) in tags::of_locked(&tx, organization_id, ids).await? {
        has.entry(ticket).or_default().push(tag);
    }
    let mut traces = Vec::new();
    for ticket in &locked {
        let has = has.get(&ticket.id).map(Vec::as_slice).unwrap_or_default();
        // It may have been moved since it was found.
        let planned = if actor.reaches(ticket.state.channel_id) {
            plan(checks, patch, ticket, has, store.now())
        } else {
            Err(ServiceError::NotFound)
        };
        let (state, trace) = match planned {
            Ok(planned) => planned,
            Err(error) => {
                done.refused.push(Refused::new(ticket.number, error)?);
                continue;
            }
        };
        done.done.push(ticket.number);
        if trace.is_empty() {
            continue;
        }
        write(&tx, organization_id, ticket, &state, &trace).await?;
        tell(&tx, actor, ticket.id, &state, by_act(told(&trace), act, ActKind::Bulk));
        if let Some(assignee) = trace.assignee.and_then(|step| step.after) {
            let about = Told { ticket_id: ticket.id, by: Some(actor.membership_id) };
            let assigned = NoticeKind::Assigned;
            notices::tell_by_bell(&tx, organization_id, assigned, about, &[assignee]).await?;
        }
        traces.push((ticket.id, trace));
    }
    if !traces.is_empty() {
        if done.act.is_none() {
            begin(&tx, actor, act, ActKind::Bulk).await?;
        }
        acts::add_tickets(&tx, organization_id, act, &traces).await?;
    }
    let any = !traces.is_empty();
    tx.commit().await?;
    if any {
        done.act = Some(act);
    }
    Ok(())
}
