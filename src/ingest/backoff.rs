//! How long to wait before the next try at a provider.

use std::time::Duration;

use crate::ids::Ids;

/// A short hiccup is over after this.
const FIRST: Duration = Duration::from_secs(2);

/// Providers that throttle do so for minutes; asking more often makes it worse.
const LONGEST: Duration = Duration::from_secs(80);

/// Waits that double, with jitter, so that a thousand mailboxes do not come back at once.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait: between half and all of the doubled time.
    pub(super) fn next(&mut self, ids: &dyn Ids) -> Duration {
        let full = FIRST.saturating_mul(1 << self.failures.min(6)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let mut byte = [0_u8; 1];
        ids.fill(&mut byte);
        full / 2 + (full / 2).mul_f64(f64::from(byte[0]) / 255.0)
    }

    /// It works again.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;

    #[test]
    fn grows_up_to_its_limit_and_starts_over() {
        let ids = SeededIds::new(1);
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..12).map(|_| backoff.next(&ids)).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits[11] >= LONGEST / 2 && waits.iter().all(|wait| *wait <= LONGEST));
        backoff.reset();
        assert!(backoff.next(&ids) <= FIRST);
    }
}
