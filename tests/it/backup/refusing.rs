//! What is refused, with nothing changed.

use super::*;

on_both!(
    a_flipped_bit_is_refused_by_its_files_name,
    a_restore_over_a_running_server_is_refused,
    a_forget_list_that_lacks_an_entry_is_refused_unless_somebody_says_why,
    an_altered_entry_is_refused,
    a_backup_of_another_server_is_refused,
);

async fn a_flipped_bit_is_refused_by_its_files_name(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    let made = backup::create(&open.app.services).await.unwrap();
    let check = backup::verify(&open.app.services, None).await.unwrap();
    assert!(check.len() == 1 && check[0].problem.is_none(), "{check:?}");
    let mut paths = site::files(&made.path);
    paths.push(site::files(&site.at("backups/blobs")).remove(1));
    assert!(paths.len() >= 5, "{paths:?}");
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let right = std::fs::read(path).unwrap();
        // An empty forget-list has no bit to flip.
        let mut wrong = right.clone();
        match wrong.len() {
            0 => wrong.push(b'\n'),
            // In the middle of the manifest's signature is the signature.
            length => wrong[length / 2] ^= 1,
        }
        std::fs::write(path, &wrong).unwrap();
        let check = backup::verify(&open.app.services, Some(&made.path)).await;
        let told = match check {
            Ok(check) => check[0].problem.clone().unwrap(),
            Err(error) => error.to_string(),
        };
        let signed = name == "manifest.sig" && told.contains("manifest");
        assert!(told.contains(name) || signed, "{name}: {told}");
        std::fs::write(path, &right).unwrap();
    }
    open.close().await;

    let blob = paths.last().unwrap();
    let mut wrong = std::fs::read(blob).unwrap();
    wrong[99] ^= 1;
    std::fs::write(blob, &wrong).unwrap();
    let request = Request { from: Some(made.path), replace: true, ..Request::default() };
    let error = site.restore(&request).await.unwrap_err();
    assert!(matches!(error, RestoreError::Backup(BackupError::Altered { .. })), "{error}");
    let open = site.open().await;
    assert_eq!(readable(&open.services).await.len(), 4, "nothing was changed");
    open.close().await;
}

async fn a_restore_over_a_running_server_is_refused(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    Mail::new(&open.services).await;
    let made = backup::create(&open.app.services).await.unwrap();
    let request = Request { from: Some(made.path), replace: true, ..Request::default() };
    let error = site.restore(&request).await.unwrap_err();
    assert!(matches!(error, RestoreError::Running), "{error}");
    // Another command beside the server is fine.
    site.open().await.close().await;
    open.close().await;
    // What is there is not overwritten by mistake.
    let careless = Request { replace: false, ..request.clone() };
    let error = site.restore(&careless).await.unwrap_err();
    assert!(matches!(error, RestoreError::Occupied { what: "the data" }), "{error}");
    site.restore(&request).await.unwrap();
    // One that was broken off leaves a mark, and nothing starts.
    std::fs::write(site.at("data/restore.unfinished"), []).unwrap();
    assert!(site.try_open().await.err().unwrap().contains("broken off"));
    site.restore(&request).await.unwrap();
    site.open().await.close().await;
}

/// Three entries, the last two of which only files know.
async fn forgetful(on: On) -> (Site, Mail, Request) {
    let mut site = Site::new(on).await;
    let elsewhere = site.at("elsewhere/forget-list");
    site.set("LOKET_BACKUP__FORGET_LIST", elsewhere.to_str().unwrap());
    let open = site.open().await;
    assert!(elsewhere.exists(), "its absence means that it was lost");
    let mail = Mail::new(&open.services).await;
    open.destroy(&[mail.channel_key]).await;
    let data = backup::create(&open.app.services).await.unwrap();
    let keyring = backup::create_keyring(&open.app.services).await.unwrap();
    open.destroy(&mail.ticket_keys).await;
    open.destroy(&[mail.message_key]).await;
    open.close().await;
    let request = Request {
        from: Some(data.path),
        keyring: Some(keyring.path),
        replace: true,
        override_incomplete: None,
    };
    // The databases as they were: the disk is lost, and only the backups are left.
    site.restore(&request).await.unwrap();
    (site, mail, request)
}

fn copies(site: &Site) -> Vec<ForgetFile> {
    ["backups", "keyring-backups", "elsewhere"]
        .map(|folder| ForgetFile::new(site.at(folder).join("forget-list")))
        .into()
}

/// Takes away what the databases know.
async fn lose(site: &Site, request: &Request) {
    if site.on == On::Sqlite {
        std::fs::remove_file(site.at("data/loket.db")).unwrap();
        std::fs::remove_file(site.at("data/audit.db")).unwrap();
        std::fs::remove_file(site.at("keys/keyring.db")).unwrap();
    } else {
        for url in [site.config().database.url, site.config().database.keyring_url] {
            use secrecy::ExposeSecret as _;
            let database = sea_orm::Database::connect(url.unwrap().expose_secret()).await.unwrap();
            let sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;";
            sea_orm::ConnectionTrait::execute_unprepared(&database, sql).await.unwrap();
            database.close().await.unwrap();
        }
    }
    assert!(request.from.is_some());
}

async fn a_forget_list_that_lacks_an_entry_is_refused_unless_somebody_says_why(on: On) {
    let (site, _, request) = forgetful(on).await;
    let copies = copies(&site);
    for copy in &copies {
        assert_eq!(copy.read().unwrap().unwrap().len(), 3);
        let text = std::fs::read_to_string(copy.path()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        // The second entry is in no backup either.
        std::fs::write(copy.path(), format!("{}\n{}\n", lines[0], lines[2])).unwrap();
    }
    lose(&site, &request).await;
    let error = site.restore(&request).await.unwrap_err();
    let missing = Disagreement::Missing { number: 2, last: 3 };
    assert!(matches!(&error, RestoreError::Incomplete(found) if *found == missing), "{error}");
    assert!(!site.at("data/loket.db").exists() && !site.at("data/restore.unfinished").exists());
    // The configured place is gone altogether.
    let moved = site.at("elsewhere/moved");
    std::fs::rename(copies[2].path(), &moved).unwrap();
    let error = site.restore(&request).await.unwrap_err();
    let unreadable = matches!(
        &error, RestoreError::Incomplete(Disagreement::Unreadable { place })
        if place.ends_with("elsewhere/forget-list")
    );
    assert!(unreadable, "{error}");
    std::fs::rename(&moved, copies[2].path()).unwrap();

    let reason = Some("the only other copy burned".to_owned());
    let request = Request { override_incomplete: reason, ..request };
    let report = site.restore(&request).await.unwrap();
    assert_eq!(report.overridden, [missing]);
    // The entries that are left were obeyed: the message is gone, the ticket came back.
    let open = site.open().await;
    assert_eq!(readable(&open.services).await, [TICKET, KEPT]);
    let store = open.services.store();
    for organization in loket::store::organizations::list(store).await.unwrap() {
        let log = loket::store::audit::list(store, organization.id, None, 50).await.unwrap();
        let words: Vec<_> = log.iter().map(|entry| entry.action.as_str()).collect();
        assert!(words.contains(&"server.override_forget_list"), "{words:?}");
        let why: Option<serde_json::Value> =
            loket::store::settings::find(store, organization.id, "restore_override").await.unwrap();
        assert_eq!(why.unwrap()["reason"], "the only other copy burned");
    }
    open.close().await;
}

async fn an_altered_entry_is_refused(on: On) {
    let (site, mail, request) = forgetful(on).await;
    let other = mail.ticket_keys[0].simple().to_string();
    let innocent = uuid::Uuid::from_u128(5).simple().to_string();
    for copy in copies(&site) {
        let text = std::fs::read_to_string(copy.path()).unwrap();
        assert!(text.contains(&other));
        std::fs::write(copy.path(), text.replace(&other, &innocent)).unwrap();
    }
    lose(&site, &request).await;
    let error = site.restore(&request).await.unwrap_err();
    let forged = Disagreement::NotAuthentic { number: 2 };
    assert!(matches!(&error, RestoreError::Incomplete(found) if *found == forged), "{error}");
}

async fn a_backup_of_another_server_is_refused(on: On) {
    let (site, other) = (Site::new(on).await, Site::new(on).await);
    let mut made = Vec::new();
    for site in [&site, &other] {
        let open = site.open().await;
        Mail::new(&open.services).await;
        made.push(backup::create(&open.app.services).await.unwrap());
        open.close().await;
    }
    let request = Request { from: Some(made[1].path.clone()), replace: true, ..Request::default() };
    let error = site.restore(&request).await.unwrap_err();
    assert!(matches!(error, RestoreError::Unpaired), "{error}");
    // Nor one whose manifest says what it likes under a key of its own.
    let path = Manifest::path(&made[0].path);
    std::fs::remove_file(&path).unwrap();
    let error = site.restore(&Request { from: Some(made[0].path.clone()), ..request }).await;
    let error = error.unwrap_err();
    assert!(matches!(error, RestoreError::Backup(BackupError::NotABackup { .. })), "{error}");
    let open = site.open().await;
    assert_eq!(readable(&open.services).await.len(), 4);
    open.close().await;
}
