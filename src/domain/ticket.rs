//! The status rules (DESIGN §2): what a message or an act does to a ticket.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::Status;

/// A reply to a ticket that has been closed for longer makes a new, linked one.
pub const REOPEN_WITHIN: TimeDelta = TimeDelta::days(30);

/// History younger than this, and unanswered, is open after an import.
pub const OPEN_HISTORY_WITHIN: TimeDelta = TimeDelta::days(14);

/// Where a customer's mail that belongs to a known ticket goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Into the ticket, which then has this status.
    Join(Status),
    /// Into a new ticket, linked to the old one.
    NewLinked,
}

/// What a mail does to the ticket that it belongs to.
///
/// `automatic` mail and bounces never reopen or wake. `closed_at` is when the ticket was
/// closed, if it is.
#[must_use]
pub fn place_inbound(
    status: Status,
    closed_at: Option<DateTime<Utc>>,
    automatic: bool,
    now: DateTime<Utc>,
) -> Placement {
    match status {
        Status::Spam => Placement::Join(Status::Spam),
        _ if automatic => Placement::Join(status),
        Status::Closed if closed_at.is_some_and(|at| now - at > REOPEN_WITHIN) => {
            Placement::NewLinked
        }
        Status::Open | Status::Pending | Status::OnHold | Status::Closed | Status::Trash => {
            Placement::Join(Status::Open)
        }
    }
}

/// The status of a ticket made from history: closed, unless it is young and unanswered.
#[must_use]
pub fn history_status(last_inbound: DateTime<Utc>, answered: bool, now: DateTime<Utc>) -> Status {
    if !answered && now - last_inbound < OPEN_HISTORY_WITHIN {
        Status::Open
    } else {
        Status::Closed
    }
}

impl Status {
    /// Somebody still has to do something, now or when an answer comes.
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Open | Self::Pending | Self::OnHold)
    }

    /// Nobody wants it.
    #[must_use]
    pub const fn is_thrown_away(self) -> bool {
        matches!(self, Self::Spam | Self::Trash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    #[test]
    fn a_customer_opens_whatever_waits_for_them() {
        for status in [Status::Open, Status::Pending, Status::OnHold, Status::Trash] {
            assert_eq!(place_inbound(status, None, false, at(0)), Placement::Join(Status::Open));
        }
    }

    #[test]
    fn spam_stays_spam() {
        assert_eq!(place_inbound(Status::Spam, None, false, at(0)), Placement::Join(Status::Spam));
    }

    #[test]
    fn automatic_mail_changes_nothing() {
        for status in Status::ALL {
            assert_eq!(
                place_inbound(*status, Some(at(-90)), true, at(0)),
                Placement::Join(*status)
            );
        }
    }

    #[test]
    fn closed_reopens_for_thirty_days() {
        let closed = Some(at(0));
        assert_eq!(
            place_inbound(Status::Closed, closed, false, at(30)),
            Placement::Join(Status::Open)
        );
        assert_eq!(place_inbound(Status::Closed, closed, false, at(31)), Placement::NewLinked);
    }

    #[test]
    fn history_is_open_only_when_young_and_unanswered() {
        assert_eq!(history_status(at(0), false, at(13)), Status::Open);
        assert_eq!(history_status(at(0), true, at(13)), Status::Closed);
        assert_eq!(history_status(at(0), false, at(14)), Status::Closed);
    }
}
