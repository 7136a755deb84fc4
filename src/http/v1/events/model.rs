//! What the event stream tells.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::v1::presence::model::Present;

/// The data of an event. Its `id` is the event's number, its `event` is `ticket`, `message`,
/// `mailbox`, `contact`, `tag`, `team`, `view`, `saved_reply`, `user`, `organization` (it was made, changed
/// or removed), `presence` (somebody came to a ticket, or left it), `draft` (one has saved what one
/// writes) or `reset` (start over: read everything again).
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct EventData {
    /// The ticket's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Uuid>,
    /// The mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox_id: Option<Uuid>,
    /// What has changed, for `contact` and what follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// What happened, such as `ticket_updated`; for `draft` what is written: `answer`, `forward`, `note`
    /// or `letter`.
    pub kind: String,
    /// Who is at the ticket, for `presence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Present>>,
    /// When it was saved, for `draft`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_at: Option<DateTime<Utc>>,
}
