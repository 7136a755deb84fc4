//! Adds to what was gathered what the log's ids stand for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::Window;
use super::gather::{By, Gathered, Seen, Target};
use crate::domain::ids::{ChannelId, MembershipId, TicketId};
use crate::domain::incident::{
    How, IncidentAccess, IncidentAct, IncidentCounts, IncidentMailbox, IncidentPackage,
    IncidentPerson, IncidentTicket, IncidentWho, NOTIFY_WITHIN, SCHEMA,
};
use crate::service::names::Names;
use crate::service::{Result, Services};
use crate::store::incidents;
use crate::store::organizations::Organization;
use crate::store::tickets::participants;

/// What was gathered, by what it is of.
#[derive(Default)]
struct Sorted {
    tickets: BTreeMap<Uuid, (Option<Uuid>, Vec<IncidentAccess>)>,
    mailboxes: BTreeMap<Uuid, Vec<IncidentAccess>>,
    lists: Vec<IncidentAccess>,
    counts: IncidentCounts,
}

pub(super) async fn complete(
    services: &Services,
    organization: &Organization,
    window: Window,
    gathered: Gathered,
) -> Result<IncidentPackage> {
    let store = services.store();
    let id = organization.id;
    let names = Names::load(services, id).await?;
    let Sorted { tickets, mut mailboxes, lists, mut counts } = sort(&gathered, &names);
    let ids: Vec<Uuid> = tickets.keys().copied().collect();
    let lines = incidents::lines(store, id, &ids).await?;
    let mut reached = Vec::with_capacity(tickets.len());
    let mut in_mailbox: HashMap<Uuid, u64> = HashMap::new();
    let mut people: BTreeMap<Uuid, BTreeSet<i64>> = BTreeMap::new();
    let mut addresses: HashSet<Vec<u8>> = HashSet::new();
    let ticket_ids: Vec<TicketId> = ids.iter().copied().map(TicketId).collect();
    let take_part = participants::list(store, id, &ticket_ids).await?;
    for (ticket, (channel, accesses)) in tickets {
        let line = lines.get(&ticket);
        let mailbox_id = line.map(|line| line.channel_id.0).or(channel);
        if let Some(mailbox) = mailbox_id {
            mailboxes.entry(mailbox).or_default();
            *in_mailbox.entry(mailbox).or_default() += 1;
        }
        let contact_id = line.and_then(|line| line.contact_id).map(|contact| contact.0);
        if let (Some(contact), Some(line)) = (contact_id, line) {
            people.entry(contact).or_default().insert(line.number);
        }
        let here = take_part.get(&TicketId(ticket));
        addresses.extend(here.into_iter().flatten().cloned());
        reached.push(IncidentTicket {
            id: ticket,
            number: line.map(|line| line.number),
            mailbox_id,
            contact_id,
            addresses: here.map_or(0, |here| size(here.len())),
            accesses,
        });
    }
    reached.sort_by_key(|ticket| (ticket.number.is_none(), ticket.number, ticket.id));
    let contacts: Vec<Uuid> = people.keys().copied().collect();
    let known_by = incidents::count_addresses(store, id, &contacts).await?;
    counts.mailboxes = size(mailboxes.len());
    counts.tickets = size(reached.len());
    counts.people = size(people.len());
    counts.addresses = size(addresses.len());
    let made_at = store.now();
    let aware_at = window.aware_at.unwrap_or(made_at);
    Ok(IncidentPackage {
        schema: SCHEMA.to_owned(),
        organization_id: id.0,
        organization: organization.name.clone(),
        made_at,
        from: window.from,
        to: window.to,
        user_id: window.user.map(|user| user.0),
        mailbox_id: window.mailbox.map(|mailbox| mailbox.0),
        aware_at,
        notify_by: aware_at + NOTIFY_WITHIN,
        log: gathered.log,
        complete: gathered.complete,
        counts,
        mailboxes: mailboxes
            .into_iter()
            .map(|(mailbox, others)| IncidentMailbox {
                id: mailbox,
                name: names.channel(ChannelId(mailbox)),
                tickets: in_mailbox.get(&mailbox).copied().unwrap_or(0),
                others,
            })
            .collect(),
        tickets: reached,
        people: people
            .into_iter()
            .map(|(contact_id, numbers)| IncidentPerson {
                contact_id,
                addresses: known_by.get(&contact_id).copied().unwrap_or(0),
                tickets: numbers.into_iter().collect(),
            })
            .collect(),
        lists,
        acts: gathered
            .acts
            .into_iter()
            .map(|((action, by), seen)| IncidentAct {
                action: action.to_owned(),
                who: who(by, &names),
                count: seen.count,
                first_at: seen.first_at,
                last_at: seen.last_at,
            })
            .collect(),
    })
}

fn sort(gathered: &Gathered, names: &Names) -> Sorted {
    let mut sorted = Sorted::default();
    for ((target, how, by), seen) in &gathered.accesses {
        let counts = &mut sorted.counts;
        let counter = match how {
            How::Listed => &mut counts.lists,
            How::Read => &mut counts.reads,
            How::Downloaded => &mut counts.downloads,
            How::Original => &mut counts.originals,
            How::Exported => &mut counts.exports,
        };
        *counter += seen.count;
        let access = access(*how, *by, *seen, names);
        match target {
            Target::Ticket(ticket, channel) => {
                let (mailbox, accesses) = sorted.tickets.entry(*ticket).or_default();
                *mailbox = mailbox.or(*channel);
                accesses.push(access);
            }
            Target::Mailbox(mailbox) => {
                sorted.mailboxes.entry(*mailbox).or_default().push(access);
            }
            Target::List => sorted.lists.push(access),
        }
    }
    sorted
}

fn access(how: How, by: By, seen: Seen, names: &Names) -> IncidentAccess {
    let Seen { count, first_at, last_at } = seen;
    IncidentAccess { who: who(by, names), how, count, first_at, last_at }
}

fn who((kind, id): By, names: &Names) -> IncidentWho {
    let name = id.and_then(|id| names.member(MembershipId(id)));
    IncidentWho { kind, id, name }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
