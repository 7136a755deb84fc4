//! What is in memory.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::num::NonZero;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustix::fs::FlockOperation;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::search::find::Kept;
use crate::search::index::ChannelIndex;
use crate::search::language::Languages;
use crate::search::people::People;
use crate::search::sealed::BlockCache;
use crate::search::table::Table;
use crate::store::search_indexes::SearchIndex;

/// Bytes of blocks in the clear, of all indexes together.
const CACHE: usize = 48 << 20;

/// Bytes of what searches have found, of all together.
const KEPT: usize = 24 << 20;

/// Texts of which the language is known: about a hundred bytes each.
const LANGUAGES: usize = 8_000;

/// The file that tells which instance the folder belongs to.
const INSTANCE: &str = "instance";

/// The file that says that a process feeds the indexes of the folder.
const LOCK: &str = "lock";

/// The indexes of this instance. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    cache: BlockCache,
    kept: Kept,
    languages: Languages,
    /// For searches that go on at once.
    room: Arc<Semaphore>,
    instance: OnceLock<Uuid>,
    libraries: RwLock<HashMap<OrganizationId, Arc<Library>>>,
    /// Whether no index is being built.
    is_complete: AtomicBool,
}

/// An organization's tickets and indexes.
#[derive(Debug)]
pub struct Library {
    table: RwLock<Table>,
    /// Whether the table is complete.
    is_loaded: AtomicBool,
    shelves: RwLock<HashMap<ChannelId, Shelf>>,
    /// Customers that colleagues have written something down about.
    people: RwLock<People>,
    /// Which channels have messages in tickets of which others.
    mixed: RwLock<HashSet<(ChannelId, ChannelId)>>,
}

/// An index that can be searched.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    pub(super) row: SearchIndex,
    pub(super) index: Arc<ChannelIndex>,
}

/// This process alone feeds the indexes of the folder, for as long as it lives.
#[derive(Debug)]
pub struct Feeding(#[expect(dead_code, reason = "its lock ends with it")] File);

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

impl Engine {
    /// What is in this folder; nothing is opened yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Inner {
            folder,
            cache: BlockCache::new(CACHE),
            kept: Kept::new(KEPT),
            languages: Languages::new(LANGUAGES),
            room: Arc::new(Semaphore::new(2 * cores())),
            instance: OnceLock::new(),
            libraries: RwLock::default(),
            is_complete: AtomicBool::new(false),
        }))
    }

    /// Whether no index is being built.
    pub(super) fn is_complete(&self) -> bool {
        self.0.is_complete.load(Ordering::Relaxed)
    }

    pub(super) fn set_complete(&self, is_complete: bool) {
        self.0.is_complete.store(is_complete, Ordering::Relaxed);
    }

    pub(super) fn cache(&self) -> &BlockCache {
        &self.0.cache
    }

    /// What searches have found.
    pub(super) fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// Languages of texts that were shown lately.
    pub(super) fn languages(&self) -> &Languages {
        &self.0.languages
    }

    /// Waits until there is room for another search. Each has memory of its own, and to have more of them at once than
    /// can go on makes all of them late.
    pub(super) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.room).acquire_owned().await.ok()
    }

    /// Where an index is.
    pub(super) fn folder_of(&self, id: Uuid) -> PathBuf {
        self.0.folder.join(id.simple().to_string())
    }

    /// Takes the folder for this process, and finds out which instance it is; nothing while another process
    /// has it.
    pub fn take(&self, fresh: Uuid) -> io::Result<Option<Feeding>> {
        let folder = &self.0.folder;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(LOCK))?;
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if self.instance()?.is_none() {
            let path = folder.join(INSTANCE);
            fs::write(&path, fresh.to_string())?;
            File::open(&path)?.sync_all()?;
            self.instance()?;
        }
        Ok(Some(Feeding(lock)))
    }

    /// Which instance the folder belongs to, if it has been used.
    pub fn instance(&self) -> io::Result<Option<Uuid>> {
        if let Some(id) = self.0.instance.get() {
            return Ok(Some(*id));
        }
        let path = self.0.folder.join(INSTANCE);
        let read = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        // One that was broken off is as good as none: indexes are built anew.
        let Ok(id) = read.trim().parse() else { return Ok(None) };
        Ok(Some(*self.0.instance.get_or_init(|| id)))
    }

    /// The folders of indexes that no row names.
    pub(super) fn strays(&self, known: &HashSet<Uuid>) -> io::Result<Vec<PathBuf>> {
        let mut strays = Vec::new();
        for entry in fs::read_dir(&self.0.folder)? {
            let path = entry?.path();
            let id = path.file_name().and_then(|name| Uuid::try_parse(name.to_str()?).ok());
            if id.is_some_and(|id| !known.contains(&id)) {
                strays.push(path);
            }
        }
        Ok(strays)
    }

    /// The organization's tickets and indexes.
    #[must_use]
    pub fn library(&self, id: OrganizationId) -> Arc<Library> {
        if let Some(library) = read(&self.0.libraries).get(&id) {
            return Arc::clone(library);
        }
        Arc::clone(write(&self.0.libraries).entry(id).or_insert_with(|| {
            Arc::new(Library {
                table: RwLock::default(),
                is_loaded: AtomicBool::new(false),
                shelves: RwLock::default(),
                people: RwLock::default(),
                mixed: RwLock::default(),
            })
        }))
    }

    /// Every organization that something is known of.
    pub(super) fn libraries(&self) -> Vec<(OrganizationId, Arc<Library>)> {
        let libraries = read(&self.0.libraries);
        libraries.iter().map(|(id, library)| (*id, Arc::clone(library))).collect()
    }

    /// Lets go of everything that is in memory: the next who feeds begins as after a start.
    pub fn close_all(&self) {
        write(&self.0.libraries).clear();
        self.0.cache.clear();
        self.0.kept.clear();
    }

    /// Whether a term is in the files of a channel's index, opened: in whatever field, and also where every message
    /// that had it was taken out. For a proof that it is not.
    #[must_use]
    pub fn has_word(&self, id: OrganizationId, channel: ChannelId, term: &str) -> bool {
        self.library(id).shelf(channel).is_some_and(|shelf| shelf.index.has_word(term))
    }

    /// Forgets an organization.
    pub(super) fn forget(&self, id: OrganizationId) {
        write(&self.0.libraries).remove(&id);
    }
}

impl Library {
    /// The tickets.
    pub(crate) fn table(&self) -> RwLockReadGuard<'_, Table> {
        read(&self.table)
    }

    pub(super) fn table_mut(&self) -> RwLockWriteGuard<'_, Table> {
        write(&self.table)
    }

    /// Customers that colleagues have written something down about.
    pub(super) fn people(&self) -> RwLockReadGuard<'_, People> {
        read(&self.people)
    }

    pub(super) fn people_mut(&self) -> RwLockWriteGuard<'_, People> {
        write(&self.people)
    }

    /// Whether all tickets are in the table.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.is_loaded.load(Ordering::Acquire)
    }

    pub(super) fn set_loaded(&self) {
        self.is_loaded.store(true, Ordering::Release);
    }

    /// The index of a channel.
    pub(super) fn shelf(&self, channel: ChannelId) -> Option<Shelf> {
        read(&self.shelves).get(&channel).cloned()
    }

    pub(super) fn shelves(&self) -> Vec<Shelf> {
        read(&self.shelves).values().cloned().collect()
    }

    /// Puts an index in the place of the one before.
    pub(super) fn place(&self, new: Shelf) -> Option<Shelf> {
        write(&self.shelves).insert(new.row.channel_id, new)
    }

    pub(super) fn take_away(&self, channel: ChannelId) -> Option<Shelf> {
        write(&self.shelves).remove(&channel)
    }

    /// Messages of the one channel are in tickets of the other.
    pub(super) fn mix(&self, pairs: impl IntoIterator<Item = (ChannelId, ChannelId)>) {
        let pairs: Vec<_> = pairs.into_iter().collect();
        if !pairs.is_empty() && pairs.iter().any(|pair| !read(&self.mixed).contains(pair)) {
            write(&self.mixed).extend(pairs);
        }
    }

    /// The channels whose messages are in tickets of these, beside these.
    pub(super) fn others(&self, channels: &[ChannelId]) -> HashSet<ChannelId> {
        let mixed = read(&self.mixed);
        let others =
            mixed.iter().filter(|(own, home)| channels.contains(home) && !channels.contains(own));
        others.map(|(own, _)| *own).collect()
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the folder of an index that is gone.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
