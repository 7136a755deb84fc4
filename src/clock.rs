//! Time behind a trait, so that tests decide what time it is.

use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Nobody else asks the system (`clippy.toml` forbids it).
pub trait Clock: Send + Sync + Debug {
    /// The present moment, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock(Mutex<Shown>);

#[derive(Debug)]
struct Shown {
    now: DateTime<Utc>,
    step: TimeDelta,
}

impl FakeClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(Shown { now, step: TimeDelta::zero() }))
    }

    /// Moves the clock forward (or back, with a negative delta).
    pub fn advance(&self, by: TimeDelta) {
        self.shown().now += by;
    }

    /// Sets the clock.
    pub fn set(&self, to: DateTime<Utc>) {
        self.shown().now = to;
    }

    /// From here on time passes: each look finds the clock later by `step`.
    pub fn run(&self, step: TimeDelta) {
        self.shown().step = step;
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        let mut shown = self.shown();
        let step = shown.step;
        shown.now += step;
        shown.now
    }
}
