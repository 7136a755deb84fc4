//! Counts attempts to guess a secret, in memory.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Attempts are counted over this long.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Things that are counted at the same time; more make the oldest forgotten.
const REMEMBERED: u64 = 100_000;

/// Attempts, by what they are counted under.
#[derive(Debug)]
pub(crate) struct Throttle {
    counts: moka::sync::Cache<Vec<u8>, Count>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    attempts: u32,
    since: DateTime<Utc>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { counts: moka::sync::Cache::new(REMEMBERED) }
    }
}

impl Throttle {
    /// Counts an attempt under `name`; answers how long to wait when `limit` is exceeded.
    pub(crate) fn attempt(&self, name: &[u8], limit: u32, now: DateTime<Utc>) -> Option<Duration> {
        let entry = self.counts.entry_by_ref(name).and_upsert_with(|found| {
            let fresh = Count { attempts: 0, since: now };
            let count = found.map_or(fresh, moka::Entry::into_value);
            let count = if now - count.since >= WINDOW { fresh } else { count };
            Count { attempts: count.attempts.saturating_add(1), ..count }
        });
        let count = entry.into_value();
        if count.attempts <= limit {
            return None;
        }
        Some((WINDOW - (now - count.since)).to_std().unwrap_or(Duration::from_secs(1)))
    }

    /// Forgets what was counted under `name`.
    pub(crate) fn forget(&self, name: &[u8]) {
        self.counts.invalidate(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_until_the_window_ends() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH;
        for _ in 0..3 {
            assert_eq!(throttle.attempt(b"a", 3, start), None);
        }
        assert_eq!(throttle.attempt(b"a", 3, start), Some(Duration::from_mins(15)));
        assert_eq!(throttle.attempt(b"b", 3, start), None);
        assert_eq!(throttle.attempt(b"a", 3, start + WINDOW), None);
    }

    #[test]
    fn success_forgets() {
        let throttle = Throttle::default();
        throttle.attempt(b"a", 1, DateTime::UNIX_EPOCH);
        throttle.forget(b"a");
        assert_eq!(throttle.attempt(b"a", 1, DateTime::UNIX_EPOCH), None);
    }
}
