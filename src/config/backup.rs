//! `[backup]`: where backups go and how long they stay.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::home::Home;
use super::key::{Key, Kind};
use super::problem::Findings;

/// Days after which no backup of the data may be left, unless somebody says so on purpose.
pub const MOST_DAYS: u32 = 365;

/// Where backups go and how long they stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Backup {
    /// Backups of the data, without any key.
    pub folder: Option<PathBuf>,
    /// Backups of the keyring.
    pub keyring_folder: Option<PathBuf>,
    /// One more copy of the forget-list.
    pub forget_list: Option<PathBuf>,
    /// Days that backups of the data are kept.
    pub keep_days: u32,
    /// Accepts more days than a year has.
    pub allow_longer: bool,
    /// Hours between two backups that the server makes by itself; 0: none.
    pub every_hours: u32,
    /// The folder of `pg_dump` and `pg_restore`.
    pub postgres_tools: Option<PathBuf>,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            folder: None,
            keyring_folder: None,
            forget_list: None,
            keep_days: 30,
            allow_longer: false,
            every_hours: 0,
            postgres_tools: None,
        }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "folder",
        Kind::Text,
        "Where backups of the data go; relative ones count from the home folder. Without it: \
         `backups` in the home folder. Better: another disk.",
    ),
    Key::new(
        "keyring_folder",
        Kind::Text,
        "Where backups of the keyring go, apart from those of the data. Without it: \
         `keyring-backups` in the home folder.",
    ),
    Key::new(
        "forget_list",
        Kind::Text,
        "A file that gets one more copy of the forget-list, beside those with the backups: on \
         another machine's disk, best.",
    ),
    Key::new(
        "keep_days",
        Kind::Integer(1, 36_500),
        "Days that backups of the data are kept, 365 at most. Those of the keyring: \
         `privacy.keyring_backup_days`.",
    ),
    Key::new(
        "allow_longer",
        Kind::Boolean,
        "Accepts a `backup.keep_days` over 365: what is plain in the database outlives its \
         deletion for as long.",
    ),
    Key::new(
        "every_hours",
        Kind::Integer(0, 168),
        "Hours between two backups, of data and keyring, that the server makes by itself; 0: \
         none, because each holds the whole database.",
    ),
    Key::new(
        "postgres_tools",
        Kind::Text,
        "The folder of `pg_dump` and `pg_restore`. Without it they are looked for as commands are.",
    ),
];

impl Backup {
    /// With paths that count from the home folder made whole.
    #[must_use]
    pub(super) fn rooted(mut self, root: &Path) -> Self {
        for path in [&mut self.folder, &mut self.keyring_folder, &mut self.forget_list]
            .into_iter()
            .flatten()
        {
            *path = root.join(&path);
        }
        self
    }

    /// The folder of the data's backups.
    #[must_use]
    pub fn folder(&self, home: &Home) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| home.root().join("backups"))
    }

    /// The folder of the keyring's backups.
    #[must_use]
    pub fn keyring_folder(&self, home: &Home) -> PathBuf {
        self.keyring_folder.clone().unwrap_or_else(|| home.root().join("keyring-backups"))
    }

    pub(super) fn check(&self, home: &Home, findings: &mut Findings) {
        let (data, keys) = (self.folder(home), self.keyring_folder(home));
        for (key, folder) in [("backup.folder", &data), ("backup.keyring_folder", &keys)] {
            for live in [home.data(), home.keys()] {
                if folder.starts_with(live) || live.starts_with(folder) {
                    findings.add(
                        key,
                        format!(
                            "\"{}\" and \"{}\" are one inside the other",
                            folder.display(),
                            live.display()
                        ),
                        "keep backups apart from what they are backups of",
                    );
                    break;
                }
            }
        }
        if data.starts_with(&keys) || keys.starts_with(&data) {
            findings.add(
                "backup.keyring_folder",
                format!("\"{}\" is not apart from the data's backups", keys.display()),
                "give the keyring's backups a folder of their own: whoever has both reads all",
            );
        }
        if let Some(list) = &self.forget_list
            && [home.data(), home.keys(), &data, &keys].iter().any(|live| list.starts_with(live))
        {
            findings.add(
                "backup.forget_list",
                format!("\"{}\" is lost with what it is to outlive", list.display()),
                "name a file outside the data, the keys and their backups",
            );
        }
        if self.keep_days > MOST_DAYS && !self.allow_longer {
            findings.add(
                "backup.keep_days",
                format!(
                    "{} days are more than a year, so that what was deleted would leave traces \
                     for longer than Loket promises",
                    self.keep_days
                ),
                format!("choose {MOST_DAYS} at most, or set backup.allow_longer = true on purpose"),
            );
        }
    }
}
