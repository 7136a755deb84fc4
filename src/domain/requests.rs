//! Requests of people about their data: their times, and what may follow on what.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::words::{RequestKind, RequestState};

/// A code can be given so often; after that another one is sent.
pub const TRIES: i32 = 5;

/// A code and a link are good for so long.
pub const GOOD_FOR: TimeDelta = TimeDelta::days(7);

/// A request that is due within this is an alarm.
pub const SOON: TimeDelta = TimeDelta::days(7);

/// The time that the law gives may be made longer by so many months (GDPR, article 12(3)).
pub const LONGEST_EXTENSION: i32 = 2;

/// A restriction ends this long after the person was told at the earliest.
pub const LIFT_NOTICE: TimeDelta = TimeDelta::days(3);

/// What a closed request says of the person is kept for so many months, to answer a complaint.
pub const KEPT_MONTHS: u32 = 13;

/// As [`KEPT_MONTHS`], of who wanted to be erased: for as long as the last answer may need.
pub const ERASED_KEPT: TimeDelta = TimeDelta::days(30);

/// When an answer is due: one month after it was received, and what was added to that.
#[must_use]
pub fn due(received: DateTime<Utc>, extended_months: i32) -> DateTime<Utc> {
    let months = u32::try_from(1 + extended_months).unwrap_or(1);
    received.checked_add_months(Months::new(months)).unwrap_or(received)
}

/// Whether nothing more is done.
#[must_use]
pub const fn is_closed(state: RequestState) -> bool {
    matches!(state, RequestState::Done | RequestState::Refused | RequestState::Withdrawn)
}

/// Whether the person must have shown who they are before it is acted on: something is handed out,
/// changed or erased. To pass somebody over or to hide their data harms nobody.
#[must_use]
pub const fn needs_identity(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Access
        | RequestKind::Portability
        | RequestKind::Rectification
        | RequestKind::Erasure => true,
        RequestKind::Restriction | RequestKind::Objection | RequestKind::ConsentWithdrawal => false,
    }
}

/// Whether it ends in a file for the person.
#[must_use]
pub const fn hands_out(kind: RequestKind) -> bool {
    matches!(kind, RequestKind::Access | RequestKind::Portability)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_a_month_of_the_calendar() {
        for (received, months, expected) in [
            ("2026-03-15T12:00:00Z", 0, "2026-04-15T12:00:00Z"),
            ("2026-01-31T12:00:00Z", 0, "2026-02-28T12:00:00Z"),
            ("2026-12-31T12:00:00Z", 2, "2027-03-31T12:00:00Z"),
        ] {
            assert_eq!(due(at(received), months), at(expected), "{received} + {months}");
        }
    }

    #[test]
    fn nothing_is_handed_out_to_a_stranger() {
        for kind in RequestKind::ALL {
            assert!(!hands_out(*kind) || needs_identity(*kind), "{kind}");
        }
        assert!(needs_identity(RequestKind::Erasure));
    }
}
