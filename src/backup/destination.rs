//! A folder of backups of one kind. A backup is written under a temporary name, and named when it
//! is whole; who writes holds the folder's lock.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rustix::fs::FlockOperation;

use super::{BackupError, files};

/// How the time stands in a backup's name.
const TIME: &str = "%Y%m%dT%H%M%SZ";
/// What is not whole yet begins so.
const INCOMPLETE: &str = ".incomplete-";
/// The lock's file.
const LOCK: &str = ".lock";

/// What is in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Data, audit log and objects; no key.
    Data,
    /// The keyring, without the root key.
    Keyring,
}

impl Kind {
    /// As it stands in names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Keyring => "keyring",
        }
    }
}

/// A whole backup in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its folder's name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// When it was made, as its name says.
    pub at: DateTime<Utc>,
}

/// A folder of backups.
#[derive(Debug, Clone)]
pub struct Destination {
    root: PathBuf,
    kind: Kind,
}

/// The right to write into a destination.
#[derive(Debug)]
pub struct Guard(#[expect(dead_code, reason = "its lock ends with it")] File);

impl Destination {
    /// The folder `root`; touches nothing.
    #[must_use]
    pub fn new(root: &Path, kind: Kind) -> Self {
        Self { root: root.to_owned(), kind }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder, keeps others out of it, and clears what a killed run has left.
    pub fn lock(&self) -> Result<Guard, BackupError> {
        files::make_folder(&self.root)?;
        let path = self.root.join(LOCK);
        let file = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(BackupError::at(&path))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(BackupError::Busy { folder: self.root.clone() });
            }
            Err(error) => return Err(BackupError::at(&path)(error.into())),
        }
        for (name, path) in self.entries()? {
            if name.starts_with(INCOMPLETE) {
                std::fs::remove_dir_all(&path).map_err(BackupError::at(&path))?;
                tracing::warn!(backup.name = name, "a backup that was broken off was cleared");
            }
        }
        Ok(Guard(file))
    }

    /// Begins a backup: a folder under a temporary name.
    pub fn begin(&self, _guard: &Guard, at: DateTime<Utc>) -> Result<Unfinished, BackupError> {
        let stem = format!("{}-{}", self.kind.as_str(), at.format(TIME));
        let taken = |name: &String| self.root.join(name).exists();
        let name = std::iter::once(stem.clone())
            .chain((2..1_000).map(|number| format!("{stem}-{number}")))
            .find(|name| !taken(name))
            .unwrap_or(stem);
        let path = self.root.join(format!("{INCOMPLETE}{name}"));
        files::make_folder(&path)?;
        Ok(Unfinished { name, path, root: self.root.clone() })
    }

    /// The whole backups, oldest first. None when there is no folder.
    pub fn list(&self) -> Result<Vec<Found>, BackupError> {
        let mut found: Vec<Found> = self
            .entries()?
            .into_iter()
            .filter_map(|(name, path)| Some(Found { at: self.time_of(&name)?, name, path }))
            .collect();
        found.sort_by(|one, other| (one.at, &one.name).cmp(&(other.at, &other.name)));
        Ok(found)
    }

    /// Removes the backups older than `keep`. With `longest`, the newest stays for so long: a
    /// server that makes none any more shall not lose its last. Returns what was removed.
    pub fn prune(
        &self,
        _guard: &Guard,
        now: DateTime<Utc>,
        keep: TimeDelta,
        longest: Option<TimeDelta>,
    ) -> Result<Vec<String>, BackupError> {
        let found = self.list()?;
        let newest = found.last().map(|found| found.name.clone());
        let mut removed = Vec::new();
        for backup in found {
            let age = now - backup.at;
            let keep = match longest {
                Some(longest) if newest.as_ref() == Some(&backup.name) => longest,
                _ => keep,
            };
            if age > keep {
                // Half removed it must not be taken for a whole one.
                let doomed = self.root.join(format!("{INCOMPLETE}{}", backup.name));
                std::fs::rename(&backup.path, &doomed).map_err(BackupError::at(&backup.path))?;
                files::sync_folder(&self.root)?;
                std::fs::remove_dir_all(&doomed).map_err(BackupError::at(&doomed))?;
                removed.push(backup.name);
            }
        }
        Ok(removed)
    }

    fn time_of(&self, name: &str) -> Option<DateTime<Utc>> {
        let rest = name.strip_prefix(self.kind.as_str())?.strip_prefix('-')?;
        let time = rest.split_once('-').map_or(rest, |(time, _)| time);
        NaiveDateTime::parse_from_str(time, TIME).ok().map(|at| at.and_utc())
    }

    fn entries(&self) -> Result<Vec<(String, PathBuf)>, BackupError> {
        let entries = match std::fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(BackupError::at(&self.root)(error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(BackupError::at(&self.root))?;
            let path = entry.path();
            if let Ok(name) = entry.file_name().into_string()
                && path.is_dir()
            {
                found.push((name, path));
            }
        }
        Ok(found)
    }
}

/// A backup that is being written.
#[derive(Debug)]
pub struct Unfinished {
    name: String,
    path: PathBuf,
    root: PathBuf,
}

impl Unfinished {
    /// Where it is written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It is whole: gives it its name. Returns name and folder.
    pub fn finish(self) -> Result<(String, PathBuf), BackupError> {
        let whole = self.root.join(&self.name);
        files::sync_folder(&self.path)?;
        std::fs::rename(&self.path, &whole).map_err(BackupError::at(&whole))?;
        files::sync_folder(&self.root)?;
        Ok((self.name, whole))
    }
}
