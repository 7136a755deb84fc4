//! What is handed out and what is erased, as the browser sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::words::{ErasureState, MessageKind, ParcelState};
use crate::service::data_requests::review::Item;
use crate::service::erasure;
use crate::service::parcels::Parcel;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemsQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The file with everything.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestParcel {
    /// How far it is.
    pub state: ParcelState,
    /// How many tickets are written.
    pub done: i64,
    /// Of how many.
    pub total: i64,
    /// Bytes, once it is ready.
    pub size: u64,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
    /// How often it was downloaded.
    pub downloads: i64,
}

impl From<&Parcel> for RequestParcel {
    fn from(parcel: &Parcel) -> Self {
        Self {
            state: parcel.state,
            done: parcel.done,
            total: parcel.total,
            size: parcel.size,
            expires_at: parcel.expires_at,
            downloads: parcel.downloads,
        }
    }
}

/// A file that would be handed out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestItemFile {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it is kept back, if it is.
    pub withheld: Option<String>,
}

/// A message that would be handed out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestItem {
    /// The message's id.
    pub id: Uuid,
    /// The number of its ticket.
    pub ticket_number: i64,
    /// What it is.
    pub kind: MessageKind,
    /// When it was received or written.
    pub at: DateTime<Utc>,
    /// From whom.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// Its beginning.
    pub text: String,
    /// Addresses of others in it.
    pub others: Vec<String>,
    /// Why it is kept back, if it is.
    pub withheld: Option<String>,
    /// Its files.
    pub files: Vec<RequestItemFile>,
}

impl From<Item> for RequestItem {
    fn from(item: Item) -> Self {
        let Item { message, ticket_number, strangers, withheld, files } = item;
        let from = message.envelope.from.first();
        Self {
            id: message.id.0,
            ticket_number,
            kind: message.kind,
            at: message.at,
            from: from.map(|party| party.address.clone()).unwrap_or_default(),
            subject: message.envelope.subject,
            text: message.text,
            others: strangers,
            withheld,
            files: files
                .into_iter()
                .map(|file| RequestItemFile {
                    id: file.id.0,
                    name: file.name,
                    size: file.size,
                    withheld: file.withheld,
                })
                .collect(),
        }
    }
}

/// What is kept back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct WithholdRequest {
    /// A file of the message; without one, the message itself.
    #[serde(default)]
    pub file_id: Option<Uuid>,
    /// Why; without a reason it is handed out after all.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How far an erasure is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestErasure {
    /// How far it is.
    pub state: ErasureState,
    /// Messages that are gone or tombstones.
    pub removed: i64,
    /// Of how many.
    pub messages: i64,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many legal holds keep something.
    pub holds: usize,
}

impl From<erasure::ErasureView> for RequestErasure {
    fn from(view: erasure::ErasureView) -> Self {
        Self {
            state: view.state,
            removed: view.removed,
            messages: view.counts.messages,
            finished_at: view.finished_at,
            holds: view.holds.len(),
        }
    }
}

/// What erasing would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErasurePreview {
    /// Numbers of tickets that go.
    pub deleted: Vec<i64>,
    /// Numbers of tickets of others in which tombstones take the place of the person's messages.
    pub redacted: Vec<i64>,
    /// Numbers of tickets of others whose heads name the person.
    pub mentioned: Vec<i64>,
    /// Numbers of tickets that legal holds keep until these end.
    pub held: Vec<i64>,
    /// How many holds.
    pub holds: usize,
    /// Messages that go or become tombstones.
    pub messages: i64,
    /// Files in them.
    pub attachments: i64,
    /// Copies that are at providers.
    pub copies: usize,
}

impl From<erasure::Preview> for ErasurePreview {
    fn from(preview: erasure::Preview) -> Self {
        let numbers = |tickets: Vec<erasure::TicketRef>| {
            let mut numbers: Vec<i64> = tickets.into_iter().map(|ticket| ticket.number).collect();
            numbers.sort_unstable();
            numbers
        };
        Self {
            deleted: numbers(preview.deleted),
            redacted: numbers(preview.redacted),
            mentioned: numbers(preview.mentioned),
            held: numbers(preview.held),
            holds: preview.holds.len(),
            messages: preview.counts.messages,
            attachments: preview.counts.attachments,
            copies: preview.copies.len(),
        }
    }
}

/// A copy that is at a provider yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderCopy {
    /// The mailbox's name.
    pub mailbox: String,
    /// The folder.
    pub folder: String,
    /// The mail's number in the folder.
    pub uid: i64,
    /// When the provider received it.
    pub received_at: Option<DateTime<Utc>>,
}

impl From<erasure::ProviderCopy> for ProviderCopy {
    fn from(copy: erasure::ProviderCopy) -> Self {
        Self {
            mailbox: copy.mailbox,
            folder: copy.folder,
            uid: copy.uid,
            received_at: copy.received_at,
        }
    }
}
