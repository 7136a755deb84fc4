//! Identifiers and randomness behind a trait, so that tests are repeatable.
//!
//! Keys and nonces never come from here: `crypto` asks the operating system itself.

use std::fmt::Debug;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// Makes identifiers and random bytes.
pub trait Ids: Send + Sync + Debug {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]);

    /// A `UUIDv7` whose time is `now`.
    fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws identifiers")]
    fn fill(&self, out: &mut [u8]) {
        rand::rng().fill_bytes(out);
    }
}

/// Repeatable randomness, for tests and generated corpora only.
#[derive(Debug)]
pub struct SeededIds(Mutex<rand_chacha::ChaCha12Rng>);

impl SeededIds {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(rand_chacha::ChaCha12Rng::seed_from_u64(seed)))
    }
}

impl Ids for SeededIds {
    fn fill(&self, out: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(out);
    }
}
