//! `[sending]`: when an answer leaves.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};

/// When an answer leaves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Sending {
    /// Seconds in which an answer can be taken back.
    pub undo_seconds: u32,
    /// Hours after which a waiting answer asks before it goes.
    pub late_after_hours: u32,
}

impl Default for Sending {
    fn default() -> Self {
        Self { undo_seconds: 10, late_after_hours: 12 }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "undo_seconds",
        Kind::Integer(0, 120),
        "Seconds in which an answer can be taken back before it is sent.",
    ),
    Key::new(
        "late_after_hours",
        Kind::Integer(1, 168),
        "An answer that has waited longer than this asks before it goes.",
    ),
];

impl Sending {
    /// The time in which an answer can be taken back.
    #[must_use]
    pub fn undo(&self) -> TimeDelta {
        TimeDelta::seconds(self.undo_seconds.into())
    }

    /// The wait after which an answer asks before it goes.
    #[must_use]
    pub fn late_after(&self) -> TimeDelta {
        TimeDelta::hours(self.late_after_hours.into())
    }
}
