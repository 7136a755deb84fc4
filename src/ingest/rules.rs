//! Which mail is history, which is new, and which is left out.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::words::ImportMode;

/// The provider's clock and ours may differ by this much.
const SKEW: TimeDelta = TimeDelta::hours(1);

/// After so many mails in a row that are older than the import's date, the rest is older too:
/// UIDs rise with arrival, and a few mails that were moved in do not matter.
const OLDER_IN_A_ROW: usize = 300;

/// The same for an import from now on, which only looks for what came in while connecting.
const OLDER_THAN_NOW: usize = 20;

/// The admin's choice at connect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Import {
    pub(super) mode: ImportMode,
    pub(super) since: Option<DateTime<Utc>>,
    /// When the mailbox was connected: what was there before is history.
    pub(super) connected_at: DateTime<Utc>,
}

/// What to do with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposition {
    /// New mail.
    Live,
    /// Was there before the mailbox was connected.
    History,
    /// Left out; the word goes into the ledger.
    Skip(&'static str),
}

impl Import {
    /// After how many mails in a row that are too old the search for history ends.
    pub(super) fn older_in_a_row(&self) -> usize {
        if self.mode == ImportMode::Now { OLDER_THAN_NOW } else { OLDER_IN_A_ROW }
    }

    /// For mail that an admin wants after all.
    pub(super) fn of_wanted(&self, received_at: Option<DateTime<Utc>>) -> Disposition {
        match self.of_old(received_at) {
            Disposition::Skip(_) => Disposition::History,
            as_it_is => as_it_is,
        }
    }

    /// For mail of the archive, which is history: new mail comes in elsewhere.
    pub(super) fn of_archived(&self, received_at: Option<DateTime<Utc>>) -> Disposition {
        match self.of_old(received_at) {
            Disposition::Live if received_at.is_some_and(|at| at >= self.connected_at + SKEW) => {
                Disposition::Skip("after_connection")
            }
            Disposition::Live => Disposition::History,
            as_it_is => as_it_is,
        }
    }

    /// For mail below the first cursor, or met again when the folder was renumbered.
    pub(super) fn of_old(&self, received_at: Option<DateTime<Utc>>) -> Disposition {
        let Some(at) = received_at else { return Disposition::History };
        if at >= self.connected_at - SKEW {
            return Disposition::Live;
        }
        match (self.mode, self.since) {
            (ImportMode::Now, _) => Disposition::Skip("before_connection"),
            (ImportMode::Since, Some(since)) if at < since => {
                Disposition::Skip("before_import_date")
            }
            _ => Disposition::History,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + n)
    }

    #[test]
    fn the_import_choice_decides_about_old_mail_only() {
        let import = |mode, since| Import { mode, since, connected_at: day(100) };
        let now = import(ImportMode::Now, None);
        let since = import(ImportMode::Since, Some(day(50)));
        let all = import(ImportMode::All, None);
        for import in [now, since, all] {
            assert_eq!(import.of_old(Some(day(101))), Disposition::Live);
        }
        assert_eq!(now.of_old(Some(day(99))), Disposition::Skip("before_connection"));
        assert_eq!(since.of_old(Some(day(49))), Disposition::Skip("before_import_date"));
        assert_eq!(since.of_old(Some(day(51))), Disposition::History);
        assert_eq!(all.of_old(Some(day(1))), Disposition::History);
        assert_eq!(since.of_archived(Some(day(49))), Disposition::Skip("before_import_date"));
        assert_eq!(since.of_archived(Some(day(51))), Disposition::History);
        assert_eq!(all.of_archived(Some(day(100))), Disposition::History);
        assert_eq!(all.of_archived(Some(day(101))), Disposition::Skip("after_connection"));
    }
}
