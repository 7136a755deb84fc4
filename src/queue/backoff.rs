//! How long a failed job waits: doubled each time, with a jitter so that jobs which failed
//! together do not come back together.

use chrono::TimeDelta;

use crate::ids::Ids;

/// After the first failure.
const FIRST: TimeDelta = TimeDelta::seconds(5);

/// At most.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The wait after `attempts` failures in a row: 5 s, 10 s, 20 s … 1 h, and up to a fifth more.
#[must_use]
pub fn wait(attempts: i32, ids: &dyn Ids) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(20);
    let base = FIRST.checked_mul(1 << doublings).unwrap_or(LONGEST).min(LONGEST);
    jitter(base, ids)
}

/// `base` and up to a fifth more.
#[must_use]
pub fn jitter(base: TimeDelta, ids: &dyn Ids) -> TimeDelta {
    let mut random = [0_u8; 2];
    ids.fill(&mut random);
    let share = i64::from(u16::from_be_bytes(random));
    base + TimeDelta::milliseconds(base.num_milliseconds() / 5 * share / i64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;

    #[test]
    fn doubles_up_to_an_hour() {
        let ids = SeededIds::new(1);
        for (attempts, seconds) in
            [(0, 5), (1, 5), (2, 10), (3, 20), (20, 3_600), (i32::MAX, 3_600)]
        {
            let wait = wait(attempts, &ids).num_milliseconds();
            assert!((seconds * 1_000..=seconds * 1_200).contains(&wait), "{attempts}: {wait}");
        }
    }
}
