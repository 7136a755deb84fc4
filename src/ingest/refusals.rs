//! When a refused sign-in is final.
//!
//! One refusal proves nothing: a server that starts, a directory that is away, a token that ended
//! early. A token is replaced by another one at once, and only the provider's token endpoint says
//! that a grant is dead. A password has nobody who says so: it is given up after some refusals
//! over some minutes, few enough that no account is locked by them.

use std::time::Duration;

use tokio::time::Instant;

/// So many refusals of a password are believed.
const ENOUGH: u32 = 4;

/// The wait between two tries with a password that was refused: with [`ENOUGH`], three minutes.
const PASSWORD_WAIT: Duration = Duration::from_mins(1);

/// The wait after a server refused a token that was fresh: IMAP may be off for the account, or a
/// consent not have arrived everywhere. An admin's *sync now* ends the wait.
const TOKEN_WAIT: Duration = Duration::from_mins(5);

/// The refused sign-ins of a mailbox, in a row.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    count: u32,
    last: Option<Instant>,
}

impl Refusals {
    /// One more. Answers how long to wait before the next try; `None` when there shall be none.
    pub(super) fn refused(&mut self, now: Instant, is_token: bool) -> Option<Duration> {
        if is_token {
            return Some(TOKEN_WAIT);
        }
        // Tries that an admin asks for one after the other are one.
        if self.last.is_none_or(|last| now - last >= PASSWORD_WAIT / 2) {
            self.count += 1;
            self.last = Some(now);
        }
        (self.count < ENOUGH).then_some(PASSWORD_WAIT)
    }

    /// It was accepted.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_given_up_after_minutes_and_a_token_never() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut refusals = Refusals::default();
        for seconds in [0, 1, 2, 61, 122] {
            assert_eq!(refusals.refused(at(seconds), false), Some(PASSWORD_WAIT), "{seconds}");
        }
        assert_eq!(refusals.refused(at(183), false), None);
        refusals.reset();
        assert_eq!(refusals.refused(at(244), false), Some(PASSWORD_WAIT));
        for seconds in 0..100 {
            assert_eq!(refusals.refused(at(seconds * 60), true), Some(TOKEN_WAIT));
        }
    }
}
