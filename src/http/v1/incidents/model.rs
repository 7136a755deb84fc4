//! What is asked of the audit log.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// The window, and whom or what it is about.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IncidentQuery {
    /// From then on.
    pub from: DateTime<Utc>,
    /// Until before then.
    pub to: DateTime<Utc>,
    /// Only what this user did, by their id.
    pub user: Option<Uuid>,
    /// Only what was done to this mailbox, by its id; and lists over several mailboxes.
    pub mailbox: Option<Uuid>,
    /// When the incident became known: the 72 hours count from then. Now, unless it is given.
    pub aware_at: Option<DateTime<Utc>>,
}
