//! How much one transaction removes: as much as keeps it short, whatever the disk.

use std::time::{Duration, Instant};

/// The statements of a batch take no longer than this (the commit's own cost is the same for any), so that an agent's click never waits for a purge:
/// half of the 20 ms that may pass at most.
const TARGET: Duration = Duration::from_millis(10);

const SMALLEST: u64 = 4;
const LARGEST: u64 = 512;

/// A size that follows what the last batch took.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct BatchSize(u64);

impl Default for BatchSize {
    fn default() -> Self {
        Self(32)
    }
}

impl BatchSize {
    pub(super) fn get(self) -> u64 {
        self.0
    }

    /// Takes note of how long a batch of `rows` held the writer since `begun`.
    pub(super) fn took(&mut self, begun: Instant, rows: usize) {
        self.took_for(begun.elapsed(), rows);
    }

    fn took_for(&mut self, took: Duration, rows: usize) {
        let full = rows as u64 >= self.0;
        if took > TARGET {
            self.0 = (self.0 / 2).max(SMALLEST);
        } else if full && took < TARGET / 2 {
            self.0 = (self.0 * 2).min(LARGEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_disk_gets_smaller_batches_and_a_fast_one_larger() {
        let mut size = BatchSize::default();
        size.took_for(Duration::from_millis(1), 32);
        assert_eq!(size.get(), 64);
        size.took_for(Duration::from_millis(30), 64);
        assert_eq!(size.get(), 32);
        size.took_for(Duration::from_millis(1), 3);
        assert_eq!(size.get(), 32, "a batch that was not full says nothing");
        for _ in 0..20 {
            size.took_for(Duration::from_secs(1), 1);
        }
        assert_eq!(size.get(), SMALLEST);
    }
}
