//! Once the window has ended nothing is left but the statement.

use std::path::Path;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::{ChannelId, PurgeId};
use loket::service::alarm;
use loket::service::purge::statement::{self, Refused};
use loket::service::purge::{self, Progress};
use loket::store::{contacts, keys};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};

use super::{advance, another_mailbox, disconnect, is_destroyed, letter, owner, purges, work};
use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    nothing_is_left_and_nothing_else_is_touched,
    a_purge_that_breaks_off_anywhere_ends_alike,
    a_statement_is_checked_against_a_known_key_only,
    what_takes_too_long_is_told,
    what_a_purge_has_freed_is_given_back,
);

/// Two mailboxes: *gone* with three customers, one of whom also writes to *stays*; a quarantined
/// mail, a draft, an answer that waits, an upload, a large file.
struct World {
    org: Org,
    gone: ChannelId,
    stays: ChannelId,
    browser: Browser,
}

async fn world(app: &TestApp) -> World {
    let org = app.org("bakery").await;
    let gone = app.mailbox(&org, &[org.owner]).await;
    let stays = another_mailbox(app, &org, "info@bakery.example").await;
    app.deliver(&org, gone, 1, &letter("anna@example.net", "Canary1", "a", true)).await;
    app.deliver(&org, gone, 2, &letter("both@example.net", "Canary2", "b", false)).await;
    app.deliver(&org, gone, 3, &letter("cees@example.net", "Canary3", "c", false)).await;
    app.deliver(&org, stays, 1, &letter("both@example.net", "Staying", "d", true)).await;
    let nested =
        format!("Subject: Canary4\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100));
    assert_eq!(app.take_in(&org, gone, 4, &nested).await.quarantined, 1);
    let mut browser = owner(app).await;
    let draft = json!({ "text": "Canary5 draft" });
    let drafted = browser.request(Method::PUT, "/api/v1/tickets/1/draft", &draft).await;
    assert_eq!(drafted.status, StatusCode::OK, "{drafted:?}");
    let reply = json!({ "mode": "reply", "to": [{ "address": "both@example.net" }], "text": "Canary6 answer", "seen_version": 1 });
    let answered = browser.post("/api/v1/tickets/2/replies", &reply).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{answered:?}");
    let uploaded = browser.upload(Some(1), "canary7.txt", "text/plain", "Canary7 file").await;
    assert_eq!(uploaded.status, StatusCode::CREATED, "{uploaded:?}");
    World { org, gone, stays, browser }
}

fn objects(folder: &Path) -> usize {
    let mut count = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                count += 1;
            }
        }
    }
    count
}

/// How many rows of each table name the channel.
async fn rows(app: &TestApp, id: ChannelId) -> Vec<(&'static str, i64)> {
    let db = Database::connect(&app.home.data_url).await.unwrap();
    let mut found = Vec::new();
    for table in [
        "message",
        "ticket",
        "raw_message",
        "attachment",
        "ledger",
        "outbox",
        "folder",
        "mailbox",
        "channel_member",
        "message_reference",
        "contact_identity",
    ] {
        let backend = db.get_database_backend();
        let mark = if backend == sea_orm::DbBackend::Postgres { "$1" } else { "?" };
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE channel_id = {mark}");
        let query = Statement::from_sql_and_values(backend, sql, [id.0.into()]);
        let n: i64 = db.query_one_raw(query).await.unwrap().unwrap().try_get("", "n").unwrap();
        found.push((table, n));
    }
    db.close().await.unwrap();
    found
}

async fn total(app: &TestApp, table: &str) -> i64 {
    let db = Database::connect(&app.home.data_url).await.unwrap();
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let query = Statement::from_string(db.get_database_backend(), sql);
    let n = db.query_one_raw(query).await.unwrap().unwrap().try_get("", "n").unwrap();
    db.close().await.unwrap();
    n
}

/// What has to be true once the purge has ended, however it came there.
async fn check_the_end(app: &TestApp, world: &World) -> Value {
    assert!(is_destroyed(app, &world.org, world.gone).await);
    assert!(!is_destroyed(app, &world.org, world.stays).await);
    for (table, n) in rows(app, world.gone).await {
        assert_eq!(n, 0, "{table}");
    }
    for (table, n) in rows(app, world.stays).await {
        assert!(n > 0 || table == "outbox", "{table}");
    }
    assert_eq!(total(app, "draft").await, 0);
    assert_eq!(total(app, "contact").await, 1, "who wrote to both");
    assert_eq!(objects(&app.blobs()), 1, "the large mail that stays");
    let store = &app.home.store;
    let key = keys::of_organization(store, world.org.id).await.unwrap();
    let blind = |address| contacts::address_blind(&key, address);
    let known = |address| {
        let blind = blind(address);
        async move {
            contacts::find_by_blinds(store, world.org.id, std::slice::from_ref(&blind))
                .await
                .unwrap()
                .remove(&blind)
        }
    };
    assert!(known("anna@example.net").await.is_none());
    let both = known("both@example.net").await.expect("who wrote to both");
    let contact = contacts::find(store, world.org.id, both).await.unwrap().unwrap();
    assert_eq!(contact.name, None, "the name came by the mailbox that is gone");
    assert_eq!(contact.identities[0].1, "both@example.net");

    let mut browser = owner(app).await;
    for number in 1..=3 {
        let gone = browser.get(&format!("/api/v1/tickets/{number}")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
    let stays = browser.get("/api/v1/tickets/4").await.json();
    assert_eq!(stays["subject"], "About Staying");
    let purge = purges(&mut browser).await.remove(0);
    assert_eq!(purge["state"], "done");
    assert_eq!(purge["removed"], 4);
    let counts = &purge["counts"];
    assert_eq!(
        (&counts["tickets"], &counts["messages"], &counts["contacts"], &counts["drafts"]),
        (&json!(3), &json!(4), &json!(2), &json!(1))
    );
    assert_eq!(counts["originals"], 5, "the quarantined one too");
    let listed = browser.get("/api/v1/statements").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    listed["items"][0].clone()
}

async fn nothing_is_left_and_nothing_else_is_touched(on: On) {
    let app = TestApp::new(on).await;
    let mut world = world(&app).await;
    disconnect(&mut world.browser, world.gone).await;
    advance(&app, TimeDelta::days(14) - TimeDelta::seconds(1)).await;
    assert!(!is_destroyed(&app, &world.org, world.gone).await);
    advance(&app, TimeDelta::seconds(1)).await;
    let file = check_the_end(&app, &world).await;
    let stated = &file["statement"];
    assert_eq!(stated["organization"]["name"], "bakery");
    assert_eq!(stated["subject"]["id"], json!(world.gone));
    assert_eq!(stated["request"]["by"], json!(world.org.owner));
    assert_eq!(stated["times"]["keys_destroyed_at"], "2026-03-16T09:00:00Z");
    assert_eq!(stated["remnants"]["readable_until"], "2026-03-23T09:00:00Z");
    let text = file.to_string();
    for word in ["Canary", "example.net", "support@"] {
        assert!(!text.contains(word), "{word} is in the statement");
    }
    // Once more changes nothing.
    advance(&app, TimeDelta::days(1)).await;
    check_the_end(&app, &world).await;
}

/// Each step is one that a dying process may have been at; the next one knows nothing of it.
async fn a_purge_that_breaks_off_anywhere_ends_alike(on: On) {
    let app = TestApp::new(on).await;
    let mut world = world(&app).await;
    let begun = disconnect(&mut world.browser, world.gone).await;
    app.home.advance(TimeDelta::days(14));
    let id = PurgeId(begun["purge_id"].as_str().unwrap().parse().unwrap());
    let mut steps = 0;
    loop {
        match purge::step_once(&app.services, world.org.id, id).await.unwrap() {
            Progress::Goes => steps += 1,
            Progress::Ended => break,
            Progress::Waits(_) => panic!("it waits"),
        }
        let mut browser = owner(&app).await;
        for number in 1..=3 {
            let gone = browser.get(&format!("/api/v1/tickets/{number}")).await;
            assert_eq!(gone.status, StatusCode::NOT_FOUND, "after step {steps}");
        }
        assert_eq!(browser.get("/api/v1/tickets/4").await.status, StatusCode::OK);
        assert_eq!(browser.get("/api/v1/tickets").await.status, StatusCode::OK);
    }
    assert!(steps >= 6, "{steps} steps");
    check_the_end(&app, &world).await;
    assert_eq!(purge::step_once(&app.services, world.org.id, id).await.unwrap(), Progress::Ended);
}

async fn a_statement_is_checked_against_a_known_key_only(on: On) {
    let app = TestApp::new(on).await;
    let mut world = world(&app).await;
    disconnect(&mut world.browser, world.gone).await;
    advance(&app, TimeDelta::days(14)).await;
    let mut browser = owner(&app).await;
    let id = purges(&mut browser).await[0]["statement_id"].clone();
    let path = format!("/api/v1/statements/{}", id.as_str().unwrap());
    let file = browser.get(&path).await.json();
    let keys = app.browser().get("/.well-known/loket-statement-keys.json").await.json();
    let fingerprint = keys["keys"][0]["fingerprint"].as_str().unwrap().to_owned();

    let text = serde_json::to_string_pretty(&file).unwrap();
    let stated = statement::verify(&text, Some(&fingerprint)).unwrap();
    assert_eq!(stated.deleted.messages, 4);
    let spaced = fingerprint.to_uppercase();
    assert!(statement::verify(&text, Some(&spaced)).is_ok());
    assert!(matches!(statement::verify(&text, None), Err(Refused::Unauthenticated { .. })));
    let other = "0".repeat(64);
    assert!(matches!(statement::verify(&text, Some(&other)), Err(Refused::OtherKey { .. })));
    let altered = text.replace("\"messages\": 4", "\"messages\": 3");
    assert_ne!(altered, text);
    assert_eq!(statement::verify(&altered, Some(&fingerprint)), Err(Refused::Altered));
    // Signed anew by somebody else, who puts their own key in.
    let mut forged = file.clone();
    let key = "A".repeat(43) + "=";
    forged["signature"]["public_key"] = json!(key);
    assert!(matches!(
        statement::verify(&forged.to_string(), Some(&fingerprint)),
        Err(Refused::OtherKey { .. })
    ));
}

async fn what_takes_too_long_is_told(on: On) {
    let app = TestApp::new(on).await;
    let mut world = world(&app).await;
    disconnect(&mut world.browser, world.gone).await;
    app.home.advance(TimeDelta::days(14) + TimeDelta::hours(23));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0);
    app.home.advance(TimeDelta::hours(1));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 1);
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "once a day");
    let mut browser = owner(&app).await;
    assert_eq!(purges(&mut browser).await[0]["is_late"], true);
    app.home.advance(TimeDelta::days(1));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 1);
    work(&app).await;
    assert_eq!(purges(&mut browser).await[0]["is_late"], false);
}

/// The database's file shrinks on `SQLite`; `PostgreSQL` is told to take its dead rows away.
async fn what_a_purge_has_freed_is_given_back(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    for uid in 1..=40 {
        let mut raw = letter("anna@example.net", "Canary", &format!("m{uid}"), true);
        // Small enough to lie in the database.
        raw.truncate(60_000);
        app.take_in(&org, id, uid, &raw).await;
    }
    let size = || async {
        let db = Database::connect(&app.home.data_url).await.unwrap();
        let sql = match on {
            On::Sqlite => "SELECT page_count AS n FROM pragma_page_count",
            On::Postgres => {
                "SELECT vacuum_count AS n FROM pg_stat_user_tables WHERE relname = 'raw_message'"
            }
        };
        let query = Statement::from_string(db.get_database_backend(), sql);
        let n: i64 = db.query_one_raw(query).await.unwrap().unwrap().try_get("", "n").unwrap();
        db.close().await.unwrap();
        n
    };
    let before = size().await;
    let mut browser = owner(&app).await;
    disconnect(&mut browser, id).await;
    advance(&app, TimeDelta::days(14)).await;
    let after = size().await;
    match on {
        On::Sqlite => assert!(after < before / 2, "{before} pages, then {after}"),
        On::Postgres => assert!(after > before, "{after} times"),
    }
}
