//! `[privacy]`: the promise that a disconnected mailbox is gone within 30 days.

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};
use super::problem::Findings;

/// Days that an undo window and the keyring's backups may take together, so that keys are
/// gone everywhere by day 30 with days to spare for alarms.
pub const MOST_DAYS: u32 = 27;

/// How long what is disconnected can still come back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Privacy {
    /// Days in which disconnecting a mailbox can be undone.
    pub undo_days: u32,
    /// Days that backups of the keyring are kept.
    pub keyring_backup_days: u32,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { undo_days: 14, keyring_backup_days: 7 }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "undo_days",
        Kind::Integer(0, 20),
        "Days in which disconnecting a mailbox can be undone.",
    ),
    Key::new(
        "keyring_backup_days",
        Kind::Integer(0, 27),
        "Days that backups of the keyring are kept; with `undo_days` 27 at most.",
    ),
];

impl Privacy {
    pub(super) fn check(&self, findings: &mut Findings) {
        let sum = self.undo_days + self.keyring_backup_days;
        if sum > MOST_DAYS {
            findings.add(
                "privacy.keyring_backup_days",
                format!(
                    "with privacy.undo_days ({}) it makes {sum} days, so that keys could \
                     outlive the 30 days in which a disconnected mailbox must be gone",
                    self.undo_days
                ),
                format!("lower one of the two, so that they are {MOST_DAYS} together at most"),
            );
        }
    }
}
