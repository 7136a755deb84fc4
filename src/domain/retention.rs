//! How long mail is kept: counted from a ticket's last message, whatever its status.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::words::Afterwards;

/// What a mailbox's rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Months after a ticket's last message.
    pub months: u32,
    /// What becomes of it then.
    pub then: Afterwards,
    /// Days that spam is kept.
    pub spam_days: u32,
    /// Days that trash is kept.
    pub trash_days: u32,
    /// Days that mail is kept that could not be processed.
    pub quarantine_days: u32,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            months: 18,
            then: Afterwards::Delete,
            spam_days: 30,
            trash_days: 30,
            quarantine_days: 90,
        }
    }
}

/// The longest time that can be set, in months: ten years.
pub const LONGEST_MONTHS: u32 = 120;

/// Months that records of delivery are kept.
pub const DELIVERY_MONTHS: u32 = 13;

/// The time so many calendar months before `now`.
#[must_use]
pub fn months_before(now: DateTime<Utc>, months: u32) -> DateTime<Utc> {
    now.checked_sub_months(Months::new(months)).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The time so many days before `now`.
#[must_use]
pub fn days_before(now: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    now - TimeDelta::days(days.into())
}

impl Rule {
    /// Whether this rule removes anything earlier than `other` did.
    #[must_use]
    pub fn is_shorter_than(&self, other: &Self) -> bool {
        self.months < other.months
            || self.spam_days < other.spam_days
            || self.trash_days < other.trash_days
            || self.quarantine_days < other.quarantine_days
            || (self.then == Afterwards::Delete && other.then == Afterwards::Anonymize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let now = "2026-08-31T12:00:00Z".parse().expect("a time");
        let before: DateTime<Utc> = "2025-02-28T12:00:00Z".parse().expect("a time");
        assert_eq!(months_before(now, 18), before);
    }

    #[test]
    fn less_time_or_a_harder_end_is_shorter() {
        let rule = Rule::default();
        assert!(!rule.is_shorter_than(&rule));
        assert!(Rule { months: 17, ..rule }.is_shorter_than(&rule));
        assert!(!Rule { months: 19, ..rule }.is_shorter_than(&rule));
        let soft = Rule { then: Afterwards::Anonymize, ..rule };
        assert!(rule.is_shorter_than(&soft) && !soft.is_shorter_than(&rule));
    }
}
