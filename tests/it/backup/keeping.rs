//! How long backups stay, and what a killed one leaves.

use loket::service::backup::Pruned;
use loket::service::doctor::Health;

use super::*;

on_both!(
    what_is_too_old_goes_and_the_rest_stays,
    a_backup_that_was_killed_is_never_taken_for_a_whole_one,
    a_backup_is_private_and_has_no_key,
    the_server_makes_backups_by_itself_where_it_is_told_to,
);

async fn what_is_too_old_goes_and_the_rest_stays(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    let services = &open.app.services;
    let first = backup::create(services).await.unwrap();
    backup::create_keyring(services).await.unwrap();
    assert_eq!(site::files(&site.at("backups/blobs")).len(), 3);
    // A ticket with a large mail is deleted, rows and object too.
    mail.forget(&open).await;
    loket::store::forgotten::sweep(services.store(), &mail.ticket_keys).await.unwrap();
    site.days(7);
    let second = backup::create(services).await.unwrap();
    let pruned = second.pruned.clone();
    assert_eq!(pruned, Pruned::default(), "seven days are allowed");
    site.clock.advance(chrono::TimeDelta::seconds(1));
    let pruned = backup::prune(services).await.unwrap();
    assert_eq!((pruned.data.len(), pruned.keyring.len(), pruned.blobs), (0, 1, 0));
    site.days(24);
    let pruned = backup::prune(services).await.unwrap();
    assert_eq!((pruned.data, pruned.blobs), (vec![first.name], 1));
    assert_eq!(backup::verify(services, None).await.unwrap()[0].problem, None);
    // Nothing is made any more: the last one stays for as long as any may.
    site.days(330);
    assert_eq!(backup::prune(services).await.unwrap(), Pruned::default());
    site.days(40);
    let pruned = backup::prune(services).await.unwrap();
    assert_eq!((pruned.data, pruned.blobs), (vec![second.name], 2));
    for folder in ["backups", "keyring-backups"] {
        let list = ForgetFile::new(site.at(folder).join("forget-list"));
        assert_eq!(list.read().unwrap().unwrap().len(), 3, "it outlives all backups");
    }
    open.close().await;
}

async fn a_backup_that_was_killed_is_never_taken_for_a_whole_one(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let services = &open.app.services;
    let left = site.at("backups/.incomplete-data-20260301T090000Z");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("loket.db"), "half").unwrap();
    assert!(backup::list(services).unwrap().is_empty());
    let made = backup::create(services).await.unwrap();
    assert!(!left.exists(), "it was cleared");
    assert_eq!(backup::list(services).unwrap().len(), 1);
    // Even if it had its name: without a manifest it is none.
    std::fs::remove_file(made.path.join("manifest.sig")).unwrap();
    let check = backup::verify(services, None).await.unwrap();
    assert!(check[0].problem.as_ref().unwrap().contains("manifest.sig"), "{check:?}");
    open.close().await;
}

async fn a_backup_is_private_and_has_no_key(on: On) {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    let data = backup::create(&open.app.services).await.unwrap();
    let keyring = backup::create_keyring(&open.app.services).await.unwrap();
    open.close().await;
    let root = std::fs::read_to_string(site.at("keys/root.key")).unwrap();
    let root = root.lines().find_map(|line| line.strip_prefix("key ")).unwrap();
    for folder in [&data.path, &keyring.path] {
        assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
        for file in site::files(folder) {
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let bytes = std::fs::read(&file).unwrap();
            let has = |word: &[u8]| memchr::memmem::find(&bytes, word).is_some();
            assert!(
                !has(root.as_bytes()) && !has(&hex::decode(root).unwrap()),
                "{}",
                file.display()
            );
            let of_keyring = folder == &keyring.path;
            assert!(of_keyring || !has(b"keyring_key"), "{}", file.display());
        }
    }
}

#[test]
fn a_longer_time_is_refused_unless_somebody_means_it() {
    let folder = tempfile::tempdir().unwrap();
    let load = |variables: &[(&str, &str)]| {
        let own = |(name, value): &(&str, &str)| (format!("LOKET_BACKUP__{name}"), (*value).into());
        let variables: Vec<_> = variables.iter().map(own).collect();
        loket::config::load_from(folder.path(), &variables).map_err(|all| all.to_string())
    };
    assert_eq!(load(&[]).unwrap().config.backup.keep_days, 30);
    assert_eq!(load(&[("KEEP_DAYS", "365")]).unwrap().config.backup.keep_days, 365);
    let said = load(&[("KEEP_DAYS", "366")]).unwrap_err();
    for part in ["backup.keep_days", "more than a year", "backup.allow_longer = true"] {
        assert!(said.contains(part), "{said}");
    }
    load(&[("KEEP_DAYS", "366"), ("ALLOW_LONGER", "true")]).unwrap();
    for (variable, value) in [
        ("FOLDER", "data/backups"),
        ("FOLDER", "."),
        ("KEYRING_FOLDER", "backups"),
        ("KEYRING_FOLDER", "backups/keys"),
        ("KEYRING_FOLDER", "keys"),
        ("FORGET_LIST", "backups/list"),
    ] {
        let said = load(&[(variable, value)]).err();
        let key = format!("backup.{}", variable.to_lowercase());
        assert!(said.as_ref().is_some_and(|said| said.contains(&key)), "{value}: {said:?}");
    }
}

async fn the_server_makes_backups_by_itself_where_it_is_told_to(on: On) {
    let mut site = Site::new(on).await;
    let open = site.open().await;
    assert_eq!(backup::run(&open.app.services).await.unwrap(), None, "off unless configured");
    assert!(backup::list(&open.app.services).unwrap().is_empty());
    open.close().await;
    site.set("LOKET_BACKUP__EVERY_HOURS", "12");
    let open = site.open().await;
    let again = backup::run(&open.app.services).await.unwrap();
    assert_eq!(again, Some(chrono::TimeDelta::hours(12)));
    let kinds: Vec<_> =
        backup::list(&open.app.services).unwrap().iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Kind::Data, Kind::Keyring]);
    // A keyring's backup that nobody prunes is an alarm.
    let status = |services: &loket::service::Services| -> Vec<_> {
        let checks = backup::health::examine(services);
        checks.iter().map(|check| (check.name, check.status)).collect()
    };
    let services = &open.app.services;
    assert_eq!(status(services), [("backup", Health::Ok), ("keyring_backup", Health::Ok)]);
    site.days(3);
    assert_eq!(status(services), [("backup", Health::Warn), ("keyring_backup", Health::Warn)]);
    site.days(5);
    assert_eq!(status(services), [("backup", Health::Warn), ("keyring_backup", Health::Fail)]);
    open.close().await;
}
