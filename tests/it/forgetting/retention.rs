//! Mail is kept for as long as its mailbox's rule says, and no longer.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::{ChannelId, OrganizationId};
use loket::domain::words::LedgerState;
use loket::service::retention::{Removed, run_channel};
use loket::store::ledger;
use loket::store::purge_rows::Of;
use serde_json::{Value, json};

use super::{letter, owner};
use crate::support::app::{Browser, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    an_old_ticket_is_deleted_and_does_not_come_back,
    an_anonymous_ticket_tells_of_nobody,
    a_shorter_rule_waits_for_an_admin,
    an_exempted_ticket_stays,
    history_that_was_brought_along_waits_for_an_admin,
    spam_trash_and_quarantine_have_their_own_days,
    it_runs_once_a_night_in_the_organizations_zone,
);

fn rule(months: u32, then: &str) -> Value {
    json!({
        "months": months, "then": then, "spam_days": 30, "trash_days": 30, "quarantine_days": 90,
    })
}

async fn set(browser: &mut Browser, id: ChannelId, rule: &Value) -> Value {
    let path = format!("/api/v1/mailboxes/{id}/retention");
    let answer = browser.edit(Method::PUT, &path, rule).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

async fn run(app: &TestApp, organization_id: OrganizationId, channel_id: ChannelId) -> Removed {
    run_channel(&app.services, Of { organization_id, channel_id }).await.unwrap()
}

async fn an_old_ticket_is_deleted_and_does_not_come_back(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    let old = letter("anna@example.net", "Canary", "a", true);
    app.deliver(&org, id, 1, &old).await;
    app.home.advance(TimeDelta::days(100));
    app.deliver(&org, id, 2, &letter("bert@example.net", "Newer", "b", false)).await;
    let mut browser = owner(&app).await;
    let path = format!("/api/v1/mailboxes/{id}/retention");
    let before = browser.get(&path).await.json();
    assert_eq!((&before["months"], &before["then"]), (&json!(18), &json!("delete")));
    assert_eq!(before["preview"]["tickets"], 0);
    app.home.advance(TimeDelta::days(540 - 100));
    let mut browser = owner(&app).await;
    let soon = browser.get(&path).await.json();
    assert_eq!(soon["preview"]["tickets"], 0);
    assert_eq!(soon["preview"]["open_soon"][0]["number"], 1);
    app.home.advance(TimeDelta::days(10));
    let mut browser = owner(&app).await;
    let due = browser.get(&path).await.json();
    assert_eq!(due["preview"]["tickets"], 1);
    assert_eq!(due["preview"]["oldest_at"], "2026-03-02T09:00:00Z");

    let removed = run(&app, org.id, id).await;
    assert_eq!(removed, Removed { deleted: 1, ..Removed::default() });
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/api/v1/tickets/2").await.status, StatusCode::OK);
    assert_eq!(
        std::fs::read_dir(app.blobs())
            .unwrap()
            .flatten()
            .map(|dir| std::fs::read_dir(dir.path()).unwrap().count())
            .sum::<usize>(),
        0
    );
    let log = browser.get(&path).await.json()["log"].clone();
    assert_eq!(log[0]["deleted"], 1);
    // The server still has it: the ledger knows that it was seen.
    let counts = ledger::count(&app.home.store, org.id, id).await.unwrap();
    assert!(counts.iter().any(|(state, ..)| *state == LedgerState::Tombstone), "{counts:?}");
    let report = app.take_in(&org, id, 9, &old).await;
    assert_eq!(report.imported, 0, "{report:?}");
    assert_eq!(run(&app, org.id, id).await, Removed::default());
}

async fn an_anonymous_ticket_tells_of_nobody(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Canary", "a", true)).await;
    let mut browser = owner(&app).await;
    let reply = json!({
        "mode": "reply", "text": "Canary too", "seen_version": 1,
        "to": [{ "address": "anna@example.net" }],
    });
    let made = browser.post("/api/v1/tickets/1/replies", &reply).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let set = set(&mut browser, id, &rule(18, "anonymize")).await;
    assert_eq!(set["waits"], false, "it is no shorter");
    app.home.advance(TimeDelta::days(560));
    super::work(&app).await;
    app.home.advance(TimeDelta::days(560));
    let removed = run(&app, org.id, id).await;
    assert_eq!(removed, Removed { anonymized: 1, ..Removed::default() });
    let mut browser = owner(&app).await;
    let answer = browser.get("/api/v1/tickets/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    for word in ["Canary", "anna", "example.net", "large.bin"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let ticket = answer.json();
    assert_ne!(ticket["anonymized_at"], Value::Null);
    assert_eq!(ticket["contact"], Value::Null);
    let kinds: Vec<&str> = ticket["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"inbound") && kinds.contains(&"outbound"), "{kinds:?}");
    // An answer to it is a new conversation.
    let answer = letter("anna@example.net", "Again", "c", false)
        .replace("Subject:", "In-Reply-To: <a@example.net>\r\nSubject:");
    app.deliver(&org, id, 3, &answer).await;
    assert_eq!(browser.get("/api/v1/tickets/2").await.json()["subject"], "About Again");
    assert_eq!(run(&app, org.id, id).await, Removed::default(), "once");
}

async fn a_shorter_rule_waits_for_an_admin(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    app.home.advance(TimeDelta::days(200));
    let mut browser = owner(&app).await;
    for (field, value) in [("months", 0), ("months", 121), ("spam_days", 0), ("trash_days", 366)] {
        let mut wrong = rule(6, "delete");
        wrong[field] = json!(value);
        let path = format!("/api/v1/mailboxes/{id}/retention");
        let refused = browser.edit(Method::PUT, &path, &wrong).await;
        assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
    }
    let shorter = set(&mut browser, id, &rule(6, "delete")).await;
    assert_eq!(shorter["waits"], true);
    assert_eq!(shorter["preview"]["tickets"], 1, "what it would remove");
    assert_eq!(run(&app, org.id, id).await, Removed::default());
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::OK);
    let path = format!("/api/v1/mailboxes/{id}/retention/confirmation");
    assert_eq!(browser.edit(Method::POST, &path, &json!({})).await.json()["waits"], false);
    assert_eq!(run(&app, org.id, id).await.deleted, 1);
}

async fn an_exempted_ticket_stays(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    let mut browser = owner(&app).await;
    let path = "/api/v1/tickets/1/exemption";
    let empty = browser.request(Method::PUT, path, &json!({ "reason": " " })).await;
    assert_eq!(empty.json()["errors"][0]["field"], "reason");
    let why = json!({ "reason": "A warranty of five years." });
    assert_eq!(browser.request(Method::PUT, path, &why).await.status, StatusCode::NO_CONTENT);
    app.home.advance(TimeDelta::days(600));
    assert_eq!(run(&app, org.id, id).await, Removed::default());
    let mut browser = owner(&app).await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["exemption"]["reason"], "A warranty of five years.");
    assert_eq!(ticket["exemption"]["by"]["name"], "Owner of bakery");
    let ended = browser.request(Method::DELETE, path, &json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(run(&app, org.id, id).await.deleted, 1);
}

async fn spam_trash_and_quarantine_have_their_own_days(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    for (uid, word) in [(1, "Spam"), (2, "Trash"), (3, "Open")] {
        app.deliver(&org, id, uid, &letter(&format!("{word}@example.net"), word, word, false))
            .await;
    }
    let nested = format!("Subject: deep\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(100));
    assert_eq!(app.take_in(&org, id, 4, &nested).await.quarantined, 1);
    // The days count from the move, not from the mail.
    app.home.advance(TimeDelta::days(29));
    let mut browser = owner(&app).await;
    for (number, status) in [(1, "spam"), (2, "trash")] {
        let moved = browser
            .send(
                Method::PATCH,
                &format!("/api/v1/tickets/{number}"),
                &[("origin", PUBLIC_URL), ("if-match", "\"1\"")],
                Some(&json!({ "status": status })),
            )
            .await;
        assert_eq!(moved.status, StatusCode::OK, "{moved:?}");
    }
    app.home.advance(TimeDelta::days(29));
    assert_eq!(run(&app, org.id, id).await, Removed::default());
    app.home.advance(TimeDelta::days(2));
    let removed = run(&app, org.id, id).await;
    assert_eq!(removed, Removed { spam: 1, trash: 1, ..Removed::default() });
    app.home.advance(TimeDelta::days(31));
    assert_eq!(run(&app, org.id, id).await, Removed { quarantined: 1, ..Removed::default() });
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/3").await.status, StatusCode::OK);
    assert_eq!(browser.get("/api/v1/quarantine").await.json()["items"], json!([]));
}

async fn it_runs_once_a_night_in_the_organizations_zone(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    app.home.advance(TimeDelta::days(600));
    // It is 09:00 UTC: the night has come in Amsterdam.
    loket::service::retention::run(&app.services).await.unwrap();
    let mut browser = owner(&app).await;
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    app.deliver(&org, id, 2, &letter("bert@example.net", "Cake", "b", false)).await;
    let why = json!({ "reason": "x" });
    browser.request(Method::PUT, "/api/v1/tickets/2/exemption", &why).await;
    let path = format!("/api/v1/mailboxes/{id}/retention");
    let runs = |json: Value| json["log"].as_array().unwrap().len();
    assert_eq!(runs(browser.get(&path).await.json()), 1);
    // 16:59 UTC is 00:59 or so later in Amsterdam: not yet three o'clock.
    app.home.advance(TimeDelta::hours(14));
    loket::service::retention::run(&app.services).await.unwrap();
    assert_eq!(runs(browser.get(&path).await.json()), 1);
}

async fn history_that_was_brought_along_waits_for_an_admin(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mut link = crate::support::app::maildir_link("old@bakery.example");
    link.import.mode = loket::domain::words::ImportMode::All;
    let who = [org.owner];
    let create = loket::service::mailboxes::create_for(&app.services, org.id, &who, link);
    let id = create.await.unwrap();
    app.deliver(&org, id, 1, &letter("anna@example.net", "Bread", "a", false)).await;
    app.home.advance(TimeDelta::days(600));
    assert_eq!(run(&app, org.id, id).await, Removed::default());
    let mut browser = owner(&app).await;
    let path = format!("/api/v1/mailboxes/{id}/retention");
    let waiting = browser.get(&path).await.json();
    assert_eq!((&waiting["waits"], &waiting["preview"]["tickets"]), (&json!(true), &json!(1)));
    browser.edit(Method::POST, &format!("{path}/confirmation"), &json!({})).await;
    assert_eq!(run(&app, org.id, id).await.deleted, 1);
    // Files that are imported later make it wait again.
    loket::service::retention::wait(&app.services, org.id, id).await.unwrap();
    assert_eq!(browser.get(&path).await.json()["waits"], true);
}
