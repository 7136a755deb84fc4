//! The export of a mailbox.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::audit::Action;
use loket::blob::BlobName;
use loket::crypto::KeyError;
use loket::domain::ids::ParcelId;
use loket::service::{parcels, prune};
use loket::store::{self, audit};
use serde_json::{Value, json};

use super::{Zip, check_schema, exports, file_of, files, objects, order};
use crate::forgetting::{advance, another_mailbox, disconnect, letter, owner, work};
use crate::support::app::{Browser, Org, PASSWORD, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    a_mailbox_leaves_as_one_zip,
    nobody_exports_by_the_way,
    what_breaks_off_leaves_nothing_behind,
    after_a_week_it_is_gone,
    a_purge_takes_exports_with_it,
    a_large_export_comes_in_parts,
    a_restored_server_says_that_it_is_lost,
);

fn id_of(export: &Value) -> ParcelId {
    ParcelId(export["id"].as_str().unwrap().parse().unwrap())
}

async fn state(browser: &mut Browser, org: &Org, app: &TestApp) -> Value {
    let mailbox = store::mailboxes::list(&app.home.store, org.id).await.unwrap();
    exports(browser, mailbox[0].channel_id).await.first().cloned().unwrap_or_default()
}

async fn a_mailbox_leaves_as_one_zip(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let other = another_mailbox(&app, &org, "info@bakery.example").await;
    let large = letter("anna@example.net", "Canary1", "a", true);
    app.deliver(&org, mailbox, 1, &large).await;
    app.deliver(&org, mailbox, 2, &letter("cees@example.net", "Canary2", "b", false)).await;
    app.deliver(&org, other, 1, &letter("dirk@example.net", "Elsewhere", "c", false)).await;
    let nested =
        format!("Subject: Canary4\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100));
    assert_eq!(app.take_in(&org, mailbox, 4, &nested).await.quarantined, 1);
    let mut browser = owner(&app).await;
    app.home.advance(TimeDelta::minutes(1));
    let note = json!({ "text": "Canary5 note <script>" });
    let noted = browser.post("/api/v1/tickets/1/notes", &note).await;
    assert_eq!(noted.status, StatusCode::CREATED, "{noted:?}");
    let reply = json!({ "mode": "reply", "to": [{ "address": "cees@example.net" }], "text": "Canary6 answer", "seen_version": 1 });
    let answered = browser.post("/api/v1/tickets/2/replies", &reply).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{answered:?}");

    let ordered = order(&mut browser, mailbox).await;
    assert_eq!(ordered["state"], "preparing");
    let early = browser.get(&file_of(&ordered)).await;
    assert_eq!(early.json()["type"], "/problems/export-not-ready");
    let before = objects(&app);
    work(&app).await;
    assert!(objects(&app) > before);
    let ready = exports(&mut browser, mailbox).await.remove(0);
    assert_eq!(
        (&ready["state"], &ready["total"], &ready["done"]),
        (&json!("ready"), &json!(2), &json!(2))
    );
    assert_eq!(ready["expires_at"], "2026-03-09T09:01:00Z");
    assert!(ready["is_own"].as_bool().unwrap());

    let answer = browser.get(&file_of(&ready)).await;
    let disposition = answer.header("content-disposition").to_owned();
    assert!(disposition.contains("support@bakery.example 2026-03-02.zip"), "{disposition}");
    let mut zip = Zip::of(&answer);
    check_schema(&mut zip);
    let names = zip.names();
    let quarantined: Vec<_> = names.iter().filter(|name| name.starts_with("quarantine/")).collect();
    assert_eq!(zip.bytes(quarantined[0]), nested.as_bytes());
    let mut rest = names.clone();
    rest.retain(|name| !name.starts_with("quarantine/"));
    assert_eq!(
        rest,
        [
            "data.json",
            "index.html",
            "lists/0001.html",
            "messages/1/001.eml",
            "messages/2/001.eml",
            "messages/2/002.eml",
            "tickets/1.html",
            "tickets/1.json",
            "tickets/2.html",
            "tickets/2.json",
        ]
    );
    assert_eq!(zip.bytes("messages/1/001.eml"), large.as_bytes());
    assert!(zip.text("messages/2/002.eml").contains("Canary6 answer"));
    let ticket = zip.json("tickets/1.json");
    assert_eq!(ticket["subject"], "About Canary1");
    assert_eq!(ticket["customer"]["address"], "anna@example.net");
    assert_eq!(ticket["messages"][0]["original"], "messages/1/001.eml");
    assert_eq!(ticket["messages"][0]["attachments"][0]["name"], "large.bin");
    assert_eq!(ticket["messages"][1]["kind"], "note");
    assert_eq!(ticket["messages"][1]["text"], "Canary5 note <script>");
    assert_eq!(ticket["messages"][1]["author"], "Owner of bakery");
    assert!(!ticket["events"].as_array().unwrap().is_empty());
    let page = zip.text("tickets/1.html");
    assert!(page.contains("Canary5 note &lt;script&gt;") && !page.contains("<script>"));
    assert!(zip.text("index.html").contains("lists/0001.html"));
    assert!(zip.text("lists/0001.html").contains("../tickets/2.html"));
    let data = zip.json("data.json");
    assert_eq!(data["mailbox"]["address"], "support@bakery.example");
    assert_eq!(data["counts"]["messages"], 4);
    let mut known: Vec<&str> = data["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["addresses"][0].as_str().unwrap())
        .collect();
    known.sort_unstable();
    assert_eq!(known, ["anna@example.net", "cees@example.net"]);
    for word in ["Elsewhere", "dirk@example.net"] {
        assert_eq!(zip.with(word), Vec::<String>::new(), "{word}");
    }

    nothing_can_be_read(&app);
    let after = exports(&mut browser, mailbox).await.remove(0);
    assert_eq!(after["downloads"], 1);
    let log = audit::list(&app.home.store, org.id, None, 500).await.unwrap();
    let told: Vec<_> = log
        .iter()
        .filter(|entry| [Action::OrderExport, Action::Export].contains(&entry.action))
        .map(|entry| (entry.action, entry.channel_id))
        .collect();
    assert_eq!(told, [(Action::Export, Some(mailbox.0)), (Action::OrderExport, Some(mailbox.0))]);
}

/// Nowhere on the disk can a word of it be read, nor that it is a ZIP.
fn nothing_can_be_read(app: &TestApp) {
    for file in files(&app.blobs()).into_iter().chain(files(app.home.folder())) {
        let bytes = std::fs::read(&file).unwrap();
        for word in ["Canary", "anna@example.net", "PK\u{3}\u{4}", "tickets/1.json"] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} in {}", file.display());
        }
    }
}

async fn nobody_exports_by_the_way(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let mut browser = owner(&app).await;
    let path = format!("/api/v1/mailboxes/{mailbox}/exports");
    let wrong = browser.post(&path, &json!({ "password": "something else" })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["errors"][0]["field"], "password");
    assert!(exports(&mut browser, mailbox).await.is_empty());
    order(&mut browser, mailbox).await;
    let again = browser.post(&path, &json!({ "password": PASSWORD })).await;
    assert_eq!(again.json()["type"], "/problems/export-under-way");
    work(&app).await;
    let ready = state(&mut browser, &org, &app).await;
    // Removed before its time.
    let path = format!("/api/v1/exports/{}", ready["id"].as_str().unwrap());
    let gone = browser.request(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    assert_eq!(browser.get(&file_of(&ready)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(objects(&app), 0);
    // An empty mailbox is an export too: it tells that nothing is there.
    order(&mut browser, mailbox).await;
    work(&app).await;
    let ready = state(&mut browser, &org, &app).await;
    let mut zip = Zip::of(&browser.get(&file_of(&ready)).await);
    check_schema(&mut zip);
    assert_eq!(zip.names(), ["data.json", "index.html"]);
}

async fn what_breaks_off_leaves_nothing_behind(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &letter("anna@example.net", "Canary1", "a", false)).await;
    let mut browser = owner(&app).await;
    let ordered = order(&mut browser, mailbox).await;
    let id = id_of(&ordered);
    // A process began, wrote two parts, and died.
    let store = &app.home.store;
    let parcel = store::parcels::find(store, org.id, id).await.unwrap().unwrap();
    let attempt = BlobName::random().as_str().to_owned();
    assert!(store::parcels::begin(store, &parcel, &attempt, 1).await.unwrap());
    assert!(store::parcels::progress(store, &parcel, &attempt, 2, 0).await.unwrap());
    for number in 0..2 {
        let name = loket::export::part_name(&attempt, number).unwrap();
        app.services.blobs().put(&name, vec![7; 10]).await.unwrap();
    }
    assert_eq!(state(&mut browser, &org, &app).await["state"], "preparing");
    assert_eq!(browser.get(&file_of(&ordered)).await.status, StatusCode::CONFLICT);
    work(&app).await;
    let ready = state(&mut browser, &org, &app).await;
    assert_eq!(ready["state"], "ready");
    assert_eq!(objects(&app), 1, "the parts of the first attempt are gone");
    assert_eq!(Zip::of(&browser.get(&file_of(&ready)).await).names().len(), 6);
    // Whoever was at it before notices, if it lives after all.
    assert!(!store::parcels::progress(store, &parcel, &attempt, 3, 0).await.unwrap());

    // One that cannot be made says so, and keeps nothing.
    app.home.advance(TimeDelta::minutes(1));
    let broken = order(&mut browser, mailbox).await;
    let key = store::parcels::find(store, org.id, id_of(&broken)).await.unwrap().unwrap();
    store::forget::destroy_keys(store, &[key.key_id]).await.unwrap();
    let made = parcels::make(&app.services, org.id, key.id, parcels::TRIES).await.unwrap();
    assert_eq!(made, parcels::Made::GivenUp);
    let failed = exports(&mut browser, mailbox).await.remove(0);
    assert_eq!((&failed["state"], &failed["error"]), (&json!("failed"), &json!("failed")));
}

async fn after_a_week_it_is_gone(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &letter("anna@example.net", "Canary1", "a", false)).await;
    let mut browser = owner(&app).await;
    let ordered = order(&mut browser, mailbox).await;
    work(&app).await;
    let store = &app.home.store;
    let id = id_of(&ordered);
    let key = store::parcels::find(store, org.id, id).await.unwrap().unwrap().key_id;
    advance(&app, TimeDelta::days(7) - TimeDelta::seconds(1)).await;
    let mut browser = owner(&app).await;
    assert_eq!(browser.get(&file_of(&ordered)).await.status, StatusCode::OK);
    app.home.advance(TimeDelta::seconds(1));
    assert_eq!(browser.get(&file_of(&ordered)).await.status, StatusCode::NOT_FOUND);
    assert!(exports(&mut browser, mailbox).await.is_empty());
    assert_eq!(prune::run(&app.services).await.unwrap().exports, 1);
    assert_eq!(objects(&app), 0);
    assert!(matches!(store.keyring().get(key).await, Err(KeyError::Destroyed(_))));
    assert!(store::parcels::find(store, org.id, id).await.unwrap().is_none());
}

async fn a_purge_takes_exports_with_it(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &letter("anna@example.net", "Canary1", "a", false)).await;
    let mut browser = owner(&app).await;
    disconnect(&mut browser, mailbox).await;
    advance(&app, TimeDelta::days(13)).await;
    // During the countdown it can be made.
    let mut browser = owner(&app).await;
    let ordered = order(&mut browser, mailbox).await;
    work(&app).await;
    assert_eq!(Zip::of(&browser.get(&file_of(&ordered)).await).names().len(), 6);
    advance(&app, TimeDelta::days(1)).await;
    let mut browser = owner(&app).await;
    assert_eq!(browser.get(&file_of(&ordered)).await.status, StatusCode::NOT_FOUND);
    let path = format!("/api/v1/mailboxes/{mailbox}/exports");
    let late = browser.post(&path, &json!({ "password": PASSWORD })).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!(objects(&app), 0);
    let left = store::parcels::list(&app.home.store, org.id).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

async fn a_large_export_comes_in_parts(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    // Does not compress: base64 of noise, of which a ZIP takes three quarters.
    let mut mail = letter("anna@example.net", "Canary1", "a", false);
    let mut noise = String::new();
    let mut state = 7_u64;
    for _ in 0..170_000 {
        for _ in 0..9 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            for shift in [58, 52, 46, 40, 34, 28, 22, 16] {
                let letter = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                noise.push(char::from(letter[((state >> shift) & 63) as usize]));
            }
        }
        noise.push_str("\r\n");
    }
    let part = "--b\r\nContent-Type: application/octet-stream\r\n\
                Content-Disposition: attachment; filename=large.bin\r\n\
                Content-Transfer-Encoding: base64\r\n\r\n";
    mail = mail.replace("--b--", &format!("{part}{noise}--b--"));
    app.deliver(&org, mailbox, 1, &mail).await;
    let before = objects(&app);
    let mut browser = owner(&app).await;
    let ordered = order(&mut browser, mailbox).await;
    work(&app).await;
    assert!(objects(&app) >= before + 2, "in at least two parts");
    let answer = browser.get(&file_of(&ordered)).await;
    assert!(answer.body.len() > loket::export::PART);
    let mut zip = Zip::of(&answer);
    assert_eq!(zip.bytes("messages/1/001.eml"), mail.as_bytes());

    // Parts that were swapped do not open: the answer breaks off.
    let store = &app.home.store;
    let parcel = store::parcels::find(store, org.id, id_of(&ordered)).await.unwrap().unwrap();
    let attempt = parcel.object_name.clone().unwrap();
    let name = |number| loket::export::part_name(&attempt, number).unwrap();
    let (first, second) = (name(0), name(1));
    let blobs = app.services.blobs();
    let (a, b) = (blobs.read(&first).await.unwrap(), blobs.read(&second).await.unwrap());
    blobs.put(&second, a.clone()).await.unwrap();
    let response = browser.open(Method::GET, &file_of(&ordered), &[], None).await;
    let read = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    assert!(read.is_err(), "a download that breaks off does not look whole");
    blobs.put(&first, b).await.unwrap();
    let refused = browser.get(&file_of(&ordered)).await;
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
}

async fn a_restored_server_says_that_it_is_lost(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let mut browser = owner(&app).await;
    let ordered = order(&mut browser, mailbox).await;
    work(&app).await;
    // What a backup does not hold.
    for file in files(&app.blobs()) {
        std::fs::remove_file(file).unwrap();
    }
    let lost = browser.get(&file_of(&ordered)).await;
    assert_eq!(lost.json()["type"], "/problems/export-lost");
    let shown = exports(&mut browser, mailbox).await.remove(0);
    assert_eq!((&shown["state"], &shown["error"]), (&json!("failed"), &json!("lost")));
    // A restored queue may not know of an export that was being made.
    let second = order(&mut browser, mailbox).await;
    let db = sea_orm::Database::connect(&app.home.data_url).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&db, "DELETE FROM job").await.unwrap();
    db.close().await.unwrap();
    loket::jobs::schedule(&app.services).await.unwrap();
    work(&app).await;
    assert_eq!(browser.get(&file_of(&second)).await.status, StatusCode::OK);
}
