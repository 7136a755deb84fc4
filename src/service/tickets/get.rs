//! One ticket with its conversation.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Summary, merged_into, reach, summarize_with};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ActId, MembershipId, MessageId, OrganizationId, TagId, TicketId};
use crate::domain::words::{ActKind, MarkKind};
use crate::service::access::Object;
use crate::service::data_requests::person;
use crate::service::names::Names;
use crate::service::{Result, ServiceError, Services, access, quotes};
use crate::store::contacts::{self, Contact};
use crate::store::events::{self, Event};
use crate::store::messages::attachments::{self, Attachment};
use crate::store::messages::{self, Message};
use crate::store::tickets::{self, Filter, Ticket, followers};
use crate::store::{Scope, acts, keys, tags};

/// How many other tickets of the customer are named.
const MAX_RELATED: u64 = 5;

/// Why another ticket is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelatedReason {
    /// This ticket goes on where that one was closed, or may belong to it.
    Linked,
    /// It is of the same customer.
    SameCustomer,
}

/// Another ticket.
#[derive(Debug, Clone)]
pub struct Related {
    /// The ticket.
    pub ticket: Ticket,
    /// Why.
    pub reason: RelatedReason,
}

/// A ticket with everything that its page shows.
#[derive(Debug)]
pub struct TicketView {
    /// What the list shows.
    pub summary: Summary,
    /// The customer.
    pub contact: Option<Contact>,
    /// What they want of everything that is done with their data.
    pub marks: Vec<MarkKind>,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Those of which the actor may not see what they quote.
    pub withheld: HashSet<MessageId>,
    /// The files of each message.
    pub attachments: HashMap<MessageId, Vec<Attachment>>,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    /// Other tickets.
    pub related: Vec<Related>,
    /// Names of members.
    pub names: Names,
    /// Who follows it.
    pub followers: Vec<MembershipId>,
    /// Names of the tags, and numbers of the tickets, that events name.
    pub named: HashMap<Uuid, String>,
    /// The number of the ticket that it was merged into.
    pub merged_into: Option<i64>,
}

/// Opens a ticket. The audit entry is written before anything is handed out.
pub async fn get(services: &Services, actor: &Actor, number: i64) -> Result<TicketView> {
    let ticket = reach(services, actor, Permission::ReadTickets, number).await?;
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let mut messages = messages::list(store, &scope, ticket.id).await?;
    let withheld = quotes::withhold(services, actor, &mut messages).await?;
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut files: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    for file in attachments::list(store, &scope, &ids).await? {
        files.entry(file.message_id).or_default().push(file);
    }
    let contact = match ticket.state.contact_id {
        // What came by channels that the actor does not belong to is not theirs to read.
        Some(id) => {
            contacts::list_many(store, actor.organization_id, &[id], &actor.channels).await?.pop()
        }
        None => None,
    };
    let marks = match &contact {
        Some(contact) => person::marks_of(services, actor.organization_id, contact).await?,
        None => Vec::new(),
    };
    let mut events = events::list_of_ticket(store, actor.organization_id, ticket.id).await?;
    count_tickets(services, actor.organization_id, &mut events).await?;
    let related = related(services, actor, &ticket).await?;
    let read = Object::of(ticket.state.channel_id, ObjectKind::Ticket, ticket.id.0);
    let mut entries = vec![(Action::ReadTicket, read)];
    if !related.is_empty() {
        entries.push((Action::ListRelated, read));
    }
    access::record_all(services, actor, &entries).await?;
    let names = Names::load(services, actor.organization_id).await?;
    let followers = followers::list(store, actor.organization_id, ticket.id).await?;
    let told = named(services, &scope, &events).await?;
    let merged_into = merged_into(services, &ticket).await?;
    let summary = summarize_with(services, actor, &names, vec![ticket])
        .await?
        .pop()
        .ok_or(ServiceError::NotFound)?;
    Ok(TicketView {
        summary,
        contact,
        marks,
        messages,
        withheld,
        attachments: files,
        events,
        related,
        names,
        followers,
        named: told,
        merged_into,
    })
}

/// Acts that are done to several tickets at once.
const OF_MANY: [ActKind; 3] = [ActKind::Bulk, ActKind::Move, ActKind::Delete];

/// Says in the events of an act on several tickets on how many it was: all of them are undone at once.
/// A ticket that others were merged into is not counted.
async fn count_tickets(
    services: &Services,
    organization_id: OrganizationId,
    events: &mut [Event],
) -> Result<()> {
    let act_of = |event: &Event| {
        let id = event.data.get("act")?.as_str()?;
        let kind = event.data.get("act_kind")?.as_str()?;
        let of_many = OF_MANY.iter().any(|known| known.as_str() == kind);
        Uuid::try_parse(id).ok().filter(|_| of_many).map(ActId)
    };
    let mut ids: Vec<ActId> = events.iter().filter_map(act_of).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let counts = acts::count_tickets(services.store(), organization_id, &ids).await?;
    for event in events {
        let Some(count) = act_of(event).and_then(|id| counts.get(&id)) else { continue };
        let Some(data) = event.data.as_object_mut() else { continue };
        let into = i64::from(data.contains_key("attached_to"));
        data.insert("tickets".to_owned(), (count - into).into());
    }
    Ok(())
}

async fn related(services: &Services, actor: &Actor, ticket: &Ticket) -> Result<Vec<Related>> {
    let scope = services.scope(actor, Permission::ReadTickets)?;
    let store = services.store();
    let mut related = Vec::new();
    if let Some(id) = ticket.state.related_to_id
        && let Some(other) = tickets::find(store, &scope, id).await?
    {
        related.push(Related { ticket: other, reason: RelatedReason::Linked });
    }
    if let Some(contact) = ticket.state.contact_id {
        let filter = Filter { contact_id: Some(contact), ..Filter::default() };
        let page = tickets::list(store, &scope, &filter, None, MAX_RELATED + 1).await?;
        for other in page.tickets {
            let known = other.id == ticket.id || related.iter().any(|r| r.ticket.id == other.id);
            if !known {
                related.push(Related { ticket: other, reason: RelatedReason::SameCustomer });
            }
        }
    }
    Ok(related)
}

/// What the events of a ticket name by id: tags and other tickets, as far as the actor reaches them.
async fn named(
    services: &Services,
    scope: &Scope,
    events: &[Event],
) -> Result<HashMap<Uuid, String>> {
    const TAGS: [&str; 2] = ["tags_added", "tags_removed"];
    const TICKETS: [&str; 4] = ["attached", "attached_to", "split", "split_from"];
    let id = |value: &serde_json::Value| value.as_str().and_then(|id| Uuid::try_parse(id).ok());
    let (mut tag_ids, mut ticket_ids) = (Vec::new(), Vec::new());
    for event in events {
        let of = |name: &&str| event.data.get(*name);
        let tags = TAGS.iter().filter_map(of).filter_map(|ids| ids.as_array()).flatten();
        tag_ids.extend(tags.filter_map(id).map(TagId));
        ticket_ids.extend(TICKETS.iter().filter_map(of).filter_map(id).map(TicketId));
    }
    let store = services.store();
    let mut named = HashMap::new();
    if !tag_ids.is_empty() {
        tag_ids.sort_unstable();
        tag_ids.dedup();
        let key = keys::of_organization(store, scope.organization_id()).await?;
        let found = tags::find_many(store, &key, scope.organization_id(), &tag_ids).await?;
        named.extend(found.into_iter().map(|(id, tag)| (id.0, tag.name)));
    }
    if !ticket_ids.is_empty() {
        ticket_ids.sort_unstable();
        ticket_ids.dedup();
        for chunk in ticket_ids.chunks(200) {
            let found = tickets::find_many(store, scope, chunk).await?;
            named.extend(found.into_iter().map(|other| (other.id.0, other.number.to_string())));
        }
    }
    Ok(named)
}
