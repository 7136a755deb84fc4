//! `[paths]`: folders other than those in the home folder.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};

/// Folders other than those in the home folder; relative ones count from there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Paths {
    /// Instead of `data` in the home folder.
    pub data: Option<PathBuf>,
    /// Instead of `keys` in the home folder.
    pub keys: Option<PathBuf>,
    /// Instead of `search` in the home folder.
    pub search: Option<PathBuf>,
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new("data", Kind::Text, "The data folder. Without it: `data` in the home folder."),
    Key::new(
        "keys",
        Kind::Text,
        "The keys folder, mode 0700, never inside the data folder. Without it: `keys` in the \
         home folder.",
    ),
    Key::new(
        "search",
        Kind::Text,
        "The folder of this instance's search indexes, which no backup needs. Without it: `search` \
         in the home folder.",
    ),
];
