//! Backups from before and after keys were rotated: a working server, or a clear word.

use loket::app::restore::Request;
use loket::app::rotate::{self, RotateError};
use loket::ids::SystemIds;
use loket::service::backup;
use loket::service::rotation::{self, Of, Progress};
use loket::store::keys;

use super::*;

on_both!(
    the_root_key_is_changed_while_nobody_has_it,
    a_change_of_the_root_key_that_was_broken_off_is_completed_or_left,
    a_lost_or_wrong_root_key_changes_nothing,
    backups_of_both_sides_of_a_rotation,
);

async fn rotate_root(site: &Site) -> Result<rotate::Report, RotateError> {
    rotate::root(&site.config(), site.clock.clone(), std::sync::Arc::new(SystemIds)).await
}

async fn the_root_key_is_changed_while_nobody_has_it(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    let refused = rotate_root(&site).await.unwrap_err();
    assert!(matches!(refused, RotateError::Running), "{refused}");
    assert!(refused.to_string().contains("Stop it"));
    open.close().await;
    let old = std::fs::read(site.at("keys/root.key")).unwrap();
    let report = rotate_root(&site).await.unwrap();
    // The server's key and those of two organizations.
    assert_eq!((report.rotated.version, report.rotated.children), (2, 3));
    assert_ne!(std::fs::read(site.at("keys/root.key")).unwrap(), old);
    assert_eq!(std::fs::read(site.at("keys/root.key.previous")).unwrap(), old);
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [CHANNEL, TICKET, MESSAGE, KEPT]);
    assert_eq!(open.services.store().keyring().root_version(), 2);
    open.close().await;
    assert_eq!(rotate_root(&site).await.unwrap().rotated.version, 3);
}

async fn a_change_of_the_root_key_that_was_broken_off_is_completed_or_left(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    open.close().await;
    let at = |name: &str| site.at("keys").join(name);
    let (key, next, previous) = (at("root.key"), at("root.key.next"), at("root.key.previous"));
    // Before the keyring was committed: a new file that opens nothing.
    let foreign = Site::new(On::Sqlite).await;
    foreign.open().await.close().await;
    std::fs::copy(foreign.at("keys/root.key"), &next).unwrap();
    site.open().await.close().await;
    let old = std::fs::read(&key).unwrap();
    rotate_root(&site).await.unwrap();
    let new = std::fs::read(&key).unwrap();
    assert!(!next.exists());
    // After that, before the first rename.
    std::fs::rename(&key, &next).unwrap();
    std::fs::rename(&previous, &key).unwrap();
    site.open().await.close().await;
    assert_eq!(
        (std::fs::read(&key).unwrap(), std::fs::read(&previous).unwrap()),
        (new.clone(), old.clone())
    );
    // And before the second.
    std::fs::rename(&key, &next).unwrap();
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [CHANNEL, TICKET, MESSAGE, KEPT]);
    open.close().await;
    assert_eq!((std::fs::read(&key).unwrap(), std::fs::read(&previous).unwrap()), (new, old));
    assert!(!next.exists());
}

async fn a_lost_or_wrong_root_key_changes_nothing(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    open.close().await;
    rotate_root(&site).await.unwrap();
    let (key, aside) = (site.at("keys/root.key"), site.at("new"));
    std::fs::rename(&key, &aside).unwrap();
    let lost = site.try_open().await.err().unwrap();
    assert!(lost.contains("keyring"), "{lost}");
    assert!(!key.exists(), "no new one is made");
    // The one from before does not open it either.
    std::fs::copy(site.at("keys/root.key.previous"), &key).unwrap();
    assert!(site.try_open().await.is_err());
    assert!(rotate_root(&site).await.is_err());
    std::fs::rename(&aside, &key).unwrap();
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [CHANNEL, TICKET, MESSAGE, KEPT]);
    open.close().await;
}

async fn backups_of_both_sides_of_a_rotation(on: On) {
    let mut site = Site::new(on).await;
    site.set("LOKET_BACKUP__KEEP_DAYS", "10");
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    let words = [CHANNEL, TICKET, MESSAGE, KEPT];
    let data = backup::create(&open.app.services).await.unwrap().path;
    let keyring = backup::create_keyring(&open.app.services).await.unwrap().path;
    let organization = mail.kept.owner.organization_id;
    let channel = Of::Channel(organization, mail.kept.channel);
    let mut begun = Vec::new();
    for of in [channel, Of::Organization(organization), Of::Server] {
        let one = rotation::begin(&open.app.services, of).await.unwrap();
        while rotation::run(&open.app.services, one.id).await.unwrap() == Progress::Goes {}
        begun.push(one.id);
    }
    assert_eq!(readable(&open.services).await, words);
    open.close().await;

    // A keyring from before, with today's data: what is sealed since would not open.
    let older = Request { keyring: Some(keyring.clone()), replace: true, ..Request::default() };
    let refused = site.restore(&older).await.unwrap_err();
    let text = chain(&refused);
    assert!(text.contains("rotated to version 2") && text.contains("after the rotation"), "{text}");
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, words, "nothing was changed");
    open.close().await;

    // Data from before, with today's keyring: it opens, and is sealed anew once more.
    let old_data = Request { from: Some(data.clone()), replace: true, ..Request::default() };
    site.restore(&old_data).await.unwrap();
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, words);
    let status = rotation::status(&open.app.services).await.unwrap();
    assert_eq!(status.rotations.len(), 3);
    for one in &status.rotations {
        while rotation::run(&open.app.services, one.id).await.unwrap() == Progress::Goes {}
    }
    // The old secrets go once no backup needs them.
    site.days(11);
    for one in &status.rotations {
        let ended = rotation::run(&open.app.services, one.id).await.unwrap();
        assert_eq!(ended, Progress::Ended);
    }
    let store = open.app.services.store();
    assert!(keys::of_channel(store, organization, mail.kept.channel).await.is_ok());
    assert_eq!(readable(&open.services).await, words);
    open.close().await;
    // Now the old data would not open any more, nor would the old keyring be of use.
    let refused = chain(&site.restore(&old_data).await.unwrap_err());
    assert!(refused.contains("before key") && refused.contains("after the rotation"), "{refused}");
    let refused = chain(&site.restore(&older).await.unwrap_err());
    assert!(refused.contains("after the rotation"), "{refused}");
    // Both from before fit each other; what has been forgotten since stays forgotten.
    let both =
        Request { from: Some(data), keyring: Some(keyring), replace: true, ..Request::default() };
    let refused = chain(&site.restore(&both).await.unwrap_err());
    assert!(refused.contains("after the rotation"), "{refused}");
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, words);
    open.close().await;
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
