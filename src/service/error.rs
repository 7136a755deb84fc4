//! What a use case answers when it cannot do what was asked.

use crate::store::StoreError;

/// Why a use case was refused or failed. `http` maps it to a status in one place.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing, or the actor may not know of it.
    #[error("there is no such thing")]
    NotFound,
    /// The actor may know of it, and may not do this.
    #[error("not allowed")]
    Forbidden,
    /// Not signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// No account has this address and password.
    #[error("the credentials are wrong")]
    WrongCredentials,
    /// A field of the request is wrong.
    #[error("{field}: {message}")]
    Invalid {
        /// The field, as it is called in the API.
        field: &'static str,
        /// What is wrong and what would be right; no personal data.
        message: String,
    },
    /// It was changed in the meantime: read it again.
    #[error("it was changed in the meantime")]
    Stale,
    /// The state of the thing forbids the act.
    #[error("{message}")]
    Conflict {
        /// A stable word for programs.
        code: &'static str,
        /// A sentence for people.
        message: String,
    },
    /// Somebody else's server refused or could not be reached.
    #[error("{message}")]
    Upstream {
        /// A stable word for programs.
        code: &'static str,
        /// A sentence for an admin; shown, never logged.
        message: String,
        /// Not before, if it said so.
        retry_after: Option<std::time::Duration>,
    },
    /// What was typed into the search box cannot be understood.
    #[error("{0}")]
    Query(crate::search::query::QueryError),
    /// This instance keeps no search index, or has not read its tickets yet.
    #[error("nothing can be searched here now")]
    SearchUnavailable,
    /// Too many attempts.
    #[error("too many attempts")]
    Throttled {
        /// How long to wait.
        retry_after: std::time::Duration,
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] StoreError),
    /// Something else failed inside.
    #[error("an internal step failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ServiceError {
    /// A field is wrong.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// The state forbids it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// Somebody else's server refused.
    pub fn upstream(code: &'static str, message: impl Into<String>) -> Self {
        Self::Upstream { code, message: message.into(), retry_after: None }
    }

    /// Wraps a failure that no caller can do anything about.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Stale,
            other => Self::Store(other),
        }
    }
}

impl From<crate::crypto::KeyError> for ServiceError {
    fn from(error: crate::crypto::KeyError) -> Self {
        Self::Store(error.into())
    }
}

/// The result of a use case.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;
