//! Backups on disk: what lies where, whole or not at all, and signed.
//!
//! In order: `service::backup` opens a [`Destination`] and locks it, which clears what a killed
//! run left behind. [`copy`] copies a database while it is in use (`VACUUM INTO`, or `pg_dump`)
//! into a folder under a temporary name; [`Pool`] takes the objects that it lacks; a [`Manifest`]
//! of everything is signed and written last; then the folder gets its name. [`verify()`] reads it
//! all again. [`ForgetFile`] is the forget-list beside the backups, which outlives them. [`aside`] names
//! and prunes what a restore moved out of its way.
//!
//! ```text
//! backups/                      keyring-backups/
//!   forget-list                   forget-list
//!   blobs/ab/abcdef…              keyring-20260302T090000Z/
//!   data-20260302T090000Z/          manifest.json, manifest.sig
//!     manifest.json, manifest.sig   forget-list
//!     forget-list                   keyring.db (or keyring.dump)
//!     loket.db, audit.db (or loket.dump)
//! ```
//! Nothing here opens a store or knows what is in a database.
//!
//! To extend: what a later version must know of a backup is a further field of the manifest, with
//! a default; a change that older versions cannot read gets the next [`manifest::FORMAT`].

pub mod aside;
pub mod copy;
mod destination;
mod error;
mod files;
mod forget_file;
pub mod manifest;
mod pool;
mod verify;

use std::path::PathBuf;

use secrecy::SecretString;

pub use destination::{Destination, Found, Guard, Kind};
pub use error::BackupError;
pub use files::sync_folder;
pub use forget_file::ForgetFile;
pub use manifest::{BlobEntry, DatabaseKind, FileEntry, Manifest, Seal};
pub use pool::Pool;
pub use verify::{Verified, verify};

/// The forget-list's name, in each destination and in each backup.
pub const FORGET_LIST: &str = "forget-list";

/// Where the data is that is backed up.
#[derive(Debug, Clone)]
pub enum DataPlace {
    /// Two files.
    Sqlite {
        /// The data database.
        database: PathBuf,
        /// The audit log.
        audit: PathBuf,
    },
    /// A connection string.
    Postgres(SecretString),
}

/// Where the keyring is that is backed up.
#[derive(Debug, Clone)]
pub enum KeyringPlace {
    /// A file.
    Sqlite(PathBuf),
    /// A connection string.
    Postgres(SecretString),
}

/// Everything that is configured about backups.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the data's backups go.
    pub folder: PathBuf,
    /// Where the keyring's backups go.
    pub keyring_folder: PathBuf,
    /// One more place for the forget-list.
    pub forget_list: Option<PathBuf>,
    /// Days that the data's backups are kept.
    pub keep_days: u32,
    /// Days after which even the last one goes.
    pub longest_days: u32,
    /// Days that the keyring's backups are kept.
    pub keyring_keep_days: u32,
    /// Hours between two backups of the server's own; 0: none.
    pub every_hours: u32,
    /// The folder of PostgreSQL's tools.
    pub tools: Option<PathBuf>,
    /// What is backed up.
    pub data: DataPlace,
    /// What is backed up apart from it.
    pub keyring: KeyringPlace,
}

impl Settings {
    /// Every file that keeps the forget-list.
    #[must_use]
    pub fn forget_files(&self) -> Vec<ForgetFile> {
        let mut files = vec![
            ForgetFile::new(self.folder.join(FORGET_LIST)),
            ForgetFile::new(self.keyring_folder.join(FORGET_LIST)),
        ];
        files.extend(self.forget_list.clone().map(ForgetFile::new));
        files
    }
}
