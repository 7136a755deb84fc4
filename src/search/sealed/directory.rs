//! The directory: one folder on disk, one key.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

use super::reader::SealedFile;
use super::writer::SealedWriter;
use super::{BlockCache, Secret, whole};

/// What names the segments of an index: an index is as new as this file.
const META: &str = "meta.json";

/// How long somebody waits for a lock that may be waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A folder of sealed files. Cheap to clone.
#[derive(Clone)]
pub struct SealedDirectory(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    key: Secret,
    cache: BlockCache,
    /// How often [`META`] was replaced.
    number: AtomicU64,
    locks: Arc<Locks>,
}

impl SealedDirectory {
    /// A new directory; what is in the folder is removed.
    pub fn create(folder: &Path, key: Secret, cache: BlockCache) -> io::Result<Self> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::DirBuilder::new().recursive(true).create(folder)?;
        Ok(Self::new(folder, key, cache, 0))
    }

    /// A directory that is there. One that was replaced fewer than `at_least` times is an older
    /// copy of what is expected, and is refused.
    pub fn open(folder: &Path, key: Secret, cache: BlockCache, at_least: u64) -> io::Result<Self> {
        let (number, _) = whole::read(folder, Path::new(META), &key)?;
        if number < at_least {
            return Err(super::damaged("the index is an older copy of itself"));
        }
        Ok(Self::new(folder, key, cache, number))
    }

    pub(super) fn new(folder: &Path, key: Secret, cache: BlockCache, number: u64) -> Self {
        let locks = Arc::new(Locks::default());
        let number = number.into();
        Self(Arc::new(Inner { folder: folder.to_owned(), key, cache, number, locks }))
    }

    /// How often the list of its segments was replaced: grows with each commit and merge.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0.number.load(Ordering::Acquire)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Bytes on disk.
    pub fn size(&self) -> io::Result<u64> {
        let mut size = 0;
        for entry in fs::read_dir(&self.0.folder)? {
            // A merge may remove a file meanwhile.
            size += entry?.metadata().map_or(0, |metadata| metadata.len());
        }
        Ok(size)
    }

    /// Removes the files whose names are not to be kept: what a process left that died.
    pub fn sweep(&self, keep: impl Fn(&str) -> bool) -> io::Result<u64> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.0.folder)? {
            let name = entry?.file_name();
            if !name.to_str().is_some_and(&keep) {
                fs::remove_file(self.0.folder.join(&name))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, name: &Path) -> PathBuf {
        self.0.folder.join(name)
    }
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, name: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, name.to_owned());
        let file = File::open(self.path(name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(name.to_owned()),
            _ => failed(error),
        })?;
        let cache = self.0.cache.clone();
        Ok(Arc::new(SealedFile::open(file, &self.0.key, name, cache).map_err(failed)?))
    }

    fn delete(&self, name: &Path) -> Result<(), DeleteError> {
        crate::crash::point();
        fs::remove_file(self.path(name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(name.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: name.to_owned() },
        })
    }

    fn exists(&self, name: &Path) -> Result<bool, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, name.to_owned());
        self.path(name).try_exists().map_err(failed)
    }

    fn open_write(&self, name: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::wrap_io_error(error, name.to_owned());
        let opened =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path(name));
        let file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(name.to_owned()),
            _ => failed(error),
        })?;
        crate::crash::point();
        let writer = SealedWriter::new(file, &self.0.key, name).map_err(failed)?;
        Ok(WritePtr::new(Box::new(writer)))
    }

    fn atomic_read(&self, name: &Path) -> Result<Vec<u8>, OpenReadError> {
        let read = whole::read(&self.0.folder, name, &self.0.key);
        read.map(|(_, content)| content).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(name.to_owned()),
            _ => OpenReadError::wrap_io_error(error, name.to_owned()),
        })
    }

    fn atomic_write(&self, name: &Path, content: &[u8]) -> io::Result<()> {
        let is_meta = name == Path::new(META);
        let number = self.number() + u64::from(is_meta);
        whole::write(&self.0.folder, name, &self.0.key, number, content)?;
        if is_meta {
            self.sync_directory()?;
            self.0.number.store(number, Ordering::Release);
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.0.folder)?.sync_all()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let patience = if lock.is_blocking { PATIENCE } else { Duration::ZERO };
        Locks::take(&self.0.locks, &lock.filepath, patience).ok_or(LockError::LockBusy)
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        // Readers are told by who commits.
        Ok(WatchHandle::empty())
    }
}

impl fmt::Debug for SealedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedDirectory")
            .field("folder", &self.0.folder)
            .field("number", &self.number())
            .finish_non_exhaustive()
    }
}

/// Who has what of the directory for themselves. In memory: a process that dies leaves none, and that
/// no other process works on the folder is seen to for all indexes at once.
#[derive(Default)]
struct Locks {
    held: Mutex<HashSet<PathBuf>>,
    freed: Condvar,
}

impl Locks {
    fn take(locks: &Arc<Self>, name: &Path, patience: Duration) -> Option<DirectoryLock> {
        let held = locks.held.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = locks.freed.wait_timeout_while(held, patience, |held| held.contains(name));
        let (mut held, _) = waited.unwrap_or_else(PoisonError::into_inner);
        held.insert(name.to_owned()).then(|| {
            DirectoryLock::from(Box::new(Held { locks: Arc::clone(locks), name: name.to_owned() }))
        })
    }
}

struct Held {
    locks: Arc<Locks>,
    name: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.locks.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
        self.locks.freed.notify_all();
    }
}
