//! Purges as the browser sees them.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::{Provider, PurgeCause, PurgeState};
use crate::http::v1::tickets::model::UserRef;
use crate::service::purge::{Counts, PurgeView};

/// A disconnected mailbox's data on its way out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Purge {
    /// Its id.
    pub id: Uuid,
    /// The mailbox.
    pub mailbox_id: Uuid,
    /// Its address, while it can be read.
    pub address: Option<String>,
    /// Where it lived.
    pub provider: Provider,
    /// How far it is.
    pub state: PurgeState,
    /// Why.
    pub cause: PurgeCause,
    /// Who asked for it; null for the server itself.
    pub requested_by: Option<UserRef>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Until when it can be undone.
    pub due_at: DateTime<Utc>,
    /// By then it is done.
    pub promised_at: DateTime<Utc>,
    /// Who wants it done at once, if a second admin has to agree.
    pub early_by: Option<UserRef>,
    /// When the keys were destroyed: from then on nothing can be read.
    pub keys_destroyed_at: Option<DateTime<Utc>>,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many of each kind; zeros before the window has ended.
    pub counts: DeletionCounts,
    /// Messages that are gone already.
    pub removed: i64,
    /// What became of the grant: `revoking`, `revoked`, `revoke_there` (the account's owner has to
    /// do it at the provider), `forgotten`.
    pub grant: Option<String>,
    /// Whether it takes longer than it may.
    pub is_late: bool,
    /// The statement, when it is signed.
    pub statement_id: Option<Uuid>,
}

/// How many of each kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeletionCounts {
    /// Tickets that live in the mailbox.
    pub tickets: i64,
    /// Messages, notes included.
    pub messages: i64,
    /// Files.
    pub attachments: i64,
    /// Customers who appear nowhere else.
    pub contacts: i64,
    /// Mails as they went over the wire.
    pub originals: i64,
    /// Answers of the outbox.
    pub answers: i64,
    /// Unfinished answers.
    pub drafts: i64,
    /// The oldest message.
    pub oldest_at: Option<DateTime<Utc>>,
    /// The newest message.
    pub newest_at: Option<DateTime<Utc>>,
}

impl From<Counts> for DeletionCounts {
    fn from(counts: Counts) -> Self {
        Self {
            tickets: counts.tickets,
            messages: counts.messages,
            attachments: counts.attachments,
            contacts: counts.contacts,
            originals: counts.originals,
            answers: counts.answers,
            drafts: counts.drafts,
            oldest_at: counts.oldest.and_then(DateTime::from_timestamp_millis),
            newest_at: counts.newest.and_then(DateTime::from_timestamp_millis),
        }
    }
}

impl From<PurgeView> for Purge {
    fn from(view: PurgeView) -> Self {
        let purge = view.purge;
        let user =
            |(id, name): (crate::domain::ids::MembershipId, String)| UserRef { id: id.0, name };
        Self {
            id: purge.id.0,
            mailbox_id: purge.channel_id.0,
            address: view.address,
            provider: purge.provider,
            state: purge.state,
            cause: purge.cause,
            requested_by: view.requested_by.map(user),
            requested_at: purge.requested_at,
            due_at: purge.due_at,
            promised_at: view.promised_at,
            early_by: view.early_by.map(user),
            keys_destroyed_at: purge.keys_destroyed_at,
            finished_at: purge.finished_at,
            counts: purge.counts.into(),
            removed: purge.removed,
            grant: view.grant.map(str::to_owned),
            is_late: view.is_late,
            statement_id: view.statement_id,
        }
    }
}

/// What it takes to end the window at once.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PurgeHasteRequest {
    /// The mailbox's address, typed.
    pub address: String,
    /// One's own password.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}
