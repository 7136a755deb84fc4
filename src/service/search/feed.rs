//! Feeds the indexes, for as long as the server runs.
//!
//! In order, at the start: rows of indexes that were being built are taken away, those that are ready are opened, and
//! what does not open is built anew. Then, whenever an event log has grown: the tickets that its events name are
//! compared ([`reconcile`]) and the log's position is written once the indexes are on disk. A process that dies in
//! between does the same again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::build::{self, Built};
use super::engine::{Feeding, Library, Shelf};
use super::people;
use super::reconcile::{self, Touched, blocking};
use crate::domain::ids::{ChannelId, ContactId, OrganizationId, TicketId};
use crate::domain::words::EventKind;
use crate::search::index::IndexError;
use crate::service::{Result, ServiceError, Services};
use crate::store::events::{self, Event};
use crate::store::search_indexes::{self, SearchIndex};
use crate::store::{channels, forget, searching};

/// How often to look for what other instances, and the command line, have written.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait after something has happened, for more of it.
const GATHER: Duration = Duration::from_millis(250);

/// Events that are read at once.
const PAGE: u64 = 500;

/// A writer that has had nothing to do for so long goes.
const REST_AFTER: Duration = Duration::from_secs(20);

/// Writers at once.
const WRITERS: usize = 3;

/// Words of what was deleted are out of the files after this time, and a little.
const EXPUNGE_AFTER: chrono::Duration = chrono::Duration::hours(12);

/// How often an instance writes down that it is there.
const SEEN_EVERY: chrono::Duration = chrono::Duration::hours(1);

/// An instance that was not there for so long has gone: its rows and keys go too. One that comes back builds anew.
const GONE_AFTER: chrono::Duration = chrono::Duration::days(30);

/// After a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// Tickets that are read into the table at once.
const TICKETS: u64 = 2_000;

/// Feeds until it is told to stop.
pub async fn run(services: &Services, shutdown: CancellationToken) {
    let Some(mut feeder) = Feeder::begin(services) else { return };
    let mut signals = services.store().signals();
    while !shutdown.is_cancelled() {
        let pause = match feeder.step().await {
            Ok(true) => continue,
            Ok(false) => LOOK_EVERY,
            Err(error) => {
                warn(&error, "the search indexes cannot be fed; trying again");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            signal = signals.recv() => match signal {
                // Mail comes in bursts: each commit makes a segment and waits for the disk.
                Ok(_) | Err(RecvError::Lagged(_)) => tokio::time::sleep(GATHER).await,
                Err(RecvError::Closed) => break,
            },
            () = tokio::time::sleep(pause) => {}
            () = feeder.built() => {}
        }
    }
    feeder.end().await;
}

/// What feeds.
#[derive(Debug)]
pub struct Feeder {
    services: Services,
    _feeding: Feeding,
    instance: Uuid,
    has_begun: bool,
    positions: HashMap<OrganizationId, i64>,
    building: JoinSet<(SearchIndex, Result<Built>)>,
    /// What was built and is to be told the rest.
    finished: Vec<(SearchIndex, Result<Built>)>,
    being_built: HashSet<ChannelId>,
    /// Channels whose keys are gone.
    dead: HashSet<ChannelId>,
    used: HashMap<Uuid, Instant>,
    /// When this was last written down.
    seen: Option<DateTime<Utc>>,
}

impl Feeder {
    /// Nothing when another process feeds the folder, or it cannot be used.
    #[must_use]
    pub fn begin(services: &Services) -> Option<Self> {
        let taken = services.search().take(services.store().new_id());
        let instance = services.search().instance();
        match (taken, instance) {
            (Ok(Some(feeding)), Ok(Some(instance))) => Some(Self {
                services: services.clone(),
                _feeding: feeding,
                instance,
                has_begun: false,
                positions: HashMap::new(),
                building: JoinSet::new(),
                finished: Vec::new(),
                being_built: HashSet::new(),
                dead: HashSet::new(),
                used: HashMap::new(),
                seen: None,
            }),
            (Ok(None), _) => {
                tracing::warn!("another process has the search folder: nothing is indexed here");
                None
            }
            (Err(error), _) | (_, Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the search folder cannot be used: nothing is indexed");
                None
            }
            (Ok(Some(_)), Ok(None)) => None,
        }
    }

    /// Does what there is to do; whether there may be more at once.
    pub async fn step(&mut self) -> Result<bool> {
        let store = self.services.store().clone();
        let rows = search_indexes::list(&store, self.instance).await?;
        let organizations = searching::last_events(&store).await?;
        if !self.has_begun {
            self.clear_up(&rows).await?;
            self.has_begun = true;
        }
        let closed = self.close_gone(&rows, &organizations)?;
        let mut more = false;
        for (id, last) in organizations {
            if closed.contains(&id) {
                self.come_back(id, last, &rows).await?;
            }
            more |= self.organization(id, last, &rows).await?;
        }
        while let Some(Ok(ended)) = self.building.try_join_next() {
            self.finished.push(ended);
        }
        for (row, built) in std::mem::take(&mut self.finished) {
            self.finish(&row, built).await?;
            more = true;
        }
        self.tend().await?;
        self.be_seen().await?;
        self.services.search().set_complete(self.is_complete());
        Ok(more)
    }

    /// Until something that was being built is; for ever when nothing is being built.
    pub async fn built(&mut self) {
        match self.building.join_next().await {
            Some(Ok(ended)) => self.finished.push(ended),
            Some(Err(_)) => {}
            None => std::future::pending().await,
        }
    }

    /// Whether nothing is being built.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.has_begun && self.being_built.is_empty()
    }

    /// Lets go of the writers.
    pub async fn end(mut self) {
        self.building.shutdown().await;
        for (_, library) in self.services.search().libraries() {
            for kept in library.shelves() {
                if let Err(error) = self.rest(&kept).await {
                    warn(&error, "an index did not close well");
                }
            }
        }
    }

    /// What a process left that was building when it died, and folders that no row names.
    async fn clear_up(&self, rows: &[SearchIndex]) -> Result<()> {
        for row in rows.iter().filter(|row| !row.is_ready) {
            build::discard(&self.services, row).await?;
        }
        let known = rows.iter().filter(|row| row.is_ready).map(|row| row.id).collect();
        let strays = self.services.search().strays(&known).map_err(ServiceError::internal)?;
        for stray in strays {
            super::engine::remove_folder(&stray).map_err(ServiceError::internal)?;
        }
        Ok(())
    }

    /// Begins again where others have removed what this instance had: its machine slept for long.
    async fn come_back(
        &mut self,
        id: OrganizationId,
        last: i64,
        rows: &[SearchIndex],
    ) -> Result<()> {
        let known = search_indexes::position(self.services.store(), id, self.instance).await?;
        if known.is_some() {
            return Ok(());
        }
        self.set_position(id, last).await?;
        self.positions.insert(id, last);
        let library = self.services.search().library(id);
        self.load(id, &library).await?;
        self.shelve(id, &library, rows).await
    }

    /// Closes indexes whose channel is gone, and forgets organizations that are. In which some were closed.
    fn close_gone(
        &mut self,
        rows: &[SearchIndex],
        organizations: &[(OrganizationId, i64)],
    ) -> Result<HashSet<OrganizationId>> {
        let mut closed = HashSet::new();
        let known: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
        let engine = self.services.search();
        for (id, library) in engine.libraries() {
            for kept in library.shelves() {
                if !known.contains(&kept.row.id) {
                    library.take_away(kept.row.channel_id);
                    engine.kept().clear();
                    library.table_mut().retain(|row| row.channel != kept.row.channel_id);
                    let folder = engine.folder_of(kept.row.id);
                    super::engine::remove_folder(&folder).map_err(ServiceError::internal)?;
                    closed.insert(id);
                }
            }
            if !organizations.iter().any(|(known, _)| *known == id) {
                engine.forget(id);
                self.positions.remove(&id);
            }
        }
        Ok(closed)
    }

    async fn organization(
        &mut self,
        id: OrganizationId,
        last: i64,
        rows: &[SearchIndex],
    ) -> Result<bool> {
        let store = self.services.store().clone();
        let library = self.services.search().library(id);
        if !self.positions.contains_key(&id) {
            let known = search_indexes::position(&store, id, self.instance).await?;
            let (first, newest) = events::bounds(&store, id).await?;
            // A log that does not reach back, or that has been put back, tells nothing of what is missing.
            let fits = known.filter(|known| *known <= newest.max(last) && known + 1 >= first);
            if known.is_some() && fits.is_none() {
                for row in rows.iter().filter(|row| row.organization_id == id && row.is_ready) {
                    build::discard(&self.services, row).await?;
                }
                self.set_position(id, last).await?;
                self.positions.insert(id, last);
                return Ok(true);
            }
            let position = fits.unwrap_or(last);
            if fits.is_none() {
                self.set_position(id, position).await?;
            }
            self.positions.insert(id, position);
        }
        if !library.is_loaded() {
            self.load(id, &library).await?;
            self.shelve(id, &library, rows).await?;
        }
        for row in rows.iter().filter(|row| row.organization_id == id && row.rebuild_asked) {
            self.build(id, row.channel_id).await?;
        }
        let position = self.positions.get(&id).copied().unwrap_or(last);
        if position >= last {
            return Ok(false);
        }
        let more = self.catch_up(id, &library, position).await?;
        self.shelve(id, &library, rows).await?;
        Ok(more)
    }

    async fn set_position(&self, id: OrganizationId, position: i64) -> Result<()> {
        let tx = self.services.store().begin().await?;
        search_indexes::set_position(&tx, id, self.instance, position).await?;
        Ok(tx.commit().await?)
    }

    /// Reads the organization's tickets into memory.
    async fn load(&self, id: OrganizationId, library: &Library) -> Result<()> {
        let store = self.services.store();
        let mut after: Option<TicketId> = None;
        loop {
            let rows = searching::ticket_rows(store, id, after, TICKETS).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            let mut table = library.table_mut();
            for row in rows {
                table.put(row);
            }
        }
        library.mix(searching::mixed(store, id).await?);
        people::load(&self.services, id, library).await?;
        library.set_loaded();
        Ok(())
    }

    /// Opens what is ready and is not open; builds what is missing.
    async fn shelve(
        &mut self,
        id: OrganizationId,
        library: &Library,
        rows: &[SearchIndex],
    ) -> Result<()> {
        for channel in channels::list(self.services.store(), id).await? {
            if library.shelf(channel.id).is_some() || self.being_built.contains(&channel.id) {
                continue;
            }
            let row = rows.iter().find(|row| row.channel_id == channel.id && row.is_ready);
            let Some(row) = row else {
                self.build(id, channel.id).await?;
                continue;
            };
            match build::open(&self.services, row).await? {
                Ok(kept) => _ = library.place(kept),
                Err(error) => {
                    warn(&error, "an index is built anew");
                    build::discard(&self.services, row).await?;
                    self.build(id, channel.id).await?;
                }
            }
        }
        Ok(())
    }

    /// Begins to build the index of a channel, unless that is going on.
    async fn build(&mut self, id: OrganizationId, channel: ChannelId) -> Result<()> {
        if self.dead.contains(&channel) || !self.being_built.insert(channel) {
            return Ok(());
        }
        let since = self.positions.get(&id).copied().unwrap_or(0);
        let kept = match build::begin(&self.services, self.instance, id, channel).await? {
            Some(Ok(kept)) => kept,
            Some(Err(error)) => return Err(ServiceError::internal(error)),
            // It is being purged.
            None => {
                self.being_built.remove(&channel);
                self.dead.insert(channel);
                return Ok(());
            }
        };
        let services = self.services.clone();
        self.building.spawn(async move {
            let row = kept.row.clone();
            let filled = build::fill(&services, &kept).await;
            let built = filled.and_then(|filled| {
                filled.map(|()| Built { shelf: kept, since }).map_err(ServiceError::internal)
            });
            (row, built)
        });
        Ok(())
    }

    /// Tells what was built the rest, and puts it in the place of the one before.
    async fn finish(&mut self, row: &SearchIndex, built: Result<Built>) -> Result<()> {
        self.being_built.remove(&row.channel_id);
        let Built { shelf: mut kept, since } = match built {
            Ok(built) => built,
            Err(error) => {
                warn(&error, "an index could not be built; it is begun again");
                build::discard(&self.services, row).await?;
                return self.build(row.organization_id, row.channel_id).await;
            }
        };
        let store = self.services.store().clone();
        let library = self.services.search().library(row.organization_id);
        let until = self.positions.get(&row.organization_id).copied().unwrap_or(since);
        let mut position = since;
        while position < until {
            let found = events::list_after(&store, row.organization_id, position, PAGE).await?;
            let Some(last) = found.last() else { break };
            position = last.number;
            let touched = touched(&found);
            let only = std::slice::from_ref(&kept);
            reconcile::run(&self.services, row.organization_id, &library, only, &touched).await?;
        }
        let (number, count) = (kept.index.number(), kept.index.count());
        let before = library.shelf(row.channel_id);
        // The old row goes first: of each channel one is ready.
        let old: Vec<SearchIndex> = search_indexes::list(&store, self.instance)
            .await?
            .into_iter()
            .filter(|old| old.is_ready && old.channel_id == row.channel_id)
            .collect();
        let tx = store.begin().await?;
        for old in &old {
            search_indexes::remove(&tx, old.organization_id, &[old.id]).await?;
        }
        search_indexes::set_ready(&tx, row, number, count).await?;
        tx.commit().await?;
        kept.row.is_ready = true;
        kept.row.number = number;
        library.place(kept);
        drop(before);
        for old in old {
            build::discard(&self.services, &old).await?;
        }
        Ok(())
    }

    /// Reads what has happened and tells the indexes; whether there is more.
    async fn catch_up(
        &mut self,
        id: OrganizationId,
        library: &Library,
        position: i64,
    ) -> Result<bool> {
        let store = self.services.store().clone();
        let found = events::list_after(&store, id, position, PAGE).await?;
        let Some(last) = found.last() else { return Ok(false) };
        let (last, more) = (last.number, found.len() as u64 == PAGE);
        let touched = touched(&found);
        let contacts: Vec<ContactId> = touched.contacts.iter().copied().collect();
        people::refresh(&self.services, id, library, &contacts).await?;
        if touched.is_empty() {
            self.set_position(id, last).await?;
        } else {
            let shelves = library.shelves();
            let worked = reconcile::run(&self.services, id, library, &shelves, &touched).await?;
            let mut numbers = Vec::new();
            for work in worked {
                let row = &work.shelf.row;
                match work.end {
                    Ok(()) => numbers.push((row.id, work.shelf.index.number())),
                    Err(error) => self.replace(library, &work.shelf, &error).await?,
                }
                self.used.insert(row.id, Instant::now());
            }
            let tx = store.begin().await?;
            for (index, number) in numbers {
                search_indexes::set_number(&tx, (id, index), number).await?;
            }
            search_indexes::set_position(&tx, id, self.instance, last).await?;
            tx.commit().await?;
        }
        self.positions.insert(id, last);
        Ok(more)
    }

    /// An index that is damaged is built anew.
    async fn replace(&mut self, library: &Library, kept: &Shelf, error: &IndexError) -> Result<()> {
        warn(error, "an index is damaged and is built anew");
        library.take_away(kept.row.channel_id);
        build::discard(&self.services, &kept.row).await?;
        self.build(kept.row.organization_id, kept.row.channel_id).await
    }

    /// Lets go of writers that have nothing to do, and rewrites what holds words of what was deleted.
    async fn tend(&mut self) -> Result<()> {
        let now = self.services.store().now();
        let mut writing = Vec::new();
        for (_, library) in self.services.search().libraries() {
            for kept in library.shelves() {
                if now - kept.row.expunged_at > EXPUNGE_AFTER {
                    self.expunge(&library, kept.clone()).await?;
                }
                if kept.index.is_writing() {
                    writing.push((self.used.get(&kept.row.id).copied(), kept));
                }
            }
        }
        writing.sort_by_key(|(used, _)| std::cmp::Reverse(*used));
        for (place, (used, kept)) in writing.into_iter().enumerate() {
            if place >= WRITERS || used.is_none_or(|used| used.elapsed() > REST_AFTER) {
                self.rest(&kept).await?;
            }
        }
        self.services.search().cache().tidy();
        Ok(())
    }

    /// Each hour: writes down that this instance is there, removes what those left that are not, and lets go of
    /// customers who are gone.
    async fn be_seen(&mut self) -> Result<()> {
        let store = self.services.store().clone();
        let now = store.now();
        if self.seen.is_some_and(|seen| now - seen < SEEN_EVERY) {
            return Ok(());
        }
        let tx = store.begin().await?;
        search_indexes::set_seen(&tx, self.instance).await?;
        tx.commit().await?;
        let before = now - GONE_AFTER;
        for instance in search_indexes::instances_gone(&store, before).await? {
            let tx = store.begin().await?;
            let keys = search_indexes::remove_instance(&tx, instance, before).await?;
            tx.commit().await?;
            forget::destroy_keys(&store, &keys).await?;
            tracing::info!(%instance, indexes = keys.len(), "removed what an instance left that has gone");
        }
        if self.seen.is_some() {
            for (id, library) in self.services.search().libraries() {
                if library.is_loaded() {
                    people::load(&self.services, id, &library).await?;
                }
            }
        }
        self.seen = Some(now);
        Ok(())
    }

    async fn rest(&self, kept: &Shelf) -> Result<()> {
        let index = Arc::clone(&kept.index);
        if let Err(error) = blocking(move || index.rest()).await? {
            warn(&error, "an index did not come to rest");
        }
        self.write_number(kept).await
    }

    async fn write_number(&self, kept: &Shelf) -> Result<()> {
        let tx = self.services.store().begin().await?;
        let of = (kept.row.organization_id, kept.row.id);
        search_indexes::set_number(&tx, of, kept.index.number()).await?;
        Ok(tx.commit().await?)
    }

    async fn expunge(&mut self, library: &Library, mut kept: Shelf) -> Result<()> {
        let now = self.services.store().now();
        let index = Arc::clone(&kept.index);
        match blocking(move || index.expunge()).await? {
            Ok(count) => {
                // It may name words of what was deleted.
                self.services.search().kept().clear();
                if count > 0 {
                    tracing::info!(segments = count, index = %kept.row.id, "rewrote what held deleted words");
                }
                let tx = self.services.store().begin().await?;
                let of = (kept.row.organization_id, kept.row.id);
                search_indexes::set_expunged(&tx, of, kept.index.number(), now).await?;
                tx.commit().await?;
                kept.row.expunged_at = now;
                library.place(kept);
                Ok(())
            }
            Err(error) => self.replace(library, &kept, &error).await,
        }
    }
}

/// Apart, so that nothing of the error is kept while something is waited for.
fn warn(error: &(dyn std::error::Error + 'static), message: &'static str) {
    tracing::warn!(error, message);
}

/// What these events are about.
fn touched(found: &[Event]) -> Touched {
    let mut touched = Touched::default();
    for event in found {
        touched.tickets.extend(event.ticket_id);
        if event.kind == EventKind::MessageChanged.as_str() {
            touched.changed.extend(event.message_id);
        }
        if event.kind == EventKind::ContactChanged.as_str() {
            let id = event.data.get("contact").and_then(|id| id.as_str()?.parse().ok());
            touched.contacts.extend(id.map(ContactId));
        }
        if event.kind == EventKind::TicketRemoved.as_str() {
            touched.gone.extend(event.data.get("number").and_then(serde_json::Value::as_u64));
        }
    }
    touched
}
