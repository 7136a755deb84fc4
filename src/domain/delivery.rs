//! The rules of an answer on its way out (DESIGN §4): when it is tried again, when it asks
//! first, what may still be done to it.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::OutboxState;

/// Why an entry of the outbox is as it is: stable words.
pub mod code {
    /// The server refused it for good.
    pub const REFUSED: &str = "refused";
    /// The server refused it for now.
    pub const REFUSED_FOR_NOW: &str = "refused_for_now";
    /// The server could not be reached; nothing was handed over.
    pub const UNREACHABLE: &str = "unreachable";
    /// The server does not accept the mailbox's sign-in.
    pub const SIGN_IN_REFUSED: &str = "sign_in_refused";
    /// The provider wants the admin to consent again.
    pub const NEEDS_REAUTHORIZATION: &str = "needs_reauthorization";
    /// An admin has paused the mailbox.
    pub const PAUSED: &str = "paused";
    /// The mailbox has been disconnected.
    pub const DISCONNECTED: &str = "disconnected";
    /// The connection was lost after the mail was handed over.
    pub const CONNECTION_LOST: &str = "connection_lost";
    /// Loket stopped while it was being sent.
    pub const INTERRUPTED: &str = "interrupted";
    /// The customer wrote before it was sent.
    pub const NEWER_MESSAGE: &str = "newer_message";
    /// A report of non-delivery came back.
    pub const BOUNCED: &str = "bounced";
    /// Another server has it and is still trying: a report of delay came back.
    pub const DELAYED: &str = "delayed";
    /// Something failed on our side; nothing was handed over.
    pub const INTERNAL: &str = "internal";
    /// Its text or its key is no longer there.
    pub const UNREADABLE: &str = "unreadable";
    /// It should have gone long ago.
    pub const LATE: &str = "late";
}

/// For how long an automatic answer has a point: later it only disturbs, and nobody is asked.
pub const AUTOMATIC_FOR: TimeDelta = TimeDelta::hours(1);

/// The waits between attempts; the last one is repeated until the answer is late, and then a
/// person decides.
const RETRY_AFTER: [TimeDelta; 4] =
    [TimeDelta::minutes(1), TimeDelta::minutes(5), TimeDelta::minutes(15), TimeDelta::hours(1)];

/// When the provider's Sent folder is looked at, after the attempt that is in doubt.
const LOOK_AFTER: [TimeDelta; 4] =
    [TimeDelta::seconds(20), TimeDelta::minutes(1), TimeDelta::minutes(4), TimeDelta::minutes(10)];

/// The wait after `attempts` attempts that were refused for now.
#[must_use]
pub fn retry_after(attempts: i32) -> TimeDelta {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let [.., last] = RETRY_AFTER;
    RETRY_AFTER.get(index).copied().unwrap_or(last)
}

/// When to look next for an answer that is in doubt since `since`; `None` when it has been
/// looked for long enough: a provider that keeps copies would have one by now.
#[must_use]
pub fn look_at(since: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    LOOK_AFTER.iter().map(|after| since + *after).find(|at| *at > now)
}

/// Whether an answer that should have gone at `due` asks before it goes.
#[must_use]
pub fn is_late(due: DateTime<Utc>, late_after: TimeDelta, now: DateTime<Utc>) -> bool {
    now - due > late_after
}

/// Whether an answer can be taken back: it was never dialled, or the server said that it did
/// not take it.
#[must_use]
pub fn may_cancel(state: OutboxState, attempts: i32, error_code: Option<&str>) -> bool {
    let doubtful = is_doubtful(error_code) || error_code == Some(code::BOUNCED);
    match state {
        OutboxState::Waiting | OutboxState::NeedsConfirmation => attempts == 0 || !doubtful,
        OutboxState::Retrying | OutboxState::Failed => !doubtful,
        OutboxState::Sending
        | OutboxState::Sent
        | OutboxState::InDoubt
        | OutboxState::Cancelled => false,
    }
}

/// Whether an earlier attempt may have gone through.
#[must_use]
pub fn is_doubtful(error_code: Option<&str>) -> bool {
    matches!(error_code, Some(code::CONNECTION_LOST | code::INTERRUPTED))
}

/// Whether a person can say of an answer that it arrived: where we cannot know.
#[must_use]
pub fn may_settle(state: OutboxState, error_code: Option<&str>) -> bool {
    match state {
        OutboxState::InDoubt => true,
        OutboxState::NeedsConfirmation => is_doubtful(error_code),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(1_000_000 + minutes)
    }

    #[test]
    fn waits_grow_and_then_stay() {
        let minutes: Vec<_> = (0..=6).map(|n| retry_after(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 1, 5, 15, 60, 60, 60]);
    }

    #[test]
    fn looks_a_few_times_and_then_no_more() {
        assert_eq!(look_at(at(0), at(0)), Some(at(0) + TimeDelta::seconds(20)));
        assert_eq!(look_at(at(0), at(1)), Some(at(4)));
        assert_eq!(look_at(at(0), at(9)), Some(at(10)));
        assert_eq!(look_at(at(0), at(10)), None);
    }

    #[test]
    fn is_late_only_after_the_time() {
        assert!(!is_late(at(0), TimeDelta::hours(12), at(720)));
        assert!(is_late(at(0), TimeDelta::hours(12), at(721)));
    }

    #[test]
    fn nothing_that_may_have_been_sent_is_taken_back() {
        use OutboxState as S;
        assert!(may_cancel(S::Waiting, 0, None));
        assert!(may_cancel(S::NeedsConfirmation, 0, Some(code::NEWER_MESSAGE)));
        assert!(may_cancel(S::Failed, 1, Some(code::REFUSED)));
        assert!(may_cancel(S::Retrying, 2, Some(code::REFUSED_FOR_NOW)));
        assert!(!may_cancel(S::Waiting, 1, Some(code::INTERRUPTED)));
        assert!(!may_cancel(S::Failed, 1, Some(code::BOUNCED)), "others may have got it");
        for state in [S::Sending, S::Sent, S::InDoubt, S::Cancelled] {
            assert!(!may_cancel(state, 0, None), "{state}");
        }
    }
}
