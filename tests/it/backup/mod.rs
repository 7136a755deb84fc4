//! Backups that forget: what was forgotten cannot be read again, whichever backup comes back.

use loket::app::restore::{Request, RestoreError};
use loket::backup::{BackupError, ForgetFile, Kind, Manifest};
use loket::service::backup;
use loket::store::reconcile::Disagreement;

use crate::support::db::{On, on_both};
use crate::support::search::{Word, search_files};

mod erased;
mod keeping;
mod refusing;
mod rotated;
pub(crate) mod site;
mod starting;

use site::{CHANNEL, KEPT, MESSAGE, Mail, Site, TICKET, readable};

on_both!(
    an_old_backup_of_the_data_brings_nothing_back_that_was_forgotten,
    an_old_backup_of_the_keyring_does_not_either,
    an_organization_that_was_closed_does_not_come_back,
    a_restored_server_sends_nothing_by_itself_and_has_nobody_signed_in,
);

/// No file of the home folder shows a word that was mailed, whether or not it was forgotten.
fn nothing_shows(site: &Site) {
    for word in [CHANNEL, TICKET, MESSAGE, KEPT] {
        let mut found = Vec::new();
        assert!(search_files(&site.at(""), &Word::new(word), &mut found) > 5);
        assert_eq!(found, [""; 0], "{word}");
    }
}

async fn an_old_backup_of_the_data_brings_nothing_back_that_was_forgotten(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    assert_eq!(readable(&open.services).await, [CHANNEL, TICKET, MESSAGE, KEPT]);
    let made = backup::create(&open.app.services).await.unwrap();
    assert_eq!(
        (made.kind, made.blobs, made.blobs_copied, made.last_forgotten),
        (Kind::Data, 3, 3, 0)
    );
    // The second has the same objects, and copies none.
    let second = backup::create(&open.app.services).await.unwrap();
    assert_eq!((second.blobs, second.blobs_copied), (3, 0));
    site.days(3);
    mail.forget(&open).await;
    open.close().await;
    // The disk with the mail is lost as well.
    std::fs::remove_dir_all(site.at("data/blobs")).unwrap();

    let request = Request { from: Some(made.path), replace: true, ..Request::default() };
    let report = site.restore(&request).await.unwrap();
    assert_eq!(report.last_forgotten, 3);
    let replay = report.done.replay;
    assert_eq!((replay.keyring_entries, replay.data_entries, replay.keys), (0, 3, 0));
    let swept = replay.swept;
    assert_eq!((swept.channels, swept.tickets, swept.messages), (1, 3, 4));
    // Only the object of what may be read came back.
    let blobs = report.done.blobs;
    assert_eq!((blobs.present, blobs.restored, blobs.missing), (0, 1, 0));
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [KEPT]);
    open.close().await;
    nothing_shows(&site);
}

async fn an_old_backup_of_the_keyring_does_not_either(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    let data = backup::create(&open.app.services).await.unwrap();
    let keyring = backup::create_keyring(&open.app.services).await.unwrap();
    assert_eq!(keyring.kind, Kind::Keyring);
    let objects: Vec<_> = site::files(&site.at("data/blobs"))
        .into_iter()
        .map(|path| (std::fs::read(&path).unwrap(), path))
        .collect();
    site.days(3);
    mail.forget(&open).await;
    open.close().await;
    site.days(3);

    let request = Request {
        from: Some(data.path.clone()),
        keyring: Some(keyring.path.clone()),
        replace: true,
        ..Request::default()
    };
    let report = site.restore(&request).await.unwrap();
    let replay = report.done.replay;
    let keys = 2 + mail.ticket_keys.len() as u64;
    assert_eq!((replay.keyring_entries, replay.data_entries, replay.keys), (3, 3, keys));
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [KEPT]);
    // Keys that were forgotten are not in the restored keyring, under no name.
    let forgotten: Vec<_> = [&[mail.channel_key, mail.message_key][..], &mail.ticket_keys].concat();
    assert!(open.services.store().keyring().get_many(&forgotten).await.unwrap().is_empty());
    open.close().await;
    nothing_shows(&site);

    // The keyring alone comes back as well, under today's data.
    let request = Request { from: None, ..request };
    let report = site.restore(&request).await.unwrap();
    assert_eq!((report.done.replay.keys, report.done.replay.data_entries), (keys, 0));
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [KEPT]);
    open.close().await;

    // Without the forget-list all of it would have come back: the test sees what it looks for.
    if on == On::Sqlite {
        let (from, keys) = (&data.path, &keyring.path);
        for (from, to) in [
            (from.join("loket.db"), "data/loket.db"),
            (from.join("audit.db"), "data/audit.db"),
            (keys.join("keyring.db"), "keys/keyring.db"),
        ] {
            std::fs::copy(from, site.at(to)).unwrap();
        }
        // Objects went with their keys.
        assert!(site::files(&site.at("data/blobs")).len() < objects.len());
        for (bytes, path) in &objects {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        for folder in ["backups", "keyring-backups"] {
            std::fs::remove_file(site.at(folder).join("forget-list")).unwrap();
        }
        let open = site.open().await;
        assert!(readable(&open.services).await.contains(&MESSAGE));
        open.close().await;
    }

    // What was moved aside goes when a backup of the keyring would.
    assert_eq!(report.aside.len(), 1, "{:?}", report.aside);
    let open = site.open().await;
    site.days(7);
    assert_eq!(backup::prune(&open.app.services).await.unwrap().aside, [""; 0]);
    site.clock.advance(chrono::TimeDelta::seconds(1));
    let gone = backup::prune(&open.app.services).await.unwrap().aside;
    assert_eq!(gone.len(), 2, "those of both restores: {gone:?}");
    open.close().await;
}

async fn an_organization_that_was_closed_does_not_come_back(on: On) {
    use loket::service::ServiceError;
    use loket::service::sign_in::sign_in;
    use loket::store::organizations;

    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    let data = backup::create(&open.app.services).await.unwrap();
    let keyring = backup::create_keyring(&open.app.services).await.unwrap();
    let all = organizations::list(open.services.store()).await.unwrap();
    assert_eq!(all.len(), 2);
    let channels = loket::store::channels::list(open.services.store(), all[0].id).await.unwrap();
    // As closing does it: its mailboxes' keys, then its own.
    open.destroy(&channels.iter().map(|channel| channel.key_id).collect::<Vec<_>>()).await;
    open.destroy(&[all[0].key_id]).await;
    open.close().await;
    site.days(3);
    let request = Request {
        from: Some(data.path),
        keyring: Some(keyring.path),
        replace: true,
        ..Request::default()
    };
    site.restore(&request).await.unwrap();
    let open = site.open().await;
    let services = &open.services;
    assert_eq!(organizations::list(services.store()).await.unwrap().len(), 1);
    let here = [127, 0, 0, 1].into();
    let gone = sign_in(services, here, "owner@gone.example", "gone gone gone".into()).await;
    assert!(matches!(gone, Err(ServiceError::WrongCredentials)), "{gone:?}");
    let kept = sign_in(services, here, "owner@kept.example", "kept kept kept".into()).await;
    assert!(kept.is_ok());
    assert!(services.store().keyring().get(all[0].key_id).await.is_err());
    open.close().await;
    nothing_shows(&site);
}

async fn a_restored_server_sends_nothing_by_itself_and_has_nobody_signed_in(on: On) {
    use loket::domain::words::OutboxState;
    use loket::service::replies::{self, Mode, ReplyRequest};
    use loket::store::drafts::Content;

    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    let ticket = mail.kept.tickets(&open.services).await.remove(0).summary.ticket;
    let request = ReplyRequest {
        snooze_until: None,
        number: ticket.number,
        mode: Mode::Reply,
        content: Content { text: "Morgen!".to_owned(), ..Content::default() },
        then: Some(loket::domain::words::Status::Pending),
        seen_version: ticket.version,
        idempotency_key: None,
    };
    let answer = replies::create(&open.services, &mail.kept.owner, request).await.unwrap();
    readable(&open.services).await;
    let made = backup::create(&open.app.services).await.unwrap();
    open.close().await;
    let request = Request { from: Some(made.path), replace: true, ..Request::default() };
    let report = site.restore(&request).await.unwrap();
    let stopped = report.done.stopped;
    assert_eq!((stopped.answers, stopped.sessions), (1, 2));
    let open = site.open().await;
    let scope = loket::store::Scope::whole(mail.kept.owner.organization_id);
    let store = open.services.store();
    let entry = loket::store::outbox::find_of_message(store, &scope, answer).await.unwrap();
    let entry = entry.unwrap();
    assert_eq!(entry.state, OutboxState::InDoubt);
    // A day later nothing has been tried, and a person can still send it.
    site.days(1);
    let takes = loket::store::jobs::Takes { kinds: vec!["send_reply"], busy: Vec::new() };
    let step = loket::store::jobs::next_due(store, &takes);
    assert_eq!(step.await.unwrap(), None);
    loket::service::outbox::confirm(&open.services, &mail.kept.owner, answer).await.unwrap();
    open.close().await;
}
