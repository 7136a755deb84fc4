//! Tells indexes how tickets are now.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::engine::{Library, Shelf};
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::MessageKind;
use crate::search::index::{self, Change, ChannelIndex, IndexError};
use crate::service::{Result, ServiceError, Services};
use crate::store::messages::{Message, Party};
use crate::store::searching::{self, Shape};

/// Messages that are opened at once.
const BATCH: usize = 200;

/// What is to be looked at.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Tickets that something happened to.
    pub(super) tickets: HashSet<TicketId>,
    /// Numbers of tickets that are gone.
    pub(super) gone: HashSet<u64>,
    /// Messages whose words have changed under the same key.
    pub(super) changed: HashSet<MessageId>,
    /// Customers of whom something else is known.
    pub(super) contacts: HashSet<ContactId>,
}

impl Touched {
    pub(super) fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.gone.is_empty()
    }
}

/// A piece of work on an index, and what became of it.
pub(super) struct Worked {
    pub(super) shelf: Shelf,
    pub(super) end: std::result::Result<(), IndexError>,
}

/// Brings the table up to date, and these indexes to what the store says of the tickets.
pub(super) async fn run(
    services: &Services,
    organization_id: OrganizationId,
    library: &Library,
    shelves: &[Shelf],
    touched: &Touched,
) -> Result<Vec<Worked>> {
    let store = services.store();
    let ids: Vec<TicketId> = touched.tickets.iter().copied().collect();
    let mut gone = touched.gone.clone();
    let rows = searching::ticket_rows_of(store, organization_id, &ids).await?;
    let mut numbers: HashMap<TicketId, u64> = HashMap::new();
    {
        let mut table = library.table_mut();
        for row in rows {
            numbers.insert(row.id, row.number);
            table.put(row);
        }
        for id in &ids {
            if !numbers.contains_key(id)
                && let Some(number) =
                    table.place(*id).and_then(|place| table.row(place)).map(|row| row.number)
            {
                gone.insert(number);
                table.remove(*id);
            }
        }
    }
    let shapes = searching::shapes_of_tickets(store, organization_id, &ids).await?;
    mix(library, &shapes);
    let mut wanted: HashMap<ChannelId, HashMap<MessageId, (u64, u64)>> = HashMap::new();
    for shape in &shapes {
        let Some(number) = numbers.get(&shape.ticket_id).copied() else { continue };
        let told = (number, index::stamp(number, shape.key_id));
        wanted.entry(shape.channel_id).or_default().insert(shape.id, told);
    }
    let looked_at: Vec<u64> = numbers.values().copied().chain(gone).collect();
    let mut all = Vec::new();
    for shelf in shelves {
        let of = wanted.remove(&shelf.row.channel_id).unwrap_or_default();
        let end = one(services, shelf, of, &looked_at, &touched.changed).await;
        match end {
            Ok(()) => all.push(Worked { shelf: shelf.clone(), end: Ok(()) }),
            Err(Failed::Index(error)) => all.push(Worked { shelf: shelf.clone(), end: Err(error) }),
            Err(Failed::Service(error)) => return Err(error),
        }
    }
    Ok(all)
}

/// Why an index was not told.
enum Failed {
    Index(IndexError),
    Service(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Service(error.into())
    }
}

/// Compares what is wanted of an index with what it has of these tickets, and changes what differs.
async fn one(
    services: &Services,
    shelf: &Shelf,
    wanted: HashMap<MessageId, (u64, u64)>,
    tickets: &[u64],
    redone: &HashSet<MessageId>,
) -> std::result::Result<(), Failed> {
    let index = Arc::clone(&shelf.index);
    let numbers = tickets.to_vec();
    let had = blocking(move || index.entries_of(&numbers)).await?.map_err(Failed::Index)?;
    let mut put: HashMap<MessageId, u64> = HashMap::new();
    let mut stale: Vec<MessageId> = Vec::new();
    let mut same: HashSet<MessageId> = HashSet::new();
    for entry in &had {
        let id = MessageId(entry.id);
        match wanted.get(&id) {
            Some(told) if *told == (entry.ticket, entry.stamp) => _ = same.insert(id),
            Some(_) => {}
            None => stale.push(id),
        }
    }
    for (id, (number, _)) in wanted {
        if !same.contains(&id) || redone.contains(&id) {
            put.insert(id, number);
        }
    }
    let of = (shelf.row.organization_id, shelf.row.channel_id);
    // What is not in these tickets any more may be in another one.
    let elsewhere = place_of(services, of, &stale).await?;
    let mut changes: Vec<Change> = stale
        .iter()
        .filter(|id| !elsewhere.contains_key(id) && !put.contains_key(id))
        .map(|id| Change::Remove(id.0))
        .collect();
    // Only then is something of theirs in the index.
    let had: HashSet<MessageId> = had.iter().map(|entry| MessageId(entry.id)).collect();
    let is_known = !stale.is_empty() || put.keys().any(|id| had.contains(id));
    let among = if is_known { tickets } else { &[] };
    put.extend(elsewhere);
    let ids: Vec<MessageId> = put.keys().copied().collect();
    for chunk in ids.chunks(BATCH) {
        changes.extend(read(services, of.0, chunk, &put).await?);
        if changes.len() >= BATCH {
            apply(&shelf.index, std::mem::take(&mut changes), among).await?;
        }
    }
    if !changes.is_empty() {
        apply(&shelf.index, changes, among).await?;
    }
    Ok(())
}

async fn apply(
    index: &Arc<ChannelIndex>,
    changes: Vec<Change>,
    tickets: &[u64],
) -> std::result::Result<(), Failed> {
    let (index, tickets) = (Arc::clone(index), tickets.to_vec());
    blocking(move || index.apply(changes, &tickets)).await?.map_err(Failed::Index)
}

/// The numbers of the tickets that these messages of the channel are in.
async fn place_of(
    services: &Services,
    (organization_id, channel_id): (OrganizationId, ChannelId),
    ids: &[MessageId],
) -> Result<HashMap<MessageId, u64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let store = services.store();
    let shapes = searching::shapes_of(store, organization_id, ids).await?;
    let tickets: Vec<TicketId> = shapes.iter().map(|shape| shape.ticket_id).collect();
    let rows = searching::ticket_rows_of(store, organization_id, &tickets).await?;
    let numbers: HashMap<TicketId, u64> = rows.iter().map(|row| (row.id, row.number)).collect();
    let here = shapes.into_iter().filter(|shape| shape.channel_id == channel_id);
    Ok(here.filter_map(|shape| Some((shape.id, *numbers.get(&shape.ticket_id)?))).collect())
}

/// These messages as the index takes them. One that can no longer be opened is taken out.
pub(super) async fn read(
    services: &Services,
    organization_id: OrganizationId,
    ids: &[MessageId],
    numbers: &HashMap<MessageId, u64>,
) -> Result<Vec<Change>> {
    let (opened, mut files) = searching::open(services.store(), organization_id, ids).await?;
    let mut left: HashSet<MessageId> = ids.iter().copied().collect();
    let mut changes = Vec::with_capacity(ids.len());
    for message in opened {
        let Some(number) = numbers.get(&message.id) else { continue };
        left.remove(&message.id);
        let files = files.remove(&message.id).unwrap_or_default();
        changes.push(Change::Put(Box::new(told(message, *number, files))));
    }
    changes.extend(left.into_iter().map(|id| Change::Remove(id.0)));
    Ok(changes)
}

fn told(message: Message, ticket: u64, files: Vec<String>) -> index::Message {
    let head = message.envelope;
    let people = |parties: &[Party]| -> Vec<String> {
        parties
            .iter()
            .flat_map(|party| party.name.clone().into_iter().chain([party.address.clone()]))
            .collect()
    };
    let mut sender = people(&head.from);
    sender.extend(people(&head.reply_to));
    sender.extend(head.forwarded_from.iter().flat_map(|party| people(std::slice::from_ref(party))));
    let mut recipients = people(&head.to);
    recipients.extend(people(&head.cc));
    recipients.extend(people(&head.bcc));
    index::Message {
        id: message.id.0,
        ticket,
        key_id: message.key_id,
        is_note: message.kind == MessageKind::Note,
        subject: head.subject,
        text: message.text,
        quoted: message.quoted,
        sender,
        recipients,
        files,
    }
}

fn mix(library: &Library, shapes: &[Shape]) {
    let pairs: Vec<_> = {
        let table = library.table();
        let home = |id| table.place(id).and_then(|place| table.row(place)).map(|row| row.channel);
        let of = |shape: &Shape| Some((shape.channel_id, home(shape.ticket_id)?));
        shapes.iter().filter_map(of).filter(|(own, home)| own != home).collect()
    };
    library.mix(pairs);
}

/// Does what blocks where that harms nobody. A panic in there is damage to the index.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> index::Result<T> + Send + 'static,
) -> Result<index::Result<T>> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done),
        Err(ended) if ended.is_panic() => {
            Ok(Err(IndexError::Damaged("reading it ended in a panic".into())))
        }
        Err(_) => Err(ServiceError::NotFound),
    }
}
