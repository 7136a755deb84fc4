//! What is known of a ticket without opening it.

use super::ids::{ChannelId, ContactId, MembershipId, TeamId, TicketId};
use super::words::{Priority, Status};

/// A ticket, without a word of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketShape {
    /// The ticket.
    pub id: TicketId,
    /// Its number.
    pub number: u64,
    /// Its home.
    pub channel: ChannelId,
    /// The customer.
    pub contact: Option<ContactId>,
    /// Its status.
    pub status: Status,
    /// Who works on it.
    pub assignee: Option<MembershipId>,
    /// The team that works on it.
    pub team: Option<TeamId>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it was made, in milliseconds since 1970.
    pub first: i64,
    /// When something was last written, in milliseconds since 1970.
    pub last: i64,
    /// Whether it has files.
    pub has_attachment: bool,
    /// Whether the customer waits for an answer.
    pub is_waiting: bool,
    /// Whether it sleeps.
    pub is_snoozed: bool,
    /// The ticket that it went up in.
    pub merged_into: Option<TicketId>,
}
