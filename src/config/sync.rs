//! `[sync]`: how mailboxes are watched.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};

/// How mailboxes are watched.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Sync {
    /// Seconds between polls; a poll happens with IDLE too.
    pub poll_seconds: u64,
    /// Uses IDLE where the server offers it.
    pub idle: bool,
    /// Megabytes that Google hands out from a mailbox in a day; 0 for no limit.
    pub google_daily_mb: u64,
    /// The same for every other IMAP server.
    pub daily_mb: u64,
}

impl Default for Sync {
    fn default() -> Self {
        Self { poll_seconds: 60, idle: true, google_daily_mb: 2_500, daily_mb: 0 }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "poll_seconds",
        Kind::Integer(1, 3600),
        "Seconds between two looks at a mailbox; a look happens beside IDLE too. A Maildir is \
         looked at every second.",
    ),
    Key::new("idle", Kind::Boolean, "Uses IMAP IDLE where the server offers it."),
    Key::new(
        "google_daily_mb",
        Kind::Integer(0, 1_000_000),
        "Megabytes that Google hands out from a mailbox in a day (UTC). Bringing history along stops \
         at 80 % of it and goes on the next day; new mail comes in all the time. 0 for no limit.",
    ),
    Key::new("daily_mb", Kind::Integer(0, 1_000_000), "The same for every other IMAP server."),
];

impl Sync {
    /// The time between two polls.
    #[must_use]
    pub const fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }

    /// Bytes that a mailbox at Google may be asked for in a day.
    #[must_use]
    pub const fn google_daily_bytes(&self) -> Option<u64> {
        bytes(self.google_daily_mb)
    }

    /// Bytes that any other mailbox may be asked for in a day.
    #[must_use]
    pub const fn daily_bytes(&self) -> Option<u64> {
        bytes(self.daily_mb)
    }
}

const fn bytes(mb: u64) -> Option<u64> {
    if mb == 0 { None } else { Some(mb * 1_000_000) }
}
