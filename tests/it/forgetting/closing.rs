//! Closing an organization: nothing of it is left but the statement, and nobody else is touched.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::crypto::KeyError;
use loket::domain::ids::{ChannelId, ClosingId};
use loket::domain::words::Role;
use loket::queue::{Worker, WorkerOptions};
use loket::service::closing::{self, Progress};
use loket::service::outgoing::Outgoing;
use loket::service::purge::statement;
use loket::service::users::{self, NewUser};
use loket::store::columns::TABLES;
use loket::store::{self, memberships, organizations};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};

use super::{advance, letter, owner, purges, work};
use crate::export::{Zip, check_schema, files, objects};
use crate::support::app::{Browser, Org, PASSWORD, TestApp};
use crate::support::db::{On, on_both};
use crate::support::desk::FakeServer;

on_both!(
    an_organization_is_closed_and_nothing_is_left,
    a_closing_that_breaks_off_anywhere_ends_alike,
    a_second_owner_has_to_agree,
    taking_it_back_brings_everything_back,
    a_legal_hold_makes_it_wait,
    two_owners_at_the_same_moment_get_a_clear_answer,
    closing_is_asked_for_with_care,
);

const PATH: &str = "/api/v1/organization/closing";

/// *bakery* is to be closed; *florist* is not. An agent works in both.
struct World {
    bakery: Org,
    florist: Org,
    gone: ChannelId,
}

async fn world(app: &TestApp) -> World {
    let bakery = app.org("bakery").await;
    let florist = app.org("florist").await;
    let agent = app.user(&bakery, Role::Agent).await;
    let gone = app.mailbox(&bakery, &[bakery.owner, agent]).await;
    let stays = app.mailbox(&florist, &[florist.owner]).await;
    app.deliver(&bakery, gone, 1, &letter("anna@example.net", "Canary1", "a", true)).await;
    app.deliver(&bakery, gone, 2, &letter("cees@example.net", "Canary2", "b", false)).await;
    app.deliver(&florist, stays, 1, &letter("anna@example.net", "Staying", "a", true)).await;
    let nested =
        format!("Subject: Canary3\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100));
    assert_eq!(app.take_in(&bakery, gone, 3, &nested).await.quarantined, 1);
    app.home.advance(TimeDelta::minutes(1));
    let mut browser = owner(app).await;
    let note = json!({ "text": "Canary4 note" });
    assert_eq!(browser.post("/api/v1/tickets/1/notes", &note).await.status, StatusCode::CREATED);
    // The same person, in both.
    let store = &app.home.store;
    let found = memberships::find(store, bakery.id, agent).await.unwrap().unwrap();
    let other = memberships::Membership {
        organization_id: florist.id,
        id: store.new_id().into(),
        created_at: store.now(),
        ..found
    };
    let tx = store.begin().await.unwrap();
    memberships::add(&tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    World { bakery, florist, gone }
}

async fn second_owner(app: &TestApp, org: &Org) {
    let new = NewUser {
        name: "Second owner".to_owned(),
        email: "second@bakery.example".to_owned(),
        role: Role::Owner,
        password: PASSWORD.into(),
    };
    users::create(&app.services, org.id, new).await.unwrap();
}

fn asking() -> Value {
    json!({ "name": "bakery", "password": PASSWORD })
}

async fn ask(browser: &mut Browser) -> Value {
    let asked = browser.post(PATH, &asking()).await;
    assert_eq!(asked.status, StatusCode::OK, "{asked:?}");
    asked.json()["closing"].clone()
}

async fn status(browser: &mut Browser) -> Value {
    browser.get(PATH).await.json()["closing"].clone()
}

const OWNER: &str = "owner@bakery.example";
const SECOND: &str = "second@bakery.example";
const CONFIRM: &str = "/settings/organization/close#";

async fn confirm(app: &TestApp, browser: &mut Browser, to: &str) -> Value {
    work(app).await;
    let token = app.post.link(to, CONFIRM).expect("a mail with a link");
    let path = format!("{PATH}/confirmation");
    let answer = browser.post(&path, &json!({ "token": token })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["closing"].clone()
}

async fn count(app: &TestApp, table: &str, org: &Org) -> i64 {
    let url = if table == "audit_entry" { app.home.audit_url() } else { &app.home.data_url };
    let db = Database::connect(url).await.unwrap();
    let backend = db.get_database_backend();
    let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE organization_id = $1");
    let query = Statement::from_sql_and_values(backend, sql, [org.id.0.into()]);
    let n = db.query_one_raw(query).await.unwrap().unwrap().try_get("", "n").unwrap();
    db.close().await.unwrap();
    n
}

/// How many rows each table has of the organization.
async fn rows(app: &TestApp, org: &Org) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for table in TABLES {
        if table.columns.iter().any(|(_, name, _)| *name == "organization_id") {
            found.push((table.name, count(app, table.name, org).await));
        }
    }
    found
}

/// What has to be true once it has ended, however it came there. The statement.
async fn check_the_end(app: &TestApp, world: &World) -> Value {
    let store = &app.home.store;
    for (table, n) in rows(app, &world.bakery).await {
        match table {
            "closing" => assert_eq!(n, 1),
            // Its own, and that of its mailbox.
            "deletion_statement" => assert_eq!(n, 2),
            "audit_entry" => assert!(n > 0),
            _ => assert_eq!(n, 0, "{table}"),
        }
    }
    assert!(organizations::find(store, world.bakery.id).await.unwrap().is_none());
    assert_eq!(objects(app), 1, "the large mail of the other organization");
    for file in files(&app.blobs()).into_iter().chain(files(app.home.folder())) {
        let bytes = std::fs::read(&file).unwrap();
        for word in ["Canary", "anna@example.net", "owner@bakery.example"] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} in {}", file.display());
        }
    }
    // Nobody signs in to it; who works elsewhere too does so there.
    let mut nobody = app.browser();
    let refused =
        nobody.post("/api/v1/session", &json!({ "email": OWNER, "password": PASSWORD })).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let mut agent = app.signed_in("agent@bakery.example").await;
    let session = agent.get("/api/v1/session").await.json();
    assert_eq!(session["organization"]["name"], "florist");
    let mut florist = app.signed_in("owner@florist.example").await;
    let ticket = florist.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["subject"], "About Staying");
    let id = ticket["messages"][0]["id"].as_str().unwrap();
    let original = florist.get(&format!("/api/v1/messages/{id}/original")).await;
    assert_eq!(original.status, StatusCode::OK);

    // Whoever has the link reads the statement.
    let statement_id = app.post.link(OWNER, "/closed/").expect("a mail that says where it is");
    let found = nobody.get(&format!("/api/v1/closed/{statement_id}")).await;
    assert_eq!(found.status, StatusCode::OK, "{found:?}");
    let keys = nobody.get("/.well-known/loket-statement-keys.json").await.json();
    let fingerprint = keys["keys"][0]["fingerprint"].as_str().unwrap().to_owned();
    let text = found.json().to_string();
    let stated = statement::verify(&text, Some(&fingerprint)).unwrap();
    assert_eq!(
        (stated.subject.kind.as_str(), stated.request.cause.as_str()),
        ("organization", "closing")
    );
    assert_eq!(stated.organization.name, "bakery");
    assert_eq!((stated.deleted.tickets, stated.deleted.messages), (2, 3));
    assert_eq!((stated.deleted.contacts, stated.deleted.originals), (2, 3));
    let closed = stated.closed.clone().unwrap();
    assert_eq!((closed.mailboxes, closed.users, closed.statements.len()), (1, 2, 1));
    assert!(closed.exported_at.is_some() && closed.confirmed_at.is_some());
    for key in &stated.keys.destroyed {
        let dead = store.keyring().get(*key).await;
        assert!(matches!(dead, Err(KeyError::Destroyed(_))), "{dead:?}");
    }
    for word in ["Canary", "example.net", "Owner of"] {
        assert!(!text.contains(word), "{word} is in the statement");
    }
    // Others are for those who may: not by this way.
    let other = closed.statements[0];
    for id in [other, store.new_id()] {
        let unknown = nobody.get(&format!("/api/v1/closed/{id}")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    }
    found.json()
}

async fn an_organization_is_closed_and_nothing_is_left(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    let before = rows(&app, &world.florist).await;
    let mut browser = owner(&app).await;
    let preview = browser.get(&format!("{PATH}/preview")).await.json();
    assert_eq!((&preview["mailboxes"], &preview["users"]), (&json!(1), &json!(2)));
    assert_eq!((&preview["counts"]["tickets"], &preview["undo_days"]), (&json!(2), &json!(14)));
    ask(&mut browser).await;
    let begun = confirm(&app, &mut browser, OWNER).await;
    assert_eq!(
        (&begun["state"], &begun["due_at"]),
        (&json!("countdown"), &json!("2026-03-16T09:01:00Z"))
    );
    work(&app).await;

    // The full export.
    let exports = browser.get("/api/v1/organization/exports").await.json();
    let id = exports["items"][0]["id"].as_str().unwrap();
    let mut zip = Zip::of(&browser.get(&format!("/api/v1/exports/{id}/file")).await);
    check_schema(&mut zip);
    let data = zip.json("data.json");
    let users = data["users"].as_array().unwrap();
    assert!(users.iter().any(|user| user["email"] == OWNER), "{users:?}");
    assert_eq!(data["mailboxes"][0]["address"], "support@bakery.example");
    assert_eq!(data["counts"]["tickets"], 2);
    assert!(zip.text("messages/1/001.eml").contains("Canary1"));
    assert_eq!(zip.with("Staying"), Vec::<String>::new());

    // Everybody sees it; tickets are read, and not answered; nothing new begins.
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(status(&mut agent).await["state"], "countdown");
    assert_eq!(agent.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let reply = json!({ "mode": "reply", "to": [{ "address": "anna@example.net" }], "text": "x", "seen_version": 1 });
    let refused = agent.post("/api/v1/tickets/1/replies", &reply).await;
    assert_eq!(refused.json()["type"], "/problems/mailbox-disconnected", "{refused:?}");
    let purge = purges(&mut browser).await.remove(0);
    assert_eq!((&purge["cause"], &purge["due_at"]), (&json!("closing"), &begun["due_at"]));
    let back = format!("/api/v1/mailboxes/{}/reconnection", world.gone);
    let refused = browser.post(&back, &json!({})).await;
    assert_eq!(refused.json()["type"], "/problems/organization-closing", "{refused:?}");
    let haste = format!("/api/v1/purges/{}/haste", purge["id"].as_str().unwrap());
    let body = json!({ "address": "support@bakery.example", "password": PASSWORD });
    let refused = browser.post(&haste, &body).await;
    assert_eq!(refused.json()["type"], "/problems/organization-closing");
    let link = crate::support::app::maildir_link("new@bakery.example");
    let refused = loket::service::mailboxes::create_for(&app.services, world.bakery.id, &[], link);
    assert!(refused.await.is_err());

    advance(&app, TimeDelta::days(14) - TimeDelta::seconds(1)).await;
    let mut browser = owner(&app).await;
    assert_eq!(status(&mut browser).await["state"], "countdown");
    let late = browser.get("/api/v1/tickets/1").await;
    assert_eq!(late.status, StatusCode::OK);
    advance(&app, TimeDelta::seconds(1)).await;
    advance(&app, TimeDelta::minutes(2)).await;
    let file = check_the_end(&app, &world).await;
    assert_eq!(file["statement"]["closed"]["export_downloaded_at"], "2026-03-02T09:01:00Z");
    assert_eq!(rows(&app, &world.florist).await.len(), before.len());
    for ((table, n), (_, was)) in rows(&app, &world.florist).await.into_iter().zip(before) {
        assert!(n == was || table == "audit_entry", "{table}: {n} and not {was}");
    }
    // Once more changes nothing.
    advance(&app, TimeDelta::days(1)).await;
    loket::jobs::schedule(&app.services).await.unwrap();
    work(&app).await;
    check_the_end(&app, &world).await;
    // Somebody else's server goes on; one that is empty waits for its next organization.
    let mut nobody = app.browser();
    assert_eq!(nobody.get("/api/v1/setup").await.json()["needed"], false);
}

/// Each step is one that a dying process may have been at; the next one knows nothing of it.
async fn a_closing_that_breaks_off_anywhere_ends_alike(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    let mut browser = owner(&app).await;
    let asked = ask(&mut browser).await;
    confirm(&app, &mut browser, OWNER).await;
    let id = ClosingId(asked["id"].as_str().unwrap().parse().unwrap());
    app.home.advance(TimeDelta::days(14));
    let mut steps = 0;
    loop {
        match closing::step_once(&app.services, world.bakery.id, id).await.unwrap() {
            Progress::Goes => steps += 1,
            Progress::Ended => break,
            // Its mailboxes' own purges, and mails, are at work.
            Progress::Waits(_) => {
                let server: Arc<dyn Outgoing> = Arc::new(FakeServer::default());
                let mut handlers = loket::jobs::handlers(&app.services, &server);
                handlers.retain(|handler| handler.kind() != closing::CLOSE);
                let store = app.home.store.clone();
                Worker::new(store, handlers, WorkerOptions::default()).drain().await.unwrap();
                app.home.advance(TimeDelta::minutes(1));
            }
        }
        let mut florist = app.signed_in("owner@florist.example").await;
        assert_eq!(florist.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    }
    assert!(steps >= 6, "{steps} steps");
    check_the_end(&app, &world).await;
    let again = closing::step_once(&app.services, world.bakery.id, id).await.unwrap();
    assert_eq!(again, Progress::Ended);
}

async fn a_second_owner_has_to_agree(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    second_owner(&app, &world.bakery).await;
    let mut browser = owner(&app).await;
    let mut second = app.signed_in(SECOND).await;
    assert_eq!(browser.get(&format!("{PATH}/preview")).await.json()["other_owners"], 1);
    ask(&mut browser).await;
    let first = confirm(&app, &mut browser, OWNER).await;
    assert_eq!((&first["state"], &first["needs_second"]), (&json!("asked"), &json!(true)));
    assert_eq!(status(&mut second).await["is_confirmed_by_me"], false);
    // A link is its owner's alone.
    let token = app.post.link(SECOND, CONFIRM).unwrap();
    let path = format!("{PATH}/confirmation");
    let refused = browser.post(&path, &json!({ "token": token })).await;
    assert_eq!(refused.json()["type"], "/problems/closing-link-spent");
    let begun = confirm(&app, &mut second, SECOND).await;
    assert_eq!(begun["state"], "countdown");
    // Either of them takes it back.
    let undone = second.request(Method::DELETE, PATH, &Value::Null).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT);
}

async fn taking_it_back_brings_everything_back(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    let mut browser = owner(&app).await;
    ask(&mut browser).await;
    confirm(&app, &mut browser, OWNER).await;
    work(&app).await;
    let state = |mailboxes: Value| mailboxes["items"][0]["state"].clone();
    assert!(browser.get("/api/v1/mailboxes").await.json()["items"].as_array().unwrap().is_empty());
    let undone = browser.request(Method::DELETE, PATH, &Value::Null).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT, "{undone:?}");
    assert_eq!(status(&mut browser).await, Value::Null);
    assert_eq!(state(browser.get("/api/v1/mailboxes").await.json()), "connecting");
    let again = browser.request(Method::DELETE, PATH, &Value::Null).await;
    assert_eq!(again.json()["type"], "/problems/closing-over");
    let reply = json!({ "mode": "reply", "to": [{ "address": "cees@example.net" }], "text": "x", "seen_version": 1 });
    let answered = browser.post("/api/v1/tickets/2/replies", &reply).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{answered:?}");
    advance(&app, TimeDelta::days(30)).await;
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let store = &app.home.store;
    assert!(!super::is_destroyed(&app, &world.bakery, world.gone).await);
    assert!(organizations::find(store, world.bakery.id).await.unwrap().is_some());
    // Another time is possible.
    ask(&mut browser).await;
}

async fn a_legal_hold_makes_it_wait(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    let mut browser = owner(&app).await;
    let hold = json!({
        "kind": "ticket", "ticket_number": 1, "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [world.bakery.owner],
    });
    let placed = browser.post("/api/v1/holds", &hold).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    assert_eq!(browser.get(&format!("{PATH}/preview")).await.json()["holds"], 1);
    ask(&mut browser).await;
    confirm(&app, &mut browser, OWNER).await;
    advance(&app, TimeDelta::days(14)).await;
    advance(&app, TimeDelta::days(2)).await;
    let mut browser = owner(&app).await;
    let waits = status(&mut browser).await;
    assert_eq!((&waits["state"], &waits["waits_for"]), (&json!("countdown"), &json!("held")));
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::OK, "it names me");
    assert_eq!(browser.get("/api/v1/tickets/2").await.status, StatusCode::NOT_FOUND);
    let late = browser.request(Method::DELETE, PATH, &Value::Null).await;
    assert_eq!(late.json()["type"], "/problems/closing-over");
    let path = format!("/api/v1/holds/{}/end", placed.json()["id"].as_str().unwrap());
    assert_eq!(browser.post(&path, &json!({})).await.status, StatusCode::NO_CONTENT);
    work(&app).await;
    advance(&app, TimeDelta::minutes(20)).await;
    advance(&app, TimeDelta::minutes(2)).await;
    let store = &app.home.store;
    assert!(organizations::find(store, world.bakery.id).await.unwrap().is_none());
    for (table, n) in rows(&app, &world.bakery).await {
        let stays = ["closing", "deletion_statement", "audit_entry"].contains(&table);
        assert!(stays || n == 0, "{table}: {n}");
    }
    assert_eq!(objects(&app), 1);
}

async fn two_owners_at_the_same_moment_get_a_clear_answer(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    second_owner(&app, &world.bakery).await;
    let mut browser = owner(&app).await;
    let mut second = app.signed_in(SECOND).await;
    ask(&mut browser).await;
    let mut third = browser.clone();
    let asked = (asking(), asking());
    let (a, b) = tokio::join!(browser.post(PATH, &asked.0), second.post(PATH, &asked.1));
    for again in [a, b] {
        assert_eq!(again.json()["type"], "/problems/closing-under-way");
    }
    confirm(&app, &mut browser, OWNER).await;
    let token = json!({ "token": app.post.link(SECOND, CONFIRM).unwrap() });
    let path = format!("{PATH}/confirmation");
    let (confirmed, undone) = tokio::join!(
        second.post(&path, &token),
        browser.request(Method::DELETE, PATH, &Value::Null)
    );
    assert!([200, 409].contains(&confirmed.status.as_u16()), "{confirmed:?}");
    assert_eq!(undone.status, StatusCode::NO_CONTENT, "{undone:?}");
    if confirmed.status == StatusCode::CONFLICT {
        assert_eq!(confirmed.json()["type"], "/problems/closing-over");
    }
    work(&app).await;
    assert_eq!(status(&mut third).await, Value::Null);
    assert!(!third.get("/api/v1/mailboxes").await.json()["items"].as_array().unwrap().is_empty());
    advance(&app, TimeDelta::days(20)).await;
    assert!(!super::is_destroyed(&app, &world.bakery, world.gone).await);
}

async fn closing_is_asked_for_with_care(on: On) {
    let app = TestApp::new(on).await;
    let world = world(&app).await;
    let mut browser = owner(&app).await;
    for (field, body) in [
        ("password", json!({ "name": "bakery", "password": "something else" })),
        ("name", json!({ "name": "the bakery", "password": PASSWORD })),
    ] {
        let refused = browser.post(PATH, &body).await;
        assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
    }
    let mut agent = app.signed_in("agent@bakery.example").await;
    assert_eq!(agent.post(PATH, &asking()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(status(&mut agent).await, Value::Null);
    ask(&mut browser).await;
    // A week later the link is worth nothing.
    work(&app).await;
    let token = app.post.link(OWNER, CONFIRM).unwrap();
    app.home.advance(TimeDelta::days(7));
    let mut browser = owner(&app).await;
    let path = format!("{PATH}/confirmation");
    for token in [token.as_str(), "", "x"] {
        let refused = browser.post(&path, &json!({ "token": token })).await;
        assert_eq!(refused.json()["type"], "/problems/closing-link-spent", "{token}");
    }
    let undone = browser.request(Method::DELETE, PATH, &Value::Null).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT);
    // Without mail nobody can confirm it.
    let silent = TestApp::without_own_mail(on).await;
    silent.org("bakery").await;
    let mut browser = owner(&silent).await;
    let refused = browser.post(PATH, &asking()).await;
    assert_eq!(refused.json()["type"], "/problems/no-own-mail");
    // The last organization of a server: it waits for the next one.
    let store = &app.home.store;
    let org = organizations::find(store, world.bakery.id).await.unwrap().unwrap();
    store::forget::destroy_keys(store, &[org.key_id]).await.unwrap();
    let florist = organizations::find(store, world.florist.id).await.unwrap().unwrap();
    store::forget::destroy_keys(store, &[florist.key_id]).await.unwrap();
    store::forgotten::sweep(store, &[org.key_id, florist.key_id]).await.unwrap();
    assert_eq!(app.browser().get("/api/v1/setup").await.json()["needed"], true);
}
