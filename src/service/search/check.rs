//! Compares an index with the store.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::engine::Shelf;
use super::reconcile::{blocking, read};
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, TicketId};
use crate::search::index::{self, Change, Entry};
use crate::service::{Result, ServiceError, Services};
use crate::store::searching;

/// Messages that are read at once.
const PAGE: u64 = 5_000;

/// Of these, how many are opened at once.
const OPENED: usize = 200;

/// How closely index and store are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Which messages there are, in which tickets, and under which keys.
    Shapes,
    /// What they say as well: each is opened, which takes about as long as to build the index.
    Words,
}

/// What differs between an index and the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Differences {
    /// Messages in the store.
    pub messages: u64,
    /// Of these, how many the index does not have.
    pub missing: u64,
    /// How many it has as they were, or twice.
    pub outdated: u64,
    /// What it has that is not in the store.
    pub surplus: u64,
}

impl Differences {
    /// Whether index and store say the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.missing + self.outdated + self.surplus == 0
    }
}

/// Compares the index of a channel; nothing when there is none that can be searched.
pub async fn channel(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<Differences>> {
    one(services, (organization_id, channel_id), Depth::Shapes).await
}

/// As [`channel`], with the words.
pub async fn words(
    services: &Services,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<Differences>> {
    one(services, (organization_id, channel_id), Depth::Words).await
}

async fn one(
    services: &Services,
    (organization_id, channel_id): (OrganizationId, ChannelId),
    depth: Depth,
) -> Result<Option<Differences>> {
    let library = services.search().library(organization_id);
    match library.shelf(channel_id) {
        Some(shelf) => compare(services, &shelf, depth).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn compare(
    services: &Services,
    shelf: &Shelf,
    depth: Depth,
) -> Result<Differences> {
    let index = Arc::clone(&shelf.index);
    let contents = blocking(move || index.contents()).await?.map_err(ServiceError::internal)?;
    let mut had: HashMap<Uuid, Entry> = HashMap::with_capacity(contents.len());
    let mut found = Differences::default();
    for entry in contents {
        found.outdated += u64::from(had.insert(entry.id, entry).is_some());
    }
    let store = services.store();
    let of = (shelf.row.organization_id, shelf.row.channel_id);
    let mut after = None;
    loop {
        let shapes = searching::shapes_of_channel(store, of.0, of.1, after, PAGE).await?;
        let Some(last) = shapes.last() else { break };
        after = Some(last.id);
        let tickets: HashSet<TicketId> = shapes.iter().map(|shape| shape.ticket_id).collect();
        let tickets: Vec<TicketId> = tickets.into_iter().collect();
        let rows = searching::ticket_rows_of(store, of.0, &tickets).await?;
        let numbers: HashMap<TicketId, u64> = rows.iter().map(|row| (row.id, row.number)).collect();
        let mut same: HashMap<MessageId, Entry> = HashMap::new();
        for shape in shapes {
            let Some(number) = numbers.get(&shape.ticket_id) else { continue };
            found.messages += 1;
            match had.remove(&shape.id.0) {
                None => found.missing += 1,
                Some(entry) => {
                    let stamp = index::stamp(*number, shape.key_id);
                    if (entry.ticket, entry.stamp) == (*number, stamp) {
                        same.insert(shape.id, entry);
                    } else {
                        found.outdated += 1;
                    }
                }
            }
        }
        if depth == Depth::Words {
            found.outdated += reworded(services, of.0, &same).await?;
        }
    }
    found.surplus = had.len() as u64;
    Ok(found)
}

/// How many of these messages the index has with other words than the store.
async fn reworded(
    services: &Services,
    organization_id: OrganizationId,
    entries: &HashMap<MessageId, Entry>,
) -> Result<u64> {
    let numbers: HashMap<MessageId, u64> =
        entries.iter().map(|(id, entry)| (*id, entry.ticket)).collect();
    let ids: Vec<MessageId> = entries.keys().copied().collect();
    let mut count = 0;
    for chunk in ids.chunks(OPENED) {
        let changes = read(services, organization_id, chunk, &numbers).await?;
        let had: HashMap<Uuid, u32> =
            chunk.iter().filter_map(|id| Some((id.0, entries.get(id)?.digest))).collect();
        let differing = move || {
            let differs = |change: &Change| match change {
                Change::Put(message) => had.get(&message.id) != Some(&index::digest(message)),
                // It can no longer be opened: nothing of it may be found.
                Change::Remove(_) => true,
            };
            Ok(changes.iter().filter(|change| differs(change)).count() as u64)
        };
        count += blocking(differing).await?.map_err(ServiceError::internal)?;
    }
    Ok(count)
}
