//! What can go wrong in the store.

use sea_orm::{DbErr, SqlErr};

use crate::crypto::{CryptoError, KeyError};
use crate::domain::words::UnknownWord;

/// What can go wrong in the store. A missing row is no error: it is `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("the database failed")]
    Database(#[source] DbErr),
    /// A row with the same unique value is there already.
    #[error("there is one already")]
    Duplicate(#[source] DbErr),
    /// Somebody else changed the row in the meantime.
    #[error("it was changed in the meantime")]
    Stale,
    /// A key is missing, destroyed, or cannot be read.
    #[error("a key cannot be used")]
    Key(#[from] KeyError),
    /// A sealed value does not open: it was altered, moved, or its key is wrong.
    #[error("a sealed value does not open")]
    Sealed(#[from] CryptoError),
    /// A row holds what no version of this program wrote.
    #[error("a row of {table} is damaged: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong; never the content.
        what: &'static str,
    },
    /// A word in a row does not belong to its set.
    #[error("a row is damaged")]
    Word(#[from] UnknownWord),
    /// Database and keyring belong to different servers.
    #[error(transparent)]
    Unpaired(#[from] super::pairing::Unpaired),
    /// The copies of the forget-list do not agree.
    #[error(transparent)]
    Forget(#[from] super::reconcile::Disagreement),
    /// A backup, or a file beside it.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupError),
    /// A blob does not open, or the object store failed.
    #[error("the object store failed")]
    Blob(#[from] crate::blob::BlobError),
    /// Values could not be written as or read from JSON.
    #[error("a stored document is damaged")]
    Json(#[source] serde_json::Error),
}

impl StoreError {
    /// Whether a row could not be written since one that it names is gone.
    #[must_use]
    pub fn names_what_is_gone(&self) -> bool {
        let Self::Database(error) = self else { return false };
        matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Duplicate(error),
            _ => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
    }
}

/// The store's result.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
