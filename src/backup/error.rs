//! What can go wrong with a backup.

use std::path::{Path, PathBuf};

/// Why a backup could not be made, read or believed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder could not be read or written.
    #[error("{} cannot be used", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// SQLite could not copy itself.
    #[error("the database could not be copied")]
    Copy(#[source] sqlx::Error),
    /// PostgreSQL's tool is not there.
    #[error(
        "{name} was not found: install PostgreSQL's client programs (on Debian: apt-get install \
         postgresql-client), of the server's version or newer, or name their folder in \
         backup.postgres_tools"
    )]
    NoTool {
        /// Its name.
        name: &'static str,
    },
    /// PostgreSQL's tool failed.
    #[error("{name} failed: {said}")]
    Tool {
        /// Its name.
        name: &'static str,
        /// Its last words.
        said: String,
    },
    /// Somebody else works on the same destination.
    #[error("another backup is being made in {}; try again when it is done", folder.display())]
    Busy {
        /// The destination.
        folder: PathBuf,
    },
    /// Backups of the keyring are turned off.
    #[error(
        "privacy.keyring_backup_days is 0, so that backups of the keyring are not kept; raise it \
         to make them"
    )]
    KeyringNotKept,
    /// There is no whole backup.
    #[error(
        "{} is not a backup: it has no manifest. Name the folder of one backup, such as \
         backups/data-20260302T090000Z", path.display()
    )]
    NotABackup {
        /// What was named.
        path: PathBuf,
    },
    /// It is a backup of something else.
    #[error("{} is a backup of the {found}, not of the {wanted}", path.display())]
    OtherKind {
        /// What was named.
        path: PathBuf,
        /// What it is.
        found: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// It was made by a newer Loket.
    #[error("{} was made by a newer version of Loket: upgrade first", path.display())]
    Newer {
        /// The file that tells so.
        path: PathBuf,
    },
    /// It is not as it was made.
    #[error("{} is damaged or was altered: {what}. Use another backup", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: &'static str,
    },
    /// A line of a forget-list is none.
    #[error("{}: entry {number} of the forget-list is damaged or was altered", path.display())]
    ForgetList {
        /// The file.
        path: PathBuf,
        /// Which entry, counted by lines.
        number: u64,
    },
    /// Objects could not be read or written.
    #[error("large mail could not be copied")]
    Blob(#[from] crate::blob::BlobError),
}

impl BackupError {
    /// Names the file that an error of the operating system is about.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// Something in the file `path` does not fit.
    pub(super) fn altered(path: &Path, what: &'static str) -> Self {
        Self::Altered { path: path.to_owned(), what }
    }
}
