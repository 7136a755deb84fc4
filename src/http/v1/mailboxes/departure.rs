//! Disconnecting and coming back, as the browser sees it.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::{Provider, Status};
use crate::http::v1::purges::model::DeletionCounts;
use crate::service::purge::{Disconnected, Preview};

/// What disconnecting would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisconnectionPreview {
    /// Where the mailbox lives.
    pub provider: Provider,
    /// Its address.
    pub address: String,
    /// What would be deleted.
    pub counts: DeletionCounts,
    /// The first of the tickets that are not closed.
    pub open_tickets: Vec<OpenTicket>,
    /// How many those are.
    pub open_count: i64,
    /// How many answers wait to be sent; they would be stopped.
    pub waiting_answers: u64,
    /// Days in which it could be undone.
    pub undo_days: u32,
    /// When everything would become unreadable and be deleted.
    pub due_at: DateTime<Utc>,
    /// When the last backup of the keys would be gone.
    pub keyring_gone_at: DateTime<Utc>,
    /// When the last backup of data would be gone, in which nothing can be read by then.
    pub backups_gone_at: DateTime<Utc>,
}

/// A ticket that is not closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenTicket {
    /// Its number.
    pub number: i64,
    /// What it is about; null for who does not belong to the mailbox.
    pub subject: Option<String>,
    /// Its status.
    pub status: Status,
}

impl From<Preview> for DisconnectionPreview {
    fn from(preview: Preview) -> Self {
        Self {
            provider: preview.provider,
            address: preview.address,
            counts: preview.counts.into(),
            open_tickets: preview
                .open_tickets
                .into_iter()
                .map(|ticket| OpenTicket {
                    number: ticket.number,
                    subject: ticket.subject,
                    status: ticket.status,
                })
                .collect(),
            open_count: preview.open_count,
            waiting_answers: preview.waiting_answers,
            undo_days: preview.undo_days,
            due_at: preview.due_at,
            keyring_gone_at: preview.keyring_gone_at,
            backups_gone_at: preview.backups_gone_at,
        }
    }
}

/// What was begun.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Disconnection {
    /// The purge that waits.
    pub purge_id: Uuid,
    /// Until when it can be undone.
    pub due_at: DateTime<Utc>,
    /// The numbers of the tickets whose answers were stopped.
    pub stopped_tickets: Vec<i64>,
}

impl From<Disconnected> for Disconnection {
    fn from(begun: Disconnected) -> Self {
        Self {
            purge_id: begun.purge.id.0,
            due_at: begun.purge.due_at,
            stopped_tickets: begun.stopped,
        }
    }
}

/// What opens the mailbox again.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ReconnectionRequest {
    /// The password of an IMAP mailbox.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
}

/// A last message.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct FarewellRequest {
    /// What each customer with an open ticket is told.
    pub text: String,
}

/// A last message that was written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Farewell {
    /// How many tickets were answered.
    pub answered: u64,
}
