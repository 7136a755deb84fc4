//! Makes an index anew from the store.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::engine::Shelf;
use super::reconcile::{blocking, read};
use crate::crypto::KeyKind;
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, TicketId};
use crate::search::index::{self, ChannelIndex, FORMAT};
use crate::service::{Result, ServiceError, Services};
use crate::store::search_indexes::{self, SearchIndex};
use crate::store::{forget, keys, searching};

/// Messages that are read at once. They are in memory, opened, until they are indexed.
const PAGE: u64 = 400;

/// Messages between two commits: each makes a segment.
const COMMIT: usize = 20_000;

/// An index that was read from the store and has yet to be told what happened meanwhile.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) shelf: Shelf,
    /// The last event before the reading began.
    pub(super) since: i64,
}

/// What an index's files are sealed with.
const PURPOSE: &str = "search.files";

/// Opens the index of a row.
pub(super) async fn open(services: &Services, row: &SearchIndex) -> Result<index::Result<Shelf>> {
    if row.format != FORMAT {
        return Ok(Err(index::IndexError::Damaged(
            "its fields are laid out in another way".into(),
        )));
    }
    let key = match services.store().keyring().get(row.key_id).await {
        Ok(key) => key.derive(PURPOSE),
        // Its channel's key is gone, and it with that.
        Err(error) => return Ok(Err(index::IndexError::Damaged(Box::new(error)))),
    };
    let engine = services.search();
    let (folder, cache, number) = (engine.folder_of(row.id), engine.cache().clone(), row.number);
    let opened = blocking(move || ChannelIndex::open(&folder, key, cache, number)).await?;
    Ok(opened.map(|index| Shelf { row: row.clone(), index: Arc::new(index) }))
}

/// As [`open`], to read while another process writes.
pub(super) async fn peek(services: &Services, row: &SearchIndex) -> Result<index::Result<Shelf>> {
    let key = match services.store().keyring().get(row.key_id).await {
        Ok(key) => key.derive(PURPOSE),
        Err(error) => return Ok(Err(index::IndexError::Damaged(Box::new(error)))),
    };
    let engine = services.search();
    let (folder, cache, number) = (engine.folder_of(row.id), engine.cache().clone(), row.number);
    let opened = blocking(move || ChannelIndex::peek(&folder, key, cache, number)).await?;
    Ok(opened.map(|index| Shelf { row: row.clone(), index: Arc::new(index) }))
}

/// Begins an index: its key, its row, its folder. Nothing where the channel's key is gone.
pub(super) async fn begin(
    services: &Services,
    instance: Uuid,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<index::Result<Shelf>>> {
    let store = services.store();
    let Ok(parent) = keys::of_channel(store, organization_id, channel_id).await else {
        return Ok(None);
    };
    // Another instance may have destroyed it, of which this one's keyring has not heard yet.
    if !store.keyring().destroyed_among(&[parent.id()]).await?.is_empty() {
        return Ok(None);
    }
    let total = searching::count_of_channel(store, organization_id, channel_id).await?;
    let id = store.new_id();
    let key = store
        .keyring()
        .create(KeyKind::Content, organization_id.0, Some(&parent), Some(channel_id.0))
        .await?;
    let of = (organization_id, channel_id);
    let tx = store.begin().await?;
    search_indexes::add(&tx, instance, of, (id, key.id()), FORMAT, total).await?;
    tx.commit().await?;
    let engine = services.search();
    let (folder, cache) = (engine.folder_of(id), engine.cache().clone());
    let secret = key.derive(PURPOSE);
    let made = blocking(move || ChannelIndex::create(&folder, secret, cache)).await?;
    let row = SearchIndex {
        organization_id,
        id,
        channel_id,
        key_id: key.id(),
        is_ready: false,
        format: FORMAT,
        number: 0,
        progress: (0, total),
        rebuild_asked: false,
        expunged_at: store.now(),
    };
    Ok(Some(made.map(|index| Shelf { row, index: Arc::new(index) })))
}

/// Reads every message of the channel.
pub(super) async fn fill(services: &Services, shelf: &Shelf) -> Result<index::Result<()>> {
    let store = services.store();
    let (organization_id, channel_id) = (shelf.row.organization_id, shelf.row.channel_id);
    let mut numbers: HashMap<TicketId, u64> = HashMap::new();
    let mut after = None;
    let (mut done, mut waiting) = (0_usize, Vec::new());
    loop {
        let shapes =
            searching::shapes_of_channel(store, organization_id, channel_id, after, PAGE).await?;
        let Some(last) = shapes.last() else { break };
        after = Some(last.id);
        let unknown: Vec<TicketId> = shapes
            .iter()
            .map(|shape| shape.ticket_id)
            .filter(|id| !numbers.contains_key(id))
            .collect();
        let rows = searching::ticket_rows_of(store, organization_id, &unknown).await?;
        numbers.extend(rows.into_iter().map(|row| (row.id, row.number)));
        let of: HashMap<MessageId, u64> = shapes
            .iter()
            .filter_map(|shape| Some((shape.id, *numbers.get(&shape.ticket_id)?)))
            .collect();
        let ids: Vec<MessageId> = of.keys().copied().collect();
        waiting.extend(read(services, organization_id, &ids, &of).await?);
        done += shapes.len();
        let (index, changes) = (Arc::clone(&shelf.index), std::mem::take(&mut waiting));
        let commits = done % COMMIT < shapes.len();
        let added = blocking(move || {
            index.add(changes)?;
            if commits { index.commit() } else { Ok(()) }
        });
        if let Err(error) = added.await? {
            return Ok(Err(error));
        }
        if commits {
            let tx = store.begin().await?;
            search_indexes::set_progress(&tx, &shelf.row, done as u64).await?;
            tx.commit().await?;
        }
        // Others use the processor as well.
        tokio::task::yield_now().await;
    }
    let index = Arc::clone(&shelf.index);
    blocking(move || {
        index.commit()?;
        index.gather()
    })
    .await
}

/// Takes away what an index was: its row, its key and its files.
pub(super) async fn discard(services: &Services, row: &SearchIndex) -> Result<()> {
    let store = services.store();
    let tx = store.begin().await?;
    search_indexes::remove(&tx, row.organization_id, &[row.id]).await?;
    tx.commit().await?;
    forget::destroy_keys(store, &[row.key_id]).await?;
    let folder = services.search().folder_of(row.id);
    super::engine::remove_folder(&folder).map_err(ServiceError::internal)
}
