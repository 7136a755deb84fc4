//! What of a ticket stands in the database in the clear, and the rules that hold it together.

use chrono::{DateTime, Utc};
use sea_orm::Set;

use crate::domain::ids::{ChannelId, ContactId, MembershipId, TeamId, TicketId};
use crate::domain::words::{Priority, Status};
use crate::store::error::Result;
use crate::store::{from_millis, millis};

/// What of a ticket stands in the database in the clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketState {
    /// The channel that it lives in.
    pub channel_id: ChannelId,
    /// The customer.
    pub contact_id: Option<ContactId>,
    /// Its status.
    pub status: Status,
    /// The status that it had before it became spam or trash, while it is.
    pub status_before: Option<Status>,
    /// How urgent it is.
    pub priority: Priority,
    /// Who works on it.
    pub assignee_id: Option<MembershipId>,
    /// Which team works on it.
    pub team_id: Option<TeamId>,
    /// Messages and notes.
    pub message_count: i32,
    /// Whether any message has a file.
    pub has_attachment: bool,
    /// Made by an import of history: no notices, no automatic answers.
    pub is_history: bool,
    /// Since when the customer waits for an answer.
    pub waiting_since: Option<DateTime<Utc>>,
    /// The customer's last message.
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// The last message.
    pub last_message_at: DateTime<Utc>,
    /// When it was closed, while it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// Until when it sleeps.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// When it will be deleted for good, if somebody said so.
    pub delete_at: Option<DateTime<Utc>>,
    /// The ticket that it went up in.
    pub merged_into_id: Option<TicketId>,
    /// A ticket that it may belong to.
    pub related_to_id: Option<TicketId>,
    /// The customer that a person replaced: answers to their mail go to the new one.
    pub replaced_contact_id: Option<ContactId>,
}

impl TicketState {
    /// Sets the status and what follows from it.
    pub fn set_status(&mut self, status: Status, now: DateTime<Utc>) {
        if status == Status::Closed && self.status != Status::Closed {
            self.closed_at = Some(now);
        } else if status != Status::Closed {
            self.closed_at = None;
        }
        if !status.is_thrown_away() {
            self.status_before = None;
        } else if !self.status.is_thrown_away() {
            self.status_before = Some(self.status);
        }
        if status != Status::Trash {
            self.delete_at = None;
        }
        if !status.is_unfinished() {
            self.snoozed_until = None;
        }
        self.status = status;
        self.waiting_since = match status {
            Status::Open => self.waiting_since.or(self.last_inbound_at).or(Some(now)),
            _ => None,
        };
    }

    /// What the default order sorts by: since when the customer waits while the ticket is
    /// open, the last message otherwise.
    pub(super) fn queue_at(&self) -> DateTime<Utc> {
        match self.status {
            Status::Open => self.waiting_since.unwrap_or(self.last_message_at),
            _ => self.last_message_at,
        }
    }
}

/// The state of a row.
pub(super) fn of(row: &entity::ticket::Model) -> Result<TicketState> {
    Ok(TicketState {
        channel_id: ChannelId(row.channel_id),
        contact_id: row.contact_id.map(ContactId),
        status: row.status.parse()?,
        status_before: row.status_before.as_deref().map(str::parse).transpose()?,
        priority: row.priority.parse()?,
        assignee_id: row.assignee_id.map(MembershipId),
        team_id: row.team_id.map(TeamId),
        message_count: row.message_count,
        has_attachment: row.has_attachment,
        is_history: row.is_history,
        waiting_since: row.waiting_since.map(from_millis),
        last_inbound_at: row.last_inbound_at.map(from_millis),
        last_message_at: from_millis(row.last_message_at),
        closed_at: row.closed_at.map(from_millis),
        snoozed_until: row.snoozed_until.map(from_millis),
        delete_at: row.delete_at.map(from_millis),
        merged_into_id: row.merged_into_id.map(TicketId),
        related_to_id: row.related_to_id.map(TicketId),
        replaced_contact_id: row.replaced_contact_id.map(ContactId),
    })
}

/// The columns of a state; where the ticket lives is no part of it.
pub(super) fn columns(state: &TicketState) -> entity::ticket::ActiveModel {
    entity::ticket::ActiveModel {
        contact_id: Set(state.contact_id.map(|id| id.0)),
        status: Set(state.status.as_str().to_owned()),
        status_before: Set(state.status_before.map(|status| status.as_str().to_owned())),
        priority: Set(state.priority.as_str().to_owned()),
        assignee_id: Set(state.assignee_id.map(|id| id.0)),
        team_id: Set(state.team_id.map(|id| id.0)),
        message_count: Set(state.message_count),
        has_attachment: Set(state.has_attachment),
        is_history: Set(state.is_history),
        waiting_since: Set(state.waiting_since.map(millis)),
        queue_at: Set(millis(state.queue_at())),
        last_inbound_at: Set(state.last_inbound_at.map(millis)),
        last_message_at: Set(millis(state.last_message_at)),
        closed_at: Set(state.closed_at.map(millis)),
        snoozed_until: Set(state.snoozed_until.map(millis)),
        delete_at: Set(state.delete_at.map(millis)),
        merged_into_id: Set(state.merged_into_id.map(|id| id.0)),
        related_to_id: Set(state.related_to_id.map(|id| id.0)),
        replaced_contact_id: Set(state.replaced_contact_id.map(|id| id.0)),
        ..Default::default()
    }
}
