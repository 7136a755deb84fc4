//! Retention as the browser sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::retention::Rule;
use crate::domain::words::Afterwards;
use crate::service::retention::{Run, View};

/// How long a mailbox's mail is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Retention {
    /// Months after a ticket's last message, whatever its status.
    pub months: u32,
    /// What becomes of the ticket then.
    pub then: Afterwards,
    /// Days that spam is kept.
    pub spam_days: u32,
    /// Days that trash is kept.
    pub trash_days: u32,
    /// Days that mail is kept that could not be processed.
    pub quarantine_days: u32,
    /// Whether the rule waits for an admin's confirmation; nothing is removed before.
    pub waits: bool,
    /// What it would remove tonight.
    pub preview: RetentionPreview,
    /// What it has removed, the newest first.
    pub log: Vec<RetentionRun>,
    /// Rises with each change of the rule; what a change says in `If-Match`.
    pub version: i32,
}

/// What a rule would remove tonight.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionPreview {
    /// How many tickets.
    pub tickets: u64,
    /// The last message of the oldest of them.
    pub oldest_at: Option<DateTime<Utc>>,
    /// Tickets that are not closed and whose time is over within 30 days.
    pub open_soon: Vec<RetentionTicket>,
}

/// A ticket whose time is over soon.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionTicket {
    /// Its number.
    pub number: i64,
    /// Its last message.
    pub last_message_at: DateTime<Utc>,
}

/// What one night has removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionRun {
    /// When.
    pub at: DateTime<Utc>,
    /// Tickets that were deleted for their age.
    pub deleted: i64,
    /// Tickets that were made anonymous.
    pub anonymized: i64,
    /// Spam.
    pub spam: i64,
    /// Trash.
    pub trash: i64,
    /// Mail that could not be processed.
    pub quarantined: i64,
    /// Tickets that a hold has kept.
    pub held: i64,
}

impl From<Run> for RetentionRun {
    fn from(run: Run) -> Self {
        Self {
            at: run.at,
            deleted: run.removed.deleted,
            anonymized: run.removed.anonymized,
            spam: run.removed.spam,
            trash: run.removed.trash,
            quarantined: run.removed.quarantined,
            held: run.removed.held,
        }
    }
}

impl From<View> for Retention {
    fn from(view: View) -> Self {
        let rule = view.stored.rule;
        Self {
            months: rule.months,
            then: rule.then,
            spam_days: rule.spam_days,
            trash_days: rule.trash_days,
            quarantine_days: rule.quarantine_days,
            waits: view.stored.waits,
            preview: RetentionPreview {
                tickets: view.preview.tickets,
                oldest_at: view.preview.oldest_at,
                open_soon: view
                    .preview
                    .open_soon
                    .into_iter()
                    .map(|(number, last_message_at)| RetentionTicket { number, last_message_at })
                    .collect(),
            },
            log: view.log.into_iter().map(RetentionRun::from).collect(),
            version: view.stored.version,
        }
    }
}

/// How long the mailbox's mail is to be kept.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct RetentionRequest {
    /// Months after a ticket's last message.
    pub months: u32,
    /// What becomes of the ticket then.
    pub then: Afterwards,
    /// Days that spam is kept.
    pub spam_days: u32,
    /// Days that trash is kept.
    pub trash_days: u32,
    /// Days that mail is kept that could not be processed.
    pub quarantine_days: u32,
}

impl From<RetentionRequest> for Rule {
    fn from(request: RetentionRequest) -> Self {
        Self {
            months: request.months,
            then: request.then,
            spam_days: request.spam_days,
            trash_days: request.trash_days,
            quarantine_days: request.quarantine_days,
        }
    }
}

/// Why a ticket is kept for longer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ExemptionRequest {
    /// In words.
    pub reason: String,
}
