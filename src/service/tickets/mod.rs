//! Tickets as agents work with them.
//!
//! - [`list`], [`counts`]: the list and the sidebar, within the actor's channels.
//! - [`get`]: one ticket with its conversation; written to the audit log before it is handed
//!   out.
//! - [`set_customer`]: puts the customer right.
//! - [`mark_read`]: the agent has seen it; [`follow`]: is told what happens to it, as is a colleague
//!   whom [`set_follower`] names.
//! - `merged`: in one that went up in another nothing is written any more.
//!
//! What else agents do with them is in `service::acts`.

mod customer;
mod get;
mod list;
mod merged;
mod read;

pub use crate::store::events::Event;
pub use crate::store::tickets::{Counts, Sort};
pub use customer::{CustomerChange, set_customer};
pub use get::{Related, RelatedReason, TicketView, get};
pub(super) use list::start_of;
pub use list::{AssigneeFilter, ListQuery, StatusFilter, TicketPage, count, counts, list};
pub(super) use merged::{MAX_MERGES, check_whole, merged_into};
pub(super) use read::readers;
pub use read::{follow, mark_read, set_follower};

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Result, ServiceError, Services};
use crate::authz::{Actor, Permission};
use crate::domain::desk::DraftKind;
use crate::domain::ids::{OrganizationId, TagId, TicketId};
use crate::service::names::Names;
use crate::store::tags::{self, Tag};
use crate::store::tickets::{self, Ticket};
use crate::store::{keys, messages};

/// A ticket as the list shows it.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether there is something that the actor has not seen.
    pub unread: bool,
    /// Whether the actor has begun to write on it.
    pub has_draft: bool,
    /// What the actor has begun to write, in a list of just that.
    pub own_draft: Option<OwnDraft>,
    /// The name of who works on it.
    pub assignee_name: Option<String>,
    /// The name of the team that works on it.
    pub team_name: Option<String>,
    /// Its tags, by name.
    pub tags: Vec<Tag>,
    /// The name of the mailbox that it came by.
    pub mailbox_name: String,
    /// Whether that mailbox is disconnected.
    pub disconnected: bool,
    /// When its data is deleted then.
    pub deleted_on: Option<DateTime<Utc>>,
}

/// The beginning of what the actor has written on a ticket and not sent.
#[derive(Debug, Clone)]
pub struct OwnDraft {
    /// What it is of.
    pub kind: DraftKind,
    /// Its first words.
    pub snippet: String,
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

/// A ticket as the list shows it, after a change.
pub(super) async fn summary_of(services: &Services, actor: &Actor, number: i64) -> Result<Summary> {
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    summarize(services, actor, vec![ticket]).await?.pop().ok_or(ServiceError::NotFound)
}

/// The tags of these tickets, by name.
pub(super) async fn tags_of(
    services: &Services,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<HashMap<TicketId, Vec<Tag>>> {
    let pairs = tags::of_tickets(services.store(), organization_id, ids).await?;
    open_tags(services, organization_id, pairs).await
}

async fn open_tags(
    services: &Services,
    organization_id: OrganizationId,
    pairs: Vec<(TicketId, TagId)>,
) -> Result<HashMap<TicketId, Vec<Tag>>> {
    let store = services.store();
    let mut of: HashMap<TicketId, Vec<Tag>> = HashMap::new();
    if pairs.is_empty() {
        return Ok(of);
    }
    let mut wanted: Vec<TagId> = pairs.iter().map(|(_, tag)| *tag).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let key = keys::of_organization(store, organization_id).await?;
    let known = tags::find_many(store, &key, organization_id, &wanted).await?;
    for (ticket, tag) in pairs {
        of.entry(ticket).or_default().extend(known.get(&tag).cloned());
    }
    for tags in of.values_mut() {
        tags.sort_by_key(|tag| (tag.name.to_lowercase(), tag.id));
    }
    Ok(of)
}

/// Adds what a list shows beside each ticket.
pub(super) async fn summarize(
    services: &Services,
    actor: &Actor,
    tickets: Vec<Ticket>,
) -> Result<Vec<Summary>> {
    let names = Names::load(services, actor.organization_id).await?;
    summarize_with(services, actor, &names, tickets).await
}

/// As [`summarize`], for whoever has the names already.
pub(super) async fn summarize_with(
    services: &Services,
    actor: &Actor,
    names: &Names,
    tickets: Vec<Ticket>,
) -> Result<Vec<Summary>> {
    let store = services.store();
    let ids: Vec<TicketId> = tickets.iter().map(|ticket| ticket.id).collect();
    let beside = tickets::beside(store, actor.organization_id, &ids, actor.membership_id).await?;
    let (seen, begun) = (beside.seen, beside.begun);
    let mut tags = open_tags(services, actor.organization_id, beside.tags).await?;
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
            has_draft: begun.contains(&ticket.id),
            own_draft: None,
            unread: is_unread(&ticket, seen.get(&ticket.id).copied()),
            team_name: ticket.state.team_id.and_then(|id| names.team(id)),
            tags: tags.remove(&ticket.id).unwrap_or_default(),
            assignee_name: ticket.state.assignee_id.and_then(|id| names.member(id)),
            mailbox_name: names.channel(ticket.state.channel_id),
            disconnected: names.is_leaving(ticket.state.channel_id),
            deleted_on: names.deleted_on(ticket.state.channel_id),
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
