//! How old the last backups are, for `loket doctor`.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Listed, Services, list};
use crate::backup::{Kind, Settings};
use crate::service::doctor::{Check, causes};

/// A backup older than this is told of, unless the server is to make them less often.
const OLD: TimeDelta = TimeDelta::hours(48);

/// Looks at both kinds.
#[must_use]
pub fn examine(services: &Services) -> Vec<Check> {
    let store = services.store();
    let Some(settings) = store.backups() else { return Vec::new() };
    match list(services) {
        Ok(all) => vec![data(settings, &all, store.now()), keyring(settings, &all, store.now())],
        Err(error) => vec![Check::fail(
            "backup",
            format!("The backups cannot be looked at: {}", causes(&error)),
            "check backup.folder and backup.keyring_folder, and who may read them",
        )],
    }
}

fn old(settings: &Settings) -> TimeDelta {
    OLD.max(TimeDelta::hours(2 * i64::from(settings.every_hours)))
}

fn data(settings: &Settings, all: &[Listed], now: DateTime<Utc>) -> Check {
    const NAME: &str = "backup";
    const FIX: &str = "run loket backup create daily, or set backup.every_hours = 24";
    match all.iter().rev().find(|one| one.kind == Kind::Data) {
        None => Check::warn(NAME, "There is no backup of the data.", FIX),
        Some(last) if now - last.at > old(settings) => {
            Check::warn(NAME, format!("The last backup is {} old.", age(now - last.at)), FIX)
        }
        Some(last) => Check::ok(NAME, format!("The last backup is {} old.", age(now - last.at))),
    }
}

fn keyring(settings: &Settings, all: &[Listed], now: DateTime<Utc>) -> Check {
    const NAME: &str = "keyring_backup";
    const FIX: &str = "run loket keyring backup daily, or set backup.every_hours = 24";
    let days = settings.keyring_keep_days;
    let mut keyrings = all.iter().filter(|one| one.kind == Kind::Keyring);
    let (oldest, newest) = (keyrings.next(), keyrings.next_back());
    let Some(oldest) = oldest else {
        if days == 0 {
            return Check::ok(NAME, "The keyring's backups are turned off.");
        }
        return Check::warn(NAME, "There is no backup of the keyring.", FIX);
    };
    // Pruning takes an hour at most.
    if now - oldest.at > TimeDelta::days(days.into()) + TimeDelta::hours(2) {
        return Check::fail(
            NAME,
            format!(
                "A backup of the keyring is {} old; {days} days are allowed.",
                age(now - oldest.at)
            ),
            "run loket backup prune, and see why the server does not",
        );
    }
    let last = now - newest.unwrap_or(oldest).at;
    let told = format!("The last backup of the keyring is {} old.", age(last));
    if last > old(settings) { Check::warn(NAME, told, FIX) } else { Check::ok(NAME, told) }
}

fn age(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours()) {
        (0, hours) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}
