//! Keys get new secrets while everything goes on.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::crypto::{KeyKind, Keyring, KeyringLocation, KeyringOptions};
use loket::domain::ids::OrganizationId;
use loket::domain::words::RotationState;
use loket::service::rotation::{self, Of, Progress, Which};
use loket::store::resealing::{SPOTS, Under};
use loket::store::{keys, rotations};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::forgetting::erasure::readable;
use crate::forgetting::{letter, owner, work};
use crate::support::app::TestApp;
use crate::support::command::Command;
use crate::support::db::{On, on_both};

on_both!(
    a_mailbox_gets_a_new_key_and_nobody_notices,
    the_organizations_and_the_servers_keys_are_rotated,
    a_rotation_that_breaks_off_anywhere_is_taken_up,
    another_process_follows,
    a_purge_ends_a_rotation,
);

/// Versions that seal something in the columns under this kind of key, smallest first.
async fn versions(app: &TestApp, under: Under) -> Vec<u8> {
    let database = Database::connect(&app.home.data_url).await.unwrap();
    let mut found = Vec::new();
    for spot in SPOTS.iter().filter(|spot| spot.under == under) {
        for (column, _) in spot.columns {
            let sql = format!(
                "SELECT {column} AS sealed FROM {} WHERE {column} IS NOT NULL AND length({column}) > 5",
                spot.table
            );
            let statement = Statement::from_string(database.get_database_backend(), sql);
            for row in database.query_all_raw(statement).await.unwrap() {
                let sealed: Vec<u8> = row.try_get("", "sealed").unwrap();
                // The scheme, then the version, big endian.
                found.push(sealed[4]);
            }
        }
    }
    database.close().await.unwrap();
    found.sort_unstable();
    found.dedup();
    found
}

async fn to_the_end(app: &TestApp, rotation: &rotations::Rotation) -> Progress {
    loop {
        match rotation::step_once(&app.services, rotation.id).await.unwrap() {
            Progress::Goes => {}
            other => return other,
        }
    }
}

async fn a_mailbox_gets_a_new_key_and_nobody_notices(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", true)).await;
    let mut browser = owner(&app).await;
    let before = readable(&mut browser, 1).await;
    let mailboxes = browser.get("/api/v1/mailboxes").await.json();

    let which = Which::Mailbox("Support@bakery.example".to_owned());
    let of = rotation::resolve(&app.services, &which).await.unwrap();
    assert_eq!(of, Of::Channel(org.id, id));
    let begun = rotation::begin(&app.services, of).await.unwrap();
    assert_eq!((begun.state, begun.version), (RotationState::Resealing, 2));
    assert_eq!(begun.children, 2, "a ticket's and a message's key");
    assert_eq!(versions(&app, Under::Channel).await, [1]);
    // Everything opens under both, and what is sealed from now on has the new one.
    assert_eq!(readable(&mut browser, 1).await, before);
    assert_eq!(browser.get("/api/v1/mailboxes").await.json(), mailboxes);
    let path = format!("/api/v1/mailboxes/{id}");
    let named = json!({ "display_name": "Bakery" });
    let changed = browser.edit(Method::PATCH, &path, &named).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(versions(&app, Under::Channel).await, [1, 2]);
    // Asked again, it is the same one.
    assert_eq!(rotation::begin(&app.services, of).await.unwrap().id, begun.id);

    let Progress::Waits(until) = to_the_end(&app, &begun).await else { panic!("it waits") };
    assert_eq!(until - app.now(), TimeDelta::days(30), "as long as backups of data are kept");
    assert_eq!(versions(&app, Under::Channel).await, [2]);
    let status = rotation::status(&app.services).await.unwrap();
    assert_eq!((status.rotations[0].done, status.rotations[0].total), (3, 3));
    // Old mail is known by content, a reply finds its ticket, a customer is found by address.
    let again = app.take_in(&org, id, 2, &letter("anna@example.net", "Bread", "a", true)).await;
    assert_eq!(again.duplicate, 1);
    let reply = letter("anna@example.net", "More", "a2", false)
        .replace("Subject:", "In-Reply-To: <a@example.net>\r\nSubject:");
    let joined = app.take_in(&org, id, 3, &reply).await;
    assert_eq!((joined.imported, joined.tickets), (1, 0));
    let found = browser.get("/api/v1/tickets?find=anna@example.net").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);

    app.home.advance(TimeDelta::days(31));
    work(&app).await;
    let done = rotations::find(&app.home.store, begun.id).await.unwrap().unwrap();
    assert_eq!(done.state, RotationState::Done);
    let keys = app.home.store.keyring().upper_keys().await.unwrap();
    let key = keys.iter().find(|key| key.kind == KeyKind::Channel).unwrap();
    assert_eq!((key.version, key.retired.len()), (2, 0), "the old secret is gone");
    let mut browser = owner(&app).await;
    let after = readable(&mut browser, 1).await;
    assert!(after.contains("i wrote bread here") && after.contains("i wrote more here"), "{after}");
    // A second rotation of the same key.
    let again = rotation::begin(&app.services, of).await.unwrap();
    assert_eq!((again.version, again.children), (3, 3));
    to_the_end(&app, &again).await;
    assert!(readable(&mut browser, 1).await.contains("i wrote bread here"));
}

async fn the_organizations_and_the_servers_keys_are_rotated(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    let mut browser = owner(&app).await;
    let hold = json!({
        "kind": "organization", "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [org.owner],
    });
    assert_eq!(browser.post("/api/v1/holds", &hold).await.status, StatusCode::CREATED);
    for (which, under) in [
        (Which::Organization("bakery".to_owned()), Under::Organization),
        (Which::Organization(org.id.to_string()), Under::Organization),
        (Which::Server, Under::Server),
    ] {
        let of = rotation::resolve(&app.services, &which).await.unwrap();
        let begun = rotation::begin(&app.services, of).await.unwrap();
        assert!(begun.children > 0 || of == Of::Server, "{which:?}");
        to_the_end(&app, &begun).await;
        let version = u8::try_from(begun.version).unwrap();
        assert_eq!(versions(&app, under).await, [version], "{which:?}");
        // The session lasts, and one signs in.
        let holds = browser.get("/api/v1/holds").await.json();
        assert_eq!(holds["items"][0]["reason"], "A case in court.");
        let mut anew = owner(&app).await;
        assert!(readable(&mut anew, 1).await.contains("i wrote bread here"));
        let contact = anew.get("/api/v1/tickets/1").await.json()["contact"].clone();
        assert_eq!(contact["identities"][0]["value"], "anna@example.net");
        app.home.advance(TimeDelta::minutes(1));
        let head = loket::store::audit::verify(&app.home.store, org.id).await;
        assert!(head.is_ok(), "the audit log's chain holds: {head:?}");
    }
    let nobody = Which::Organization("nobody".to_owned());
    assert!(rotation::resolve(&app.services, &nobody).await.is_err());
}

async fn a_rotation_that_breaks_off_anywhere_is_taken_up(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    let store = &app.home.store;
    let key_id = keys::of_channel(store, org.id, id).await.unwrap().id();
    // Written down, and the keyring not asked.
    let tx = store.begin().await.unwrap();
    let rotation = rotations::add(&tx, Of::Channel(org.id, id), key_id, 2).await.unwrap();
    tx.commit().await.unwrap();
    rotations::check(store).await.unwrap();
    // The keyring has done its part, and nobody wrote it down.
    store.keyring().rotate(key_id, 2).await.unwrap();
    rotations::check(store).await.unwrap();
    let mut browser = owner(&app).await;
    assert!(readable(&mut browser, 1).await.contains("i wrote bread here"));
    // The start of the server takes it up.
    rotation::schedule(&app.services).await.unwrap();
    work(&app).await;
    let done = rotations::find(store, rotation).await.unwrap().unwrap();
    assert_eq!((done.state, done.version), (RotationState::Waiting, 2));
    assert_eq!(store.keyring().version_of(key_id).await.unwrap(), Some(2), "rotated once");
    assert_eq!(versions(&app, Under::Channel).await, [2]);
}

async fn another_process_follows(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    let location = match on {
        On::Sqlite => KeyringLocation::Sqlite(app.home.folder().join("keys/keyring.db")),
        On::Postgres => KeyringLocation::Postgres(app.home.keys_url.clone().into()),
    };
    let clock: std::sync::Arc<dyn loket::clock::Clock> = app.home.clock.clone();
    let root_key = app.home.folder().join("keys/root.key");
    let ids = std::sync::Arc::new(loket::ids::SystemIds);
    let other = Keyring::open(KeyringOptions::new(location, root_key, clock, ids)).await.unwrap();
    let store = &app.home.store;
    let channel = keys::of_channel(store, org.id, id).await.unwrap();
    let held = other.get(channel.id()).await.unwrap();
    let whole = loket::store::Scope::whole(org.id);
    let ticket = loket::store::tickets::find_by_number(store, &whole, 1).await.unwrap().unwrap();
    let ticket = ticket.key_id;
    rotation::begin(&app.services, Of::Channel(org.id, id)).await.unwrap();
    // It has the old secret in memory: what it makes hangs on the new one all the same.
    let made = other.create_many(KeyKind::Content, &held, Some(id.0), &[store.new_id()]).await;
    let made = made.unwrap().remove(0);
    assert_eq!(store.keyring().get(made.id()).await.unwrap().id(), made.id());
    assert_eq!(other.get_many(&[ticket]).await.unwrap().len(), 1, "opened under the new one");
    rotation::begin(&app.services, Of::Organization(org.id)).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(other.get(channel.id()).await.unwrap().version(), 2);
    other.close().await.unwrap();
}

async fn a_purge_ends_a_rotation(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    let of = Of::Channel(org.id, id);
    let begun = rotation::begin(&app.services, of).await.unwrap();
    to_the_end(&app, &begun).await;
    let mut browser = owner(&app).await;
    crate::forgetting::disconnect(&mut browser, id).await;
    crate::forgetting::advance(&app, TimeDelta::days(15)).await;
    assert!(crate::forgetting::is_destroyed(&app, &org, id).await);
    rotation::schedule(&app.services).await.unwrap();
    work(&app).await;
    let done = rotations::find(&app.home.store, begun.id).await.unwrap().unwrap();
    assert_eq!(done.state, RotationState::Done);
    // Not one of its secrets is left.
    let database = Database::connect(&app.home.keys_url).await.unwrap();
    let sql = "SELECT COUNT(*) AS n FROM keyring_retired WHERE wrapped IS NOT NULL";
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0);
    database.close().await.unwrap();
}

#[test]
fn the_operator_rotates_and_looks() {
    let command = Command::with_mailbox("help@acme.test");
    let rotated = command.run(&["keyring", "rotate", "mailbox", "help@acme.test", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&rotated.out).unwrap();
    assert_eq!((&said["version"], &said["state"]), (&json!(2), &json!("waiting")));
    command.run(&["keyring", "rotate", "organization", "Acme"]);
    command.run(&["keyring", "rotate", "server"]);
    let unknown = command.fail(&["keyring", "rotate", "mailbox", "nobody@acme.test"]);
    assert!(unknown.err.contains("no such thing"), "{unknown:?}");
    let root = command.run(&["keyring", "rotate", "root"]);
    assert!(root.out.contains("root.key.previous"), "{root:?}");
    let status = command.run(&["keyring", "status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(status["root_version"], 2);
    let versions: Vec<_> =
        status["keys"].as_array().unwrap().iter().map(|key| key["version"].clone()).collect();
    assert_eq!(versions, [2, 2, 2]);
    let shown = command.run(&["keyring", "status"]);
    assert!(shown.out.contains("help@acme.test") && shown.out.contains("days old"), "{shown:?}");
}

/// How long wrapping 100,000 keys anew takes: `cargo nextest run … --run-ignored only`.
#[tokio::test]
#[ignore = "measures"]
async fn measure_rotating_a_key_on_which_100_000_hang() {
    let app = TestApp::new(On::Sqlite).await;
    let keyring = app.home.store.keyring();
    let organization = OrganizationId(app.home.store.new_id());
    let top = keyring.create(KeyKind::Organization, organization.0, None, None).await.unwrap();
    let channel = app.home.store.new_id();
    let key = keyring.create(KeyKind::Channel, organization.0, Some(&top), Some(channel)).await;
    let key = key.unwrap();
    for _ in 0..50 {
        let ids: Vec<_> = (0..2_000).map(|_| app.home.store.new_id()).collect();
        keyring.create_many(KeyKind::Content, &key, Some(channel), &ids).await.unwrap();
    }
    let begun = std::time::Instant::now();
    let rotated = keyring.rotate(key.id(), 2).await.unwrap();
    println!("{} keys were wrapped anew in {:?}", rotated.children, begun.elapsed());
    assert_eq!(rotated.children, 100_000);
}
