//! A person is erased: what only they wrote goes, and of what they wrote to others a line stays
//! that says so.

use axum::http::StatusCode;
use chrono::TimeDelta;
use loket::domain::ids::{ChannelId, ErasureId};
use loket::domain::words::{ErasureState, LedgerState};
use loket::service::erasure::{self, Subject};
use loket::store::contacts::address_blind;
use loket::store::{erasure_rows, keys, ledger};
use serde_json::{Value, json};

use super::{letter, owner, work};
use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::{On, on_both};
use crate::support::search::{Word, search_files};

on_both!(
    what_only_they_wrote_goes_and_a_tombstone_stays_with_others,
    the_dry_run_tells_and_changes_nothing,
    erased_mail_comes_back_by_no_way,
    what_they_write_afterwards_is_new_mail,
    mail_that_comes_in_meanwhile_is_whole_or_gone,
    a_hold_keeps_and_its_end_erases,
    a_run_that_breaks_off_anywhere_is_taken_up,
    what_lies_in_quarantine_goes_too,
    the_head_of_somebody_elses_mail_loses_them,
);

const ANNA: &str = "anna@example.net";

pub(super) fn anna() -> Subject {
    Subject { contact_id: None, addresses: vec![" Anna@Example.net ".to_owned()] }
}

/// A reply of `from` to the mail `to`, with more header fields.
pub(super) fn reply_to(from: &str, word: &str, id: &str, to: &str, more: &str) -> String {
    letter(from, word, id, false)
        .replace("Subject:", &format!("{more}In-Reply-To: <{to}@example.net>\r\nSubject:"))
}

pub(super) async fn begin(app: &TestApp, org: &Org, subject: &Subject) -> ErasureId {
    let prepared = erasure::prepare(&app.services, org.id, subject).await.unwrap();
    let tx = app.home.store.begin().await.unwrap();
    let id = erasure::begin(&tx, &prepared, Some(org.owner)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(super) async fn erase(app: &TestApp, org: &Org) -> ErasureId {
    app.home.advance(TimeDelta::minutes(1));
    let id = begin(app, org, &anna()).await;
    work(app).await;
    id
}

async fn state(app: &TestApp, org: &Org, id: ErasureId) -> ErasureState {
    erasure::find(&app.services, org.id, id).await.unwrap().unwrap().state
}

/// Everything that the owner can read of these tickets, originals and files included.
pub(crate) async fn readable(browser: &mut Browser, tickets: i64) -> String {
    let mut all = String::new();
    let mut paths = vec!["/api/v1/tickets?limit=100".to_owned()];
    paths.extend((1..=tickets).map(|number| format!("/api/v1/tickets/{number}?with_html=10")));
    while let Some(path) = paths.pop() {
        let answer = browser.get(&path).await;
        assert!(!answer.status.is_server_error(), "{path}: {answer:?}");
        if path.starts_with("/api/v1/tickets/") && answer.status.is_success() {
            for message in answer.json()["messages"].as_array().unwrap() {
                let id = message["id"].as_str().unwrap_or_default();
                for part in ["", "/html", "/original"] {
                    paths.push(format!("/api/v1/messages/{id}{part}"));
                }
            }
        }
        all.push_str(&String::from_utf8_lossy(&answer.body));
    }
    all.to_lowercase()
}

/// Anna's own ticket 1; ticket 2 of Bert, in which Anna answered and was answered; ticket 3 of
/// Carl; and the same mail at another organization.
pub(super) async fn desk(app: &TestApp) -> (Org, ChannelId, Org) {
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter(ANNA, "zeekanarie", "a1", true)).await;
    let cc = letter("bert@example.net", "Bread", "b1", false)
        .replace("Subject:", &format!("Cc: Anna Zeekanarie <{ANNA}>\r\nSubject:"));
    app.deliver(&org, id, 2, &cc).await;
    app.home.advance(TimeDelta::minutes(1));
    app.deliver(&org, id, 3, &reply_to(ANNA, "zeekanarie", "a2", "b1", "")).await;
    app.deliver(&org, id, 4, &letter("carl@example.net", "Cake", "c1", false)).await;
    app.home.advance(TimeDelta::minutes(1));
    let mut browser = owner(app).await;
    let ticket = browser.get("/api/v1/tickets/2").await.json();
    assert_eq!(ticket["messages"].as_array().unwrap().len(), 2, "{ticket}");
    let reply = json!({
        "mode": "reply", "text": "Our own words.", "seen_version": ticket["version"],
        "to": [{ "address": "bert@example.net" }], "cc": [{ "address": ANNA }],
    });
    let made = browser.post("/api/v1/tickets/2/replies", &reply).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    app.home.advance(TimeDelta::minutes(1));
    work(app).await;
    let other = app.org("butcher").await;
    let elsewhere = app.mailbox(&other, &[other.owner]).await;
    app.deliver(&other, elsewhere, 1, &letter(ANNA, "zeekanarie", "a1", true)).await;
    (org, id, other)
}

async fn what_only_they_wrote_goes_and_a_tombstone_stays_with_others(on: On) {
    let app = TestApp::new(on).await;
    let (org, channel, _) = desk(&app).await;
    let mut browser = owner(&app).await;
    let before = browser.get("/api/v1/tickets/3").await.json();
    assert!(
        readable(&mut browser, 3).await.contains("zeekanarie"),
        "the test sees what it looks for"
    );
    let id = erase(&app, &org).await;
    let view = erasure::find(&app.services, org.id, id).await.unwrap().unwrap();
    assert_eq!(view.state, ErasureState::Done);
    let counts = view.counts;
    assert_eq!((counts.tickets_deleted, counts.tickets_redacted, counts.messages), (1, 1, 2));
    assert_eq!((counts.attachments, counts.contacts, counts.copies), (1, 1, 2));
    assert_eq!(view.removed, counts.messages);

    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    let all = readable(&mut browser, 3).await;
    for word in ["zeekanarie", "anna"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
    let ticket = browser.get("/api/v1/tickets/2").await.json();
    assert_eq!(ticket["subject"], "About Bread");
    assert_eq!(ticket["customer"]["address"], "bert@example.net", "{ticket}");
    let messages = ticket["messages"].as_array().unwrap();
    let shown: Vec<&Value> = messages.iter().filter(|one| one["kind"] != "event").collect();
    assert_eq!(shown.len(), 3, "{ticket}");
    assert_eq!(shown[0]["text"], "I wrote Bread here.");
    assert_eq!(shown[0]["erased_at"], Value::Null);
    assert_eq!((&shown[1]["kind"], &shown[1]["text"]), (&json!("inbound"), &json!("")));
    assert_ne!(shown[1]["erased_at"], Value::Null);
    assert_eq!((&shown[1]["from"], &shown[1]["has_html"]), (&Value::Null, &json!(false)));
    assert_eq!(shown[2]["text"], "Our own words.");
    assert_eq!(shown[2]["to"][0]["address"], "bert@example.net");
    assert_eq!(shown[2]["cc"], json!([]));
    // It can be answered, and Bert's answers find it.
    assert_eq!(ticket["can_reply"], true);
    app.deliver(&org, channel, 5, &reply_to("bert@example.net", "Thanks", "b2", "a2", "")).await;
    let ticket = browser.get("/api/v1/tickets/2").await.json().to_string();
    assert!(ticket.contains("I wrote Thanks here."), "{ticket}");
    // Nothing else was touched.
    assert_eq!(browser.get("/api/v1/tickets/3").await.json(), before);
    let mut butcher = app.signed_in("owner@butcher.example").await;
    assert!(readable(&mut butcher, 1).await.contains("zeekanarie"));
    nothing_is_left(&app, &org).await;
    let copies = erasure::copies(&app.services, org.id, id).await.unwrap();
    let uids: Vec<i64> = copies.iter().map(|copy| copy.uid).collect();
    assert_eq!(
        (uids, copies[0].folder.as_str(), copies[0].mailbox.as_str()),
        (vec![1, 3], "INBOX", "Support")
    );
    assert!(copies[0].received_at.is_some());
}

/// No blind of Anna's address, no profile, no object and no file with her word.
async fn nothing_is_left(app: &TestApp, org: &Org) {
    let store = &app.home.store;
    let key = keys::of_organization(store, org.id).await.unwrap();
    let blinds = [address_blind(&key, ANNA)];
    assert_eq!(erasure_rows::contacts_of(store, org.id, &blinds).await.unwrap(), []);
    assert_eq!(erasure_rows::tickets_of(store, org.id, &[], &blinds).await.unwrap(), []);
    let mut found = Vec::new();
    for folder in [app.home.folder().to_owned(), app.blobs()] {
        search_files(&folder, &Word::new("zeekanarie"), &mut found);
    }
    assert_eq!(found, [""; 0]);
    // What the other organization has.
    let objects: usize = std::fs::read_dir(app.blobs())
        .unwrap()
        .flatten()
        .map(|dir| std::fs::read_dir(dir.path()).unwrap().count())
        .sum();
    assert_eq!(objects, 1);
}

async fn the_dry_run_tells_and_changes_nothing(on: On) {
    let app = TestApp::new(on).await;
    let (org, _, _) = desk(&app).await;
    let mut browser = owner(&app).await;
    let before = readable(&mut browser, 3).await;
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    let numbers = |tickets: &[erasure::TicketRef]| -> Vec<i64> {
        tickets.iter().map(|ticket| ticket.number).collect()
    };
    assert_eq!((numbers(&preview.deleted), numbers(&preview.redacted)), (vec![1], vec![2]));
    assert_eq!((numbers(&preview.mentioned), numbers(&preview.held)), (vec![], vec![]));
    assert_eq!(preview.addresses, [ANNA]);
    assert_eq!(preview.contacts.len(), 1);
    let counts = preview.counts;
    assert_eq!((counts.messages, counts.answers_redacted, counts.mentions), (2, 1, 2));
    assert_eq!(preview.copies.len(), 2);
    assert_eq!(readable(&mut browser, 3).await, before);
    let nobody = Subject { addresses: vec!["nobody@example.net".to_owned()], ..Subject::default() };
    let preview = erasure::preview(&app.services, org.id, &nobody).await.unwrap();
    assert_eq!((preview.counts, preview.contacts), (erasure::Counts::default(), Vec::new()));
    let none = erasure::preview(&app.services, org.id, &Subject::default()).await;
    assert!(none.is_err());
}

async fn erased_mail_comes_back_by_no_way(on: On) {
    let app = TestApp::new(on).await;
    let (org, channel, _) = desk(&app).await;
    // The same mail lies in the ledger under another UID as well.
    let again = app.take_in(&org, channel, 20, &letter(ANNA, "zeekanarie", "a1", true)).await;
    assert_eq!(again.duplicate, 1);
    erase(&app, &org).await;
    for (uid, mail) in [
        // A folder that was numbered anew, a copy in another one.
        (30, letter(ANNA, "zeekanarie", "a1", true)),
        (31, reply_to(ANNA, "zeekanarie", "a2", "b1", "")),
        // As an export has it: other bytes, the same Message-ID.
        (32, format!("X-Exported: yes\r\n{}", letter(ANNA, "zeekanarie", "a1", false))),
    ] {
        let report = app.take_in(&org, channel, uid, &mail).await;
        assert_eq!((report.imported, report.tickets), (0, 0), "{uid}: {report:?}");
    }
    let mut browser = owner(&app).await;
    let all = readable(&mut browser, 6).await;
    assert!(!all.contains("zeekanarie"), "{all}");
    // What was stored to be looked at goes within the hour.
    app.home.advance(TimeDelta::hours(2));
    work(&app).await;
    let counts = ledger::count(&app.home.store, org.id, channel).await.unwrap();
    let tombstones: i64 =
        counts.iter().filter(|(state, ..)| *state == LedgerState::Tombstone).map(|one| one.2).sum();
    assert_eq!(tombstones, 3, "{counts:?}");
    let objects: usize = std::fs::read_dir(app.blobs())
        .unwrap()
        .flatten()
        .map(|dir| std::fs::read_dir(dir.path()).unwrap().count())
        .sum();
    assert_eq!(objects, 1);
}

async fn what_they_write_afterwards_is_new_mail(on: On) {
    let app = TestApp::new(on).await;
    let (org, channel, _) = desk(&app).await;
    erase(&app, &org).await;
    app.home.advance(TimeDelta::minutes(1));
    app.deliver(&org, channel, 9, &letter(ANNA, "Pastry", "a9", false)).await;
    let mut browser = owner(&app).await;
    let ticket = browser.get("/api/v1/tickets/4").await.json();
    assert_eq!(ticket["subject"], "About Pastry");
    assert_eq!(ticket["contact"]["identities"][0]["value"], ANNA);
    // A second erasure finds just that.
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    assert_eq!((preview.deleted.len(), preview.redacted.len(), preview.counts.messages), (1, 0, 1));
    erase(&app, &org).await;
    assert_eq!(browser.get("/api/v1/tickets/4").await.status, StatusCode::NOT_FOUND);
}

async fn mail_that_comes_in_meanwhile_is_whole_or_gone(on: On) {
    let app = TestApp::new(on).await;
    let (org, channel, _) = desk(&app).await;
    app.home.advance(TimeDelta::minutes(1));
    let id = begin(&app, &org, &anna()).await;
    let mut uid = 40;
    let mut came = Vec::new();
    while erasure::step_once(&app.services, org.id, id).await.unwrap() != erasure::Progress::Ended {
        // Between every two steps Anna writes anew, and into Bert's ticket.
        uid += 2;
        app.home.advance(TimeDelta::seconds(1));
        let (new, joins) = (format!("n{uid}"), format!("j{uid}"));
        app.deliver(&org, channel, uid, &letter(ANNA, &new, &new, false)).await;
        app.deliver(&org, channel, uid + 1, &reply_to(ANNA, &joins, &joins, "b1", "")).await;
        came.extend([new, joins]);
        assert!(uid < 100, "it ends");
    }
    let mut browser = owner(&app).await;
    let all = readable(&mut browser, 40).await;
    assert!(!all.contains("zeekanarie"), "{all}");
    // Each is there with its sender, its text and its original.
    for word in &came {
        let whole = [format!("about {word}"), format!("i wrote {word} here")];
        assert!(whole.iter().all(|part| all.contains(part)), "{word} of {came:?}: {all}");
    }
    let key = keys::of_organization(&app.home.store, org.id).await.unwrap();
    let blinds = [address_blind(&key, ANNA)];
    let contacts = erasure_rows::contacts_of(&app.home.store, org.id, &blinds).await.unwrap();
    assert_eq!(contacts.len(), 1, "a new profile");
    // Mail that was about to be filed under the old profile is found by it, and goes.
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    assert_eq!(preview.counts.messages, i64::try_from(came.len()).unwrap());
}

async fn a_hold_keeps_and_its_end_erases(on: On) {
    let app = TestApp::new(on).await;
    let (org, _, _) = desk(&app).await;
    let mut browser = owner(&app).await;
    let hold = json!({
        "kind": "ticket", "ticket_number": 1, "reason": "A case in court.",
        "review_at": "2030-01-01T00:00:00Z", "people": [org.owner],
    });
    let hold = browser.post("/api/v1/holds", &hold).await.json();
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    assert_eq!((preview.held.len(), preview.deleted.len(), preview.redacted.len()), (1, 0, 1));
    assert_eq!(json!(preview.holds), json!([hold["id"]]));
    let id = erase(&app, &org).await;
    let view = erasure::find(&app.services, org.id, id).await.unwrap().unwrap();
    assert_eq!(
        (view.state, view.holds.len(), view.counts.tickets_held),
        (ErasureState::Held, 1, 1)
    );
    let kept = browser.get("/api/v1/tickets/1").await;
    assert_eq!(kept.json()["subject"], "About zeekanarie");
    assert_eq!(kept.json()["contact"]["identities"][0]["value"], ANNA);
    assert!(!browser.get("/api/v1/tickets/2").await.json().to_string().contains("zeekanarie"));
    let path = format!("/api/v1/holds/{}/end", hold["id"].as_str().unwrap());
    assert_eq!(browser.post(&path, &json!({})).await.status, StatusCode::NO_CONTENT);
    work(&app).await;
    let view = erasure::find(&app.services, org.id, id).await.unwrap().unwrap();
    assert_eq!((view.state, view.counts.tickets_held), (ErasureState::Done, 0));
    assert_eq!((view.counts.tickets_deleted, view.removed), (1, 2));
    assert_eq!(browser.get("/api/v1/tickets/1").await.status, StatusCode::NOT_FOUND);
    nothing_is_left(&app, &org).await;
}

async fn a_run_that_breaks_off_anywhere_is_taken_up(on: On) {
    let app = TestApp::new(on).await;
    let (org, _, _) = desk(&app).await;
    app.home.advance(TimeDelta::minutes(1));
    let id = begin(&app, &org, &anna()).await;
    let mut seen = Vec::new();
    for _ in 0..50 {
        seen.push(state(&app, &org, id).await);
        if erasure::step_once(&app.services, org.id, id).await.unwrap() == erasure::Progress::Ended
        {
            break;
        }
        // Another instance does the same work; nothing is counted twice.
        erasure::schedule(&app.services).await.unwrap();
    }
    seen.dedup();
    let steps = [ErasureState::Planned, ErasureState::Destroying, ErasureState::Deleting];
    assert_eq!(seen, steps);
    let view = erasure::find(&app.services, org.id, id).await.unwrap().unwrap();
    assert_eq!((view.state, view.removed), (ErasureState::Done, view.counts.messages));
    nothing_is_left(&app, &org).await;
}

async fn what_lies_in_quarantine_goes_too(on: On) {
    let app = TestApp::new(on).await;
    let (org, channel, _) = desk(&app).await;
    let bomb = "X-Much: x\r\n".repeat(10_001);
    for (uid, from) in [(50, ANNA), (51, "bert@example.net")] {
        let mail = format!("From: <{from}>\r\nTo: <{ANNA}>\r\n{bomb}\r\nzeekanarie\r\n");
        assert_eq!(app.take_in(&org, channel, uid, &mail).await.quarantined, 1);
    }
    let mut browser = owner(&app).await;
    let quarantined = async |browser: &mut Browser| {
        browser.get("/api/v1/quarantine").await.json()["items"].as_array().unwrap().len()
    };
    assert_eq!(quarantined(&mut browser).await, 2);
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    assert_eq!(preview.counts.unfiled, 1);
    erase(&app, &org).await;
    assert_eq!(quarantined(&mut browser).await, 1, "Bert's stays");
    let mail = format!("From: <{ANNA}>\r\nTo: <{ANNA}>\r\n{bomb}\r\nzeekanarie\r\n");
    let report = app.take_in(&org, channel, 52, &mail).await;
    assert_eq!((report.duplicate, report.quarantined), (1, 0), "{report:?}");
}

async fn the_head_of_somebody_elses_mail_loses_them(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let channel = app.mailbox(&org, &[org.owner]).await;
    let mail = letter("bert@example.net", "Bread", "b1", true)
        .replace("Subject:", &format!("Cc: Anna Zeekanarie <{ANNA}>\r\nSubject:"));
    app.deliver(&org, channel, 1, &mail).await;
    let mut browser = owner(&app).await;
    let before = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(before["messages"][0]["cc"][0]["address"], ANNA);
    let file = async |browser: &mut Browser| {
        let message = browser.get("/api/v1/tickets/1").await.json()["messages"][0].clone();
        let (id, file) = (message["id"].as_str().unwrap(), &message["attachments"][0]);
        let path = format!("/api/v1/messages/{id}/attachments/{}", file["id"].as_str().unwrap());
        browser.get(&path).await.body
    };
    let bytes = file(&mut browser).await;
    let preview = erasure::preview(&app.services, org.id, &anna()).await.unwrap();
    assert_eq!((preview.mentioned.len(), preview.counts.mentions), (1, 1));
    erase(&app, &org).await;
    let after = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(after["messages"][0]["cc"], json!([]));
    assert_eq!(after["messages"][0]["text"], before["messages"][0]["text"]);
    assert!(!readable(&mut browser, 1).await.contains("anna"));
    assert_eq!(file(&mut browser).await, bytes, "his file is as it was");
}
