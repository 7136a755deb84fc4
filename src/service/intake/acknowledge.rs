//! Which new tickets are answered at once; whether they really are is decided when it is done
//! (`service::acknowledgements`).

use std::collections::HashSet;

use super::Context;
use super::thread::Plan;
use crate::domain::words::Status;
use crate::service::acknowledgements::{self, Order};
use crate::store::{StoreError, Tx};

/// Adds a job for each ticket that begins with a mail that may be answered.
pub(super) async fn order(tx: &Tx, context: &Context, plan: &Plan) -> Result<(), StoreError> {
    if !context.acknowledges {
        return Ok(());
    }
    let now = tx.store().now();
    let new = plan.tickets.iter().filter(|ticket| ticket.before.is_none());
    let mut begun: HashSet<_> =
        new.filter(|ticket| ticket.state.status == Status::Open).map(|ticket| ticket.id).collect();
    // In order of time: the first mail of a ticket is the one that is answered.
    for placed in &plan.placed {
        // A stranger's answer to something of ours begins nothing.
        let is_first = begun.remove(&placed.ticket_id);
        if is_first
            && !placed.flags.contains(&"possibly_related")
            && placed.draft.may_be_acknowledged(now)
        {
            let order = Order {
                organization_id: context.target.organization_id,
                channel_id: context.target.channel_id,
                ticket_id: placed.ticket_id,
                message_id: placed.draft.understood.stored.message_id,
            };
            acknowledgements::enqueue(tx, order).await?;
        }
    }
    Ok(())
}
