//! Mail that could not be processed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::v1::tickets::model::MailboxRef;
use crate::service::quarantine::Quarantined;

/// Which mails, and which page of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// Only those of this mailbox, by its id.
    #[param(required = false, value_type = Uuid)]
    pub mailbox: Option<Uuid>,
    /// Only those that lie there for this reason.
    #[param(required = false, value_type = String)]
    pub reason: Option<String>,
    /// Only those that came in from then on.
    #[param(required = false, value_type = DateTime<Utc>)]
    pub from: Option<DateTime<Utc>>,
    /// Only those that came in before then.
    #[param(required = false, value_type = DateTime<Utc>)]
    pub to: Option<DateTime<Utc>>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = String)]
    pub cursor: Option<String>,
}

/// A mail that could not be processed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuarantinedMail {
    /// Its id.
    pub id: Uuid,
    /// The mailbox that it came in by.
    pub mailbox: MailboxRef,
    /// Why, in a stable word.
    pub reason: String,
    /// When the provider took it or, where that is not known, Loket saw it.
    pub at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i32,
    /// Its size in bytes, where it could be fetched.
    pub size: Option<i64>,
}

impl From<Quarantined> for QuarantinedMail {
    fn from(mail: Quarantined) -> Self {
        let entry = mail.entry;
        Self {
            id: entry.id.0,
            mailbox: MailboxRef {
                id: entry.channel_id.0,
                name: mail.mailbox_name,
                disconnected: false,
                due_at: None,
            },
            at: entry.received_at.unwrap_or(entry.seen_at),
            reason: entry.reason.unwrap_or_else(|| "other".to_owned()),
            attempts: entry.attempts,
            size: mail.size,
        }
    }
}
