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
}

impl Default for Sync {
    fn default() -> Self {
        Self { poll_seconds: 60, idle: true }
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
];

impl Sync {
    /// The time between two polls.
    #[must_use]
    pub const fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }
}
