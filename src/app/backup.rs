//! What the configuration says of backups.

use crate::backup::{DataPlace, KeyringPlace, Settings};
use crate::config::Config;
use crate::config::backup::MOST_DAYS;

/// As the store and the use cases need it.
pub(super) fn settings(config: &Config) -> Settings {
    let (backup, home) = (&config.backup, &config.home);
    Settings {
        folder: backup.folder(home),
        keyring_folder: backup.keyring_folder(home),
        forget_list: backup.forget_list.clone(),
        keep_days: backup.keep_days,
        longest_days: MOST_DAYS.max(backup.keep_days),
        keyring_keep_days: config.privacy.keyring_backup_days,
        every_hours: backup.every_hours,
        tools: backup.postgres_tools.clone(),
        data: match config.database.on_postgres() {
            Some(url) => DataPlace::Postgres(url.clone()),
            None => DataPlace::Sqlite { database: home.database(), audit: home.audit() },
        },
        keyring: match config.database.keyring_on_postgres() {
            Some(url) => KeyringPlace::Postgres(url.clone()),
            None => KeyringPlace::Sqlite(home.keyring()),
        },
    }
}
