//! The home folder: `data/` with the database and blobs and, apart from it, `keys/` with the
//! keyring and the root key, which nobody but Loket's user may read.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::database::Database;
use super::paths::Paths;
use super::problem::Findings;

/// The name of the audit log's file.
const AUDIT: &str = "audit.db";

/// Where everything that is kept on disk lives.
#[derive(Debug, Clone, Default)]
pub struct Home {
    root: PathBuf,
    data: PathBuf,
    keys: PathBuf,
    search: PathBuf,
    database: Option<PathBuf>,
    keyring: Option<PathBuf>,
}

/// Why the home folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// A folder cannot be made or looked at.
    #[error("the folder {} cannot be used ({source})\n  fix: make it writable for Loket's user, or choose another with --home", path.display())]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others than the owner can read keys.
    #[error("others can read {} (mode {mode:04o}), which holds keys\n  fix: chmod {right} {}", path.display(), path.display())]
    Readable {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode that it should have.
        right: &'static str,
    },
}

impl Home {
    /// The home folder `root` with the configured exceptions; touches nothing.
    #[must_use]
    pub fn new(root: &Path, paths: &Paths) -> Self {
        let folder = |configured: &Option<PathBuf>, name| {
            configured.as_ref().map_or_else(|| root.join(name), |path| root.join(path))
        };
        Self {
            root: root.to_owned(),
            data: folder(&paths.data, "data"),
            keys: folder(&paths.keys, "keys"),
            search: folder(&paths.search, "search"),
            database: None,
            keyring: None,
        }
    }

    /// With the files that `database.url` and `database.keyring_url` name.
    #[must_use]
    pub(super) fn with_files_of(mut self, database: &Database) -> Self {
        self.database = database.sqlite().map(|path| self.root.join(path));
        self.keyring = database.keyring_sqlite().map(|path| self.root.join(path));
        self
    }

    /// The home folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The keys folder.
    #[must_use]
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// The folder of the search indexes.
    #[must_use]
    pub fn search(&self) -> PathBuf {
        self.search.clone()
    }

    /// The SQLite database, unless another is configured.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.database.clone().unwrap_or_else(|| self.data.join("loket.db"))
    }

    /// The SQLite database of the audit log, beside the data's.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.database().with_file_name(AUDIT)
    }

    /// Sealed blobs, unless an object store is configured.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }

    /// The keyring's SQLite database, unless another is configured.
    #[must_use]
    pub fn keyring(&self) -> PathBuf {
        self.keyring.clone().unwrap_or_else(|| self.keys.join("keyring.db"))
    }

    /// The root key.
    #[must_use]
    pub fn root_key(&self) -> PathBuf {
        self.keys.join("root.key")
    }

    /// Makes the folders, readable by their owner only, and refuses keys that others can read.
    pub fn prepare(&self) -> Result<(), HomeError> {
        let of_database = self.database.as_deref().and_then(Path::parent);
        for folder in [&self.data, &self.keys].map(PathBuf::as_path).into_iter().chain(of_database)
        {
            make(folder)?;
        }
        self.check_keys()
    }

    /// Refuses keys that others than their owner can read.
    pub fn check_keys(&self) -> Result<(), HomeError> {
        let unusable = |source| HomeError::Unusable { path: self.keys.clone(), source };
        private(&self.keys, &fs::metadata(&self.keys).map_err(unusable)?)?;
        for entry in fs::read_dir(&self.keys).map_err(unusable)? {
            let path = entry.map_err(unusable)?.path();
            // SQLite removes its -wal and -shm files at any time.
            if let Ok(metadata) = fs::metadata(&path) {
                private(&path, &metadata)?;
            }
        }
        Ok(())
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        if self.keys.starts_with(&self.data) {
            findings.add(
                "paths.keys",
                format!("\"{}\" is inside the data folder", self.keys.display()),
                "keep keys apart from data, so that no backup of the data holds them",
            );
        } else if self.data.starts_with(&self.keys) {
            findings.add(
                "paths.data",
                format!("\"{}\" is inside the keys folder", self.data.display()),
                "keep data apart from keys, so that no backup of the keys holds data",
            );
        }
        if let Some(path) = self.keyring.as_ref().filter(|path| path.starts_with(&self.data)) {
            findings.add(
                "database.keyring_url",
                format!("\"{}\" is inside the data folder", path.display()),
                "keep keys apart from data, so that no backup of the data holds them",
            );
        }
        let Some(path) = &self.database else { return };
        if path.starts_with(&self.keys) {
            findings.add(
                "database.url",
                format!("\"{}\" is inside the keys folder", path.display()),
                "keep data apart from keys, so that no backup of the keys holds data",
            );
        }
        if path.file_name().is_some_and(|name| name == AUDIT) {
            findings.add(
                "database.url",
                format!("\"{AUDIT}\" is the name of the audit log, which lies beside the data"),
                "give the file another name",
            );
        }
    }
}

fn make(folder: &Path) -> Result<(), HomeError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| HomeError::Unusable { path: folder.to_owned(), source })
}

fn private(path: &Path, metadata: &Metadata) -> Result<(), HomeError> {
    let mode = metadata.permissions().mode() & 0o777;
    // The owner's bits only.
    if mode & 0o700 == mode {
        return Ok(());
    }
    let right = if metadata.is_dir() { "700" } else { "600" };
    Err(HomeError::Readable { path: path.to_owned(), mode, right })
}
