//! Indexes follow what happens, come back when they are lost, and go when their mailbox goes.

use std::fs;
use std::path::PathBuf;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::service::Services;
use loket::service::search::check::{self, Depth};
use loket::service::search::operate;
use serde_json::json;

use super::{Shop, ask, numbers, settle};
use crate::support::app::PUBLIC_URL;
use crate::support::db::{On, on_both};

/// What happens to the folders of indexes, and to copies of them.
type Spoil = fn(&[PathBuf], &std::path::Path);

/// The folders of indexes.
fn folders(shop: &Shop) -> Vec<PathBuf> {
    let entries = fs::read_dir(shop.app.search()).unwrap();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

async fn differs(shop: &Shop) -> bool {
    let services: &Services = &shop.app.services;
    for channel in [shop.channel, shop.other] {
        let found = check::words(services, shop.org.id, channel).await.unwrap();
        if !found.is_some_and(|found| found.is_none()) {
            return true;
        }
    }
    false
}

/// What comes in, is answered, merged, split and undone is found where it is now.
async fn what_happens_is_found_as_it_is(on: On) {
    let mut shop = Shop::new(on).await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    shop.day().await;
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    assert_eq!(numbers(&ask(&mut owner, "bakfiets").await), [3]);
    let note = json!({ "text": "They mean the tandem." });
    let noted = owner.post("/api/v1/tickets/3/notes", &note).await;
    assert_eq!(noted.status, StatusCode::CREATED, "{noted:?}");
    settle(&mut feeder).await;
    let found = ask(&mut owner, "tandem").await;
    assert_eq!((numbers(&found), &found["items"][0]["in_note"]), (vec![3], &json!(true)));
    assert_eq!(numbers(&ask(&mut owner, "has:note").await), [3]);
    let bulk = json!({ "numbers": [1], "change": { "status": "closed" } });
    let headers = [("origin", PUBLIC_URL)];
    let closed = owner.send(Method::POST, "/api/v1/tickets/bulk", &headers, Some(&bulk)).await;
    assert_eq!(closed.status, StatusCode::OK, "{closed:?}");
    settle(&mut feeder).await;
    assert_eq!(numbers(&ask(&mut owner, "lighthouse is:closed").await), [1]);
    assert!(!differs(&shop).await);
}

/// An index that is lost, cut off, mixed up or put back as it once was is built anew, and is whole then.
async fn a_spoilt_index_is_built_anew(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    feeder.end().await;
    let copy = tempfile::tempdir().unwrap();
    let kept: Vec<PathBuf> = folders(&shop);
    for folder in &kept {
        copy_all(folder, &copy.path().join(folder.file_name().unwrap()));
    }
    // More mail, so that the copies are old.
    let more = shop.channel;
    shop.mail(more, "e@example.net", "Later", "A telescope.").await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    assert_eq!(numbers(&ask(&mut owner, "telescope").await), [5]);
    feeder.end().await;

    let spoils: [(&str, Spoil); 4] = [
        ("lost", |folders, _| fs::remove_dir_all(&folders[0]).unwrap()),
        ("cut off", |folders, _| {
            for file in files(&folders[0]) {
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
            }
        }),
        ("of another mailbox", |folders, _| {
            fs::remove_dir_all(&folders[0]).unwrap();
            copy_all(&folders[1], &folders[0]);
        }),
        ("as it once was", |folders, copy| {
            for folder in folders {
                let old = copy.join(folder.file_name().unwrap());
                if old.exists() {
                    fs::remove_dir_all(folder).unwrap();
                    copy_all(&old, folder);
                }
            }
        }),
    ];
    for (what, spoil) in spoils {
        // A process that begins anew, as after a crash.
        shop.app.services.search().close_all();
        spoil(&folders(&shop), copy.path());
        let mut feeder = shop.feeder();
        settle(&mut feeder).await;
        assert_eq!(numbers(&ask(&mut owner, "telescope").await), [5], "{what}");
        assert_eq!(numbers(&ask(&mut owner, "lighthouse").await), [1, 4], "{what}");
        assert!(!differs(&shop).await, "{what}");
        feeder.end().await;
        // The copies are of the indexes that there were at first.
        for folder in folders(&shop) {
            let old = copy.path().join(folder.file_name().unwrap());
            if !old.exists() {
                let first = fs::read_dir(copy.path()).unwrap().next().unwrap().unwrap().path();
                let _ = fs::rename(first, old);
            }
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn copy_all(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for file in files(from) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// The operator builds anew and compares, with no server running.
async fn the_operator_builds_anew_and_compares(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let services = shop.app.services.clone();
    let before = operate::check(&services, None, Depth::Words).await.unwrap();
    assert!(before.iter().all(|one| one.differences.is_none()), "{before:?}");
    operate::rebuild(&services, None, |_| {}).await.unwrap();
    let first = folders(&shop);
    assert_eq!(first.len(), 2);
    let after = operate::check(&services, None, Depth::Words).await.unwrap();
    let same = |one: &operate::Checked| one.differences.is_some_and(|found| found.is_none());
    assert!(after.len() == 2 && after.iter().all(same), "{after:?}");
    let count = operate::rebuild(&services, Some(shop.channel), |_| {}).await.unwrap();
    assert_eq!(count, 1);
    let again = folders(&shop);
    assert_eq!(again.iter().filter(|folder| first.contains(folder)).count(), 1);
    let unknown = operate::rebuild(&services, Some(uuid::Uuid::nil().into()), |_| {}).await;
    assert!(unknown.is_err());
}

/// Words of what was deleted are out of the results at once, and out of the files a day later.
async fn deleted_words_leave_the_files(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    assert_eq!(numbers(&ask(&mut owner, "bakfiets").await), [3]);
    let store = shop.app.services.store();
    let scope = loket::store::Scope::whole(shop.org.id);
    let ids = loket::store::tickets::ids_of_numbers(store, &scope, &[3]).await.unwrap();
    let ids: Vec<_> = ids.into_values().collect();
    loket::service::retention::remove::tickets(&shop.app.services, shop.org.id, &ids)
        .await
        .unwrap();
    // Before the index has heard of it, and after.
    let at_once = ask(&mut owner, "bakfiets").await;
    assert_eq!(at_once["items"], json!([]));
    assert!(shop.app.services.search().has_word(shop.org.id, shop.channel, "cagla"));
    settle(&mut feeder).await;
    let told = ask(&mut owner, "bakfiets").await;
    assert_eq!((numbers(&told).len(), &told["total"]), (0, &json!(0)));
    shop.app.home.advance(TimeDelta::hours(23));
    settle(&mut feeder).await;
    assert!(!shop.app.services.search().has_word(shop.org.id, shop.channel, "cagla"));
    assert!(shop.app.services.search().has_word(shop.org.id, shop.channel, "lighthous"));
    assert!(!differs(&shop).await);
}

/// What two tickets of two mailboxes say is found where it is now, after a merge and after that was taken back; and only by
/// who may read that ticket.
async fn merged_mail_is_found_where_it_is(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    let merge =
        json!({ "numbers": [4], "merge": { "into": 1, "confirm_different_customers": true } });
    let merged = owner.post("/api/v1/tickets/bulk", &merge).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
    assert_eq!(merged.json()["done"].as_array().unwrap().len(), 1, "{merged:?}");
    settle(&mut feeder).await;
    assert_eq!(numbers(&ask(&mut owner, "lighthouse").await), [1]);
    assert_eq!(numbers(&ask(&mut owner, "from:dirk").await), [1]);
    assert!(!differs(&shop).await);
    let undo = format!("/api/v1/acts/{}/undo", merged.json()["act_id"].as_str().unwrap());
    let undone = owner.post(&undo, &json!({})).await;
    assert!(undone.status.is_success(), "{undone:?}");
    settle(&mut feeder).await;
    assert_eq!(numbers(&ask(&mut owner, "lighthouse").await), [1, 4]);
    assert!(!differs(&shop).await);
}

/// Words that have changed under the same key, of which the index has not heard, are noticed by who opens the messages; a
/// rebuild puts them right.
async fn words_that_changed_unheard_are_noticed(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    let mut owner = shop.app.signed_in("owner@bakery.example").await;
    assert_eq!(numbers(&ask(&mut owner, "from:anna").await), [1]);
    assert!(!differs(&shop).await);

    let store = shop.app.services.store();
    let scope = loket::store::Scope::whole(shop.org.id);
    let ids = loket::store::tickets::ids_of_numbers(store, &scope, &[1]).await.unwrap();
    let found = loket::store::messages::list(store, &scope, ids[&1]).await.unwrap();
    let mut message = found.into_iter().next().unwrap();
    message.envelope.from[0].name = Some("Zebedee".to_owned());
    let key = store.keyring().get(message.key_id).await.unwrap();
    let tx = store.begin().await.unwrap();
    loket::store::messages::redact::set_envelope(&tx, &message, &key).await.unwrap();
    tx.commit().await.unwrap();
    // As if nobody had told it.
    let data = sea_orm::Database::connect(&shop.app.home.data_url).await.unwrap();
    let forgotten = "DELETE FROM event WHERE kind = 'message_changed'";
    let forgotten = sea_orm::ConnectionTrait::execute_unprepared(&data, forgotten).await.unwrap();
    assert_eq!(forgotten.rows_affected(), 1);
    settle(&mut feeder).await;
    assert_eq!(numbers(&ask(&mut owner, "zebedee").await), [0; 0]);

    let of = (shop.org.id, shop.channel);
    let shapes = check::channel(&shop.app.services, of.0, of.1).await.unwrap().unwrap();
    assert!(shapes.is_none(), "the message, its ticket and its key are the same: {shapes:?}");
    let words = check::words(&shop.app.services, of.0, of.1).await.unwrap().unwrap();
    assert_eq!((words.messages, words.outdated, words.missing, words.surplus), (3, 1, 0, 0));
    feeder.end().await;
    let services = shop.app.services.clone();
    let told = operate::check(&services, Some(shop.channel), Depth::Words).await.unwrap();
    assert_eq!(told[0].differences, Some(words), "and by the command");

    operate::rebuild(&services, Some(shop.channel), |_| {}).await.unwrap();
    assert_eq!(numbers(&ask(&mut owner, "zebedee").await), [1]);
    assert!(!differs(&shop).await);
}

/// With its mailbox's data an index goes: its key, its row and its files.
async fn an_index_goes_with_its_mailbox(on: On) {
    use crate::forgetting::{advance, disconnect, owner};
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut feeder = shop.feeder();
    settle(&mut feeder).await;
    assert_eq!(folders(&shop).len(), 2);
    let mut browser = owner(&shop.app).await;
    disconnect(&mut browser, shop.channel).await;
    advance(&shop.app, TimeDelta::days(14)).await;
    settle(&mut feeder).await;
    assert_eq!(folders(&shop).len(), 1);
    let mut browser = owner(&shop.app).await;
    let left = ask(&mut browser, "lighthouse").await;
    assert_eq!((numbers(&left), &left["total"]), (vec![4], &json!(1)));
    assert_eq!(numbers(&ask(&mut browser, "is:open").await), [4]);
}

on_both! {
    merged_mail_is_found_where_it_is,
    an_index_goes_with_its_mailbox,
    words_that_changed_unheard_are_noticed,
    what_happens_is_found_as_it_is,
    a_spoilt_index_is_built_anew,
    the_operator_builds_anew_and_compares,
    deleted_words_leave_the_files,
}
