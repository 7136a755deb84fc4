//! Messages as the browser sees them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::words::{MessageKind, OutboxState};
use crate::http::v1::tickets::model::{Person, UserRef};

/// A message of a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: MessageKind,
    /// When it was written or sent.
    pub at: DateTime<Utc>,
    /// The user who wrote it.
    pub author: Option<UserRef>,
    /// The sender of a mail.
    pub from: Option<Person>,
    /// Who else is said to have sent it: more than one sender is flagged `two_from`.
    pub other_from: Vec<Person>,
    /// Whom it is for.
    pub to: Vec<Person>,
    /// Who else gets it.
    pub cc: Vec<Person>,
    /// Who else gets it unseen.
    pub bcc: Vec<Person>,
    /// What is newly written in it.
    pub text: String,
    /// What it quotes; may be empty.
    pub quoted_text: String,
    /// What it quotes may be the words of somebody whose data is restricted: it is kept from the actor,
    /// with its HTML and its original.
    pub quote_hidden: bool,
    /// Whether `/messages/{id}/html` has something to show.
    pub has_html: bool,
    /// What it shows, where it was asked for with the ticket.
    pub html: Option<String>,
    /// Whether its HTML names images elsewhere.
    pub has_remote_images: bool,
    /// Written by a machine.
    pub auto: bool,
    /// It says that a mail could not be delivered.
    pub bounce: Option<Bounce>,
    /// What is peculiar: `two_from`, `no_from`, `auth_failed`, `possibly_related`, `bcc_only`, …
    pub flags: Vec<String>,
    /// The sender of the mail that this one forwards.
    pub forwarded_from: Option<Person>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// How far an answer is on its way.
    pub delivery: Option<Delivery>,
    /// What happened, when `kind` is `event`.
    pub event: Option<TicketEvent>,
    /// When it was removed at the request of a person: nothing else is left of it.
    pub erased_at: Option<DateTime<Utc>>,
}

/// A mail that could not be delivered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Bounce {
    /// To whom, and why.
    pub recipients: Vec<BounceRecipient>,
}

/// Somebody whom a mail did not reach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BounceRecipient {
    /// The address.
    pub address: String,
    /// An enhanced status code, such as `5.1.1`.
    pub status: Option<String>,
    /// `failed`, `delayed`, …
    pub action: Option<String>,
    /// What the other server said.
    pub diagnostic: Option<String>,
}

/// A file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// Its id.
    pub id: Uuid,
    /// A safe file name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Whether it is shown inside the HTML.
    pub inline: bool,
}

/// How far an answer is on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// Its state.
    pub state: OutboxState,
    /// Until when it can be taken back.
    pub undo_until: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it is as it is, as a stable word.
    pub code: Option<String>,
    /// What the mail server said, in its own words.
    pub error: Option<String>,
    /// When it will be tried again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Whom it did not reach, by address: only they get it when it is sent again.
    pub bounced: Vec<String>,
    /// Whether `cancel` makes it a draft again.
    pub can_cancel: bool,
}

/// Something that happened to the ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketEvent {
    /// What.
    pub kind: String,
    /// Who did it; null for the server itself.
    pub actor: Option<UserRef>,
    /// Ids and words.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
    /// The names of what `data` names by id; of tickets, their numbers.
    pub names: BTreeMap<Uuid, String>,
}

/// How to show a message's HTML.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct HtmlQuery {
    /// Load images from elsewhere, through Loket.
    #[param(required = false, value_type = bool)]
    pub remote_images: bool,
}

/// How to hand out a file.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct AttachmentQuery {
    /// Save it, or show it where its type is safe.
    #[param(inline, required = false)]
    pub disposition: Disposition,
}

/// What the browser does with a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// Saves it.
    #[default]
    Attachment,
    /// Shows it, where its type is safe.
    Inline,
}

/// Which image.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImageQuery {
    /// The address of an image that the message names.
    pub url: String,
}
