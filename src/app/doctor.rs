//! `loket doctor`: what can be wrong with a home folder, a machine and a configuration.
//!
//! In order: the folders and who may read them, the disk, the clock, the public address; then
//! databases and keyring are opened as a start does, without bringing the schema up to date, and
//! `service::doctor` looks inside. What is not there yet is not made.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{App, OpenError};
use crate::clock::Clock;
use crate::config::Config;
use crate::ids::Ids;
use crate::service::doctor::{self, Check, causes};

/// Before this version was made no clock can be.
const NOT_BEFORE: &str = "2026-01-01T00:00:00Z";

const GIGABYTE: u64 = 1 << 30;
/// Less free space is told.
const LOW: u64 = GIGABYTE;
/// With less the databases stop working any time.
const FULL: u64 = 64 << 20;

/// Looks at everything.
pub async fn examine(config: &Config, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Vec<Check> {
    let home = &config.home;
    let mut checks = vec![time(clock.now()), public_url(config)];
    let there = [home.data(), home.keys()].map(Path::exists);
    if there == [false, false] {
        checks.push(Check::warn(
            "home",
            format!("{} is not a home folder yet.", home.root().display()),
            "start the server there with loket serve, or name the right one with --home",
        ));
        return checks;
    }
    if there != [true, true] {
        checks.push(Check::fail(
            "home",
            "There is a data folder without a keys folder, or keys without data.",
            "mount the one that is missing or put it back; check paths.data and paths.keys",
        ));
        return checks;
    }
    checks.push(disk("disk", home.data()));
    checks.push(disk("keys_disk", home.keys()));
    if let Err(error) = home.check_keys() {
        checks.push(opening(&OpenError::Home(error)));
        return checks;
    }
    checks.push(Check::ok("home", "Only Loket's user can read the keys."));
    let empty = config.database.on_postgres().is_none() && !home.database().exists();
    if empty || config.database.keyring_on_postgres().is_none() && !home.keyring().exists() {
        checks.push(Check::fail(
            "database",
            "The home folder has no database or no keyring.",
            "put back both from their backups; on a new machine, start loket serve",
        ));
        return checks;
    }
    match App::assemble(config, clock, ids).await {
        Ok(app) => checks.extend(doctor::examine(&app.services).await),
        Err(error) => checks.push(opening(&error)),
    }
    checks
}

fn time(now: DateTime<Utc>) -> Check {
    let shown = now.format("%Y-%m-%d %H:%M UTC");
    if NOT_BEFORE.parse().is_ok_and(|early: DateTime<Utc>| now < early) {
        return Check::fail(
            "clock",
            format!("The clock says {shown}, which is in the past."),
            "set it by the network: timedatectl set-ntp true",
        );
    }
    Check::ok("clock", format!("The clock says {shown}."))
}

fn public_url(config: &Config) -> Check {
    let url = config.server.public_url();
    if url.starts_with("https://") {
        return Check::ok("public_url", format!("Browsers reach Loket at {url}."));
    }
    if config.server.public_url.is_some() || config.server.listen.ip().is_loopback() {
        return Check::ok("public_url", format!("Only this machine reaches Loket, at {url}."));
    }
    Check::warn(
        "public_url",
        format!("Loket listens for others, and takes its address to be {url}."),
        "set server.public_url to the https:// address that browsers use",
    )
}

fn disk(name: &'static str, folder: &Path) -> Check {
    let free = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Check::fail(
                name,
                format!("The disk of {} cannot be looked at: {error}", folder.display()),
                "check that Loket's user may enter the folder",
            );
        }
    };
    space(name, free)
}

fn space(name: &'static str, free: u64) -> Check {
    let tenths = free / (GIGABYTE / 10);
    let shown = format!("{}.{} GB", tenths / 10, tenths % 10);
    let fix = "make room, or move the folder (paths.data, paths.keys) to a larger disk";
    match free {
        ..FULL => Check::fail(name, format!("The disk is full: {shown} is free."), fix),
        FULL..LOW => Check::warn(name, format!("Only {shown} is free."), fix),
        LOW.. => Check::ok(name, format!("{shown} is free.")),
    }
}

/// Why a start would fail.
fn opening(error: &OpenError) -> Check {
    let said = causes(error);
    match error {
        OpenError::Home(_) => {
            let (message, fix) = said.split_once("\n  fix: ").unwrap_or((&said, "see above"));
            Check::fail("home", message, fix)
        }
        OpenError::Store(_) => Check::fail(
            "database",
            said,
            "check that the database runs, and name and password in database.url",
        ),
        OpenError::Unpaired(_) => {
            let (message, fix) = said.split_once(". ").unwrap_or((&said, "see above"));
            Check::fail("pairing", format!("{message}."), fix)
        }
        OpenError::Keyring(_) | OpenError::SameCluster => Check::fail(
            "keyring",
            said,
            "put back the keyring and the root key that belong to this data; never make new ones",
        ),
        OpenError::Forget(_) | OpenError::Restoring | OpenError::RestoreUnfinished => Check::fail(
            "forget_list",
            said,
            "bring a complete copy of the forget-list, or restore with loket restore",
        ),
        OpenError::Lock { .. } => {
            Check::fail("home", said, "check that Loket's user may write into the data folder")
        }
        OpenError::Blobs(_) => {
            Check::fail("blobs", said, "check the settings under [blobs] and who may write there")
        }
        OpenError::CaFile { .. } | OpenError::Net(_) => {
            Check::fail("tls", said, "check tls.extra_ca_file and the machine's own certificates")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::doctor::Health;

    #[test]
    fn a_wrong_clock_and_a_full_disk_are_told() {
        let at = |text: &str| time(text.parse().unwrap()).status;
        assert_eq!(at("1970-01-01T00:00:09Z"), Health::Fail);
        assert_eq!(at("2026-03-02T00:00:00Z"), Health::Ok);
        assert_eq!(space("disk", 9 << 20).status, Health::Fail);
        assert_eq!(space("disk", 900 << 20).status, Health::Warn);
        let well = space("disk", (2 << 30) + (1 << 29));
        assert_eq!((well.status, well.message.as_str()), (Health::Ok, "2.5 GB is free."));
    }

    #[test]
    fn an_address_that_others_cannot_use_is_told() {
        let of = |listen: &str, url: Option<&str>| {
            let mut config = Config::default();
            config.server.listen = listen.parse().unwrap();
            config.server.public_url = url.map(|url| url.parse().unwrap());
            public_url(&config).status
        };
        assert_eq!(of("127.0.0.1:8080", None), Health::Ok);
        assert_eq!(of("0.0.0.0:8080", None), Health::Warn);
        assert_eq!(of("0.0.0.0:8080", Some("https://desk.example.com")), Health::Ok);
    }
}
