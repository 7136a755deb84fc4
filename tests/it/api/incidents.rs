//! An incident package: whose mail was reached in a window, by whom and how; whether the log can
//! be believed; and the operator's message to the admins.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use loket::audit::{Action, Actor as Who};
use loket::domain::ids::OrganizationId;
use loket::domain::words::Role;
use loket::jobs::system_mail::SystemMail;
use loket::queue::{Worker, WorkerOptions};
use loket::service::incident::{self, Window, tell, text};
use loket::service::{ServiceError, operator};
use loket::store::audit::{self, NewAuditEntry};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

use super::password::NoMailbox;
use crate::support::app::{Browser, MAIL, Org, TestApp};
use crate::support::db::{On, on_both};

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn path(from: DateTime<Utc>, to: DateTime<Utc>, more: &str) -> String {
    format!("/api/v1/incidents/package?from={}&to={}{more}", stamp(from), stamp(to))
}

async fn package(browser: &mut Browser, from: DateTime<Utc>, to: DateTime<Utc>) -> Value {
    let answer = browser.get(&path(from, to, "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// A mail of somebody else.
fn mail(id: &str, from: &str) -> String {
    MAIL.replace("one@example.net", id).replace("customer@example.net", from)
}

/// An agent of the bakery reads two tickets, downloads a file and an original.
struct Read {
    app: TestApp,
    org: Org,
    owner: Browser,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    agent: String,
    mailbox: String,
}

impl Read {
    async fn new(on: On) -> Self {
        let app = TestApp::new(on).await;
        let org = app.org("bakery").await;
        let agent = app.user(&org, Role::Agent).await;
        let mailbox = app.mailbox(&org, &[org.owner, agent]).await;
        app.deliver(&org, mailbox, 1, MAIL).await;
        app.deliver(&org, mailbox, 2, &mail("two@example.net", "other@example.net")).await;
        app.deliver(&org, mailbox, 3, &mail("three@example.net", "third@example.net")).await;
        let owner = app.signed_in("owner@bakery.example").await;
        let mut browser = app.signed_in("agent@bakery.example").await;
        // Before the window.
        browser.get("/api/v1/tickets/3").await;
        app.home.advance(TimeDelta::hours(1));
        let from = app.now();
        let ticket = browser.get("/api/v1/tickets/1").await.json();
        app.home.advance(TimeDelta::minutes(5));
        browser.get("/api/v1/tickets/1").await;
        browser.get("/api/v1/tickets/2").await;
        let message = ticket["messages"][0]["id"].as_str().unwrap();
        let file = ticket["messages"][0]["attachments"][0]["id"].as_str().unwrap();
        let read = format!("/api/v1/messages/{message}");
        for path in [format!("{read}/original"), format!("{read}/attachments/{file}")] {
            assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
        }
        app.home.advance(TimeDelta::hours(1));
        let to = app.now();
        // After it.
        browser.get("/api/v1/tickets/3").await;
        app.home.advance(TimeDelta::minutes(1));
        let (agent, mailbox) = (agent.0.to_string(), mailbox.0.to_string());
        Self { app, org, owner, from, to, agent, mailbox }
    }
}

fn ways(ticket: &Value) -> Vec<(String, u64)> {
    let accesses = ticket["accesses"].as_array().unwrap();
    accesses
        .iter()
        .map(|access| {
            (access["how"].as_str().unwrap().to_owned(), access["count"].as_u64().unwrap())
        })
        .collect()
}

async fn a_package_names_what_was_reached_and_how(on: On) {
    let Read { app, mut owner, from, to, agent, mailbox, .. } = Read::new(on).await;
    let package = package(&mut owner, from, to).await;
    assert_eq!(package["schema"], "loket.incident/1");
    let numbers: Vec<&Value> =
        package["tickets"].as_array().unwrap().iter().map(|of| &of["number"]).collect();
    assert_eq!(numbers, [1, 2], "the third was read outside the window");
    let one = &package["tickets"][0];
    let known = |way: &str, count| (way.to_owned(), count);
    assert_eq!(
        ways(one).into_iter().filter(|(way, _)| way != "listed").collect::<Vec<_>>(),
        [known("read", 2), known("downloaded", 1), known("original", 1)]
    );
    let reads = one["accesses"].as_array().unwrap();
    let read = reads.iter().find(|access| access["how"] == "read").unwrap();
    assert_eq!(
        (&read["who"]["id"], &read["who"]["name"]),
        (&json!(agent), &json!("agent of bakery"))
    );
    let at = |field: &str| read[field].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(at("last_at") - at("first_at"), TimeDelta::minutes(5));
    assert_eq!(one["addresses"], 1);
    let counts = &package["counts"];
    let count = |field: &str| counts[field].as_u64().unwrap();
    assert_eq!((count("tickets"), count("people"), count("addresses")), (2, 2, 2));
    assert_eq!((count("mailboxes"), count("downloads"), count("originals")), (1, 1, 1));
    assert_eq!(package["mailboxes"][0]["id"], json!(mailbox));
    assert_eq!(package["mailboxes"][0]["tickets"], 2);
    let person = &package["people"][0];
    assert_eq!(person["addresses"], 1);
    assert!(!package.to_string().contains("example.net"), "an address stands in the package");
    assert!(!package.to_string().contains("Bread"), "a word of a mail stands in the package");
    assert_eq!((&package["complete"], &package["log"]["unbroken"]), (&json!(true), &json!(true)));
    let of = |field: &str| package[field].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert_eq!(of("notify_by") - of("aware_at"), TimeDelta::hours(72));
    assert_eq!(of("made_at"), app.now());
}

async fn a_package_is_narrowed_to_a_user_or_a_mailbox(on: On) {
    let Read { app, org, mut owner, from, to, agent, mailbox } = Read::new(on).await;
    let by_agent = owner.get(&path(from, to, &format!("&user={agent}"))).await.json();
    assert_eq!(by_agent["counts"]["tickets"], 2);
    let by_owner = owner.get(&path(from, to, &format!("&user={}", org.owner.0))).await.json();
    assert_eq!(by_owner["counts"]["tickets"], 0);
    let of_it = owner.get(&path(from, to, &format!("&mailbox={mailbox}"))).await.json();
    assert_eq!(of_it["counts"]["tickets"], 2);
    let elsewhere = "&mailbox=00000000-0000-7000-8000-000000000000";
    let of_none = owner.get(&path(from, to, elsewhere)).await.json();
    assert_eq!(of_none["counts"]["tickets"], 0);
    let aware = owner.get(&path(from, to, "&aware_at=2026-03-01T00:00:00Z")).await.json();
    assert_eq!(aware["notify_by"], "2026-03-04T00:00:00Z");
    let refused = owner.get(&path(to, from, "")).await;
    assert_eq!(refused.json()["errors"][0]["field"], "to", "{refused:?}");

    // For the operator, by addresses.
    let services = &app.services;
    let bakery = operator::find_organization(services, None).await.unwrap();
    let window = Window { from, to, user: None, mailbox: None, aware_at: None };
    let in_it = async |user, mailbox| {
        incident::window_in(services, &bakery, window, user, mailbox).await.unwrap()
    };
    let found = in_it(Some("agent@bakery.example"), Some("Support@bakery.example")).await.unwrap();
    assert_eq!(found.user.unwrap().0.to_string(), agent);
    assert_eq!(found.mailbox.unwrap().0.to_string(), mailbox);
    assert!(in_it(Some("nobody@bakery.example"), None).await.is_none());
    assert!(in_it(None, Some("nobody@bakery.example")).await.is_none());
    let package = incident::package_for(services, &bakery, found).await.unwrap();
    let words = text::text(&package);
    for line in ["Tell the authority by", "is unbroken", "#1 (", "downloaded the original, once"] {
        assert!(words.contains(line), "{line}: {words}");
    }
    assert!(!words.contains("example.net"), "{words}");
    let last = &audit::list(&app.home.store, org.id, None, 1).await.unwrap()[0];
    assert_eq!((last.action, last.actor), (Action::ReadIncident, Who::Cli));
}

/// An entry that was altered, before the window or in it, makes the package say so; what can be
/// read yet is still there.
async fn a_broken_log_is_told(on: On) {
    let Read { app, org, mut owner, from, to, .. } = Read::new(on).await;
    let whole = package(&mut owner, from, to).await;
    let intruder = Database::connect(app.home.audit_url()).await.unwrap();
    let alter = |sql: &str| {
        let sql = Statement::from_string(intruder.get_database_backend(), sql.to_owned());
        let intruder = &intruder;
        async move { intruder.execute_raw(sql).await.unwrap() }
    };
    alter("UPDATE audit_entry SET action = 'ticket.list' WHERE number = 2").await;
    let broken = package(&mut owner, from, to).await;
    assert_eq!(
        (&broken["log"]["unbroken"], &broken["log"]["broken_at"]),
        (&json!(false), &json!(2))
    );
    assert_eq!(broken["tickets"], whole["tickets"]);
    alter("UPDATE audit_entry SET action = 'a new word' WHERE number = 2").await;
    let broken = package(&mut owner, from, to).await;
    assert_eq!((&broken["log"]["broken_at"], &broken["log"]["unreadable"]), (&json!(2), &json!(1)));
    alter("DELETE FROM audit_entry WHERE number = 2").await;
    let broken = package(&mut owner, from, to).await;
    assert_eq!((&broken["log"]["broken_at"], &broken["log"]["unreadable"]), (&json!(2), &json!(0)));
    let window = Window { from, to, user: None, mailbox: None, aware_at: None };
    let bakery = operator::find_organization(&app.services, Some("bakery")).await.unwrap();
    assert_eq!(bakery.id, org.id);
    let package = incident::package_for(&app.services, &bakery, window).await.unwrap();
    assert!(text::text(&package).contains("THE AUDIT LOG IS BROKEN from entry 2 on"));
}

/// More pages than one, with a ticket and a message that are gone.
async fn a_long_log_is_walked_in_pages(on: On) {
    let Read { app, org, mut owner, from, to, .. } = Read::new(on).await;
    let store = &app.home.store;
    let gone = uuid::Uuid::from_u128(7);
    let entry = |n: u32| NewAuditEntry {
        organization_id: org.id,
        actor: Who::Member(org.owner.0),
        action: Action::ReadTicket,
        object_kind: loket::audit::ObjectKind::Ticket,
        object_id: Some(if n == 0 { gone } else { uuid::Uuid::from_u128(u128::from(n % 50) + 8) }),
        channel_id: None,
    };
    audit::record_all(store, (0..2_500).map(entry).collect()).await.unwrap();
    let later = app.now() + TimeDelta::hours(1);
    let package = package(&mut owner, from, later).await;
    assert_eq!(package["counts"]["tickets"], 3 + 51);
    assert_eq!(package["log"]["unbroken"], true);
    assert_eq!(package["log"]["entries"], audit::verify(store, org.id).await.unwrap());
    let tickets = package["tickets"].as_array().unwrap();
    let lost = tickets.iter().find(|ticket| ticket["id"] == json!(gone)).unwrap();
    assert_eq!((&lost["number"], &lost["contact_id"]), (&Value::Null, &Value::Null));
    assert!(from < to);
}

/// The operator's message goes to the owners and admins of who is affected, and lies sealed.
async fn admins_of_who_is_affected_are_told(on: On) {
    let Read { app, org, from, to, .. } = Read::new(on).await;
    app.user(&org, Role::Admin).await;
    app.user(&org, Role::Auditor).await;
    app.org("florist").await;
    let services = &app.services;
    let told = tell::tell(services, None, from, to, "A laptop was stolen.").await.unwrap();
    let names: Vec<_> =
        told.iter().map(|one| (one.organization.name.as_str(), one.mails)).collect();
    assert_eq!(names, [("bakery", 2)]);
    // Another one is another mail.
    tell::tell(services, None, from, to, "It was found again.").await.unwrap();
    let data = Database::connect(&app.home.data_url).await.unwrap();
    let lies = match data.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT count(*) AS n FROM incident_notice \
             WHERE position(convert_to('laptop', 'UTF8') IN content) > 0"
        }
        _ => "SELECT count(*) AS n FROM incident_notice WHERE instr(content, 'laptop') > 0",
    };
    let lies = Statement::from_string(data.get_database_backend(), lies);
    let open: i64 = data.query_one_raw(lies).await.unwrap().unwrap().try_get("", "n").unwrap();
    assert_eq!(open, 0);

    let handler = SystemMail::new(services.clone(), Arc::new(NoMailbox));
    let store = app.home.store.clone();
    Worker::new(store, vec![Arc::new(handler)], WorkerOptions::default()).drain().await.unwrap();
    let sent = std::mem::take(&mut *app.post.sent.lock().unwrap());
    let mut to_whom: Vec<String> =
        sent.iter().flat_map(|(envelope, _)| envelope.recipients.clone()).collect();
    to_whom.sort_unstable();
    let (admin, boss) = ("admin@bakery.example", "owner@bakery.example");
    assert_eq!(to_whom, [admin, admin, boss, boss]);
    let texts: Vec<String> = sent
        .iter()
        .map(|(_, raw)| String::from_utf8_lossy(raw).replace("=\r\n", "").replace("=3D", "="))
        .collect();
    assert_eq!(texts.iter().filter(|text| text.contains("A laptop was stolen.")).count(), 2);
    assert!(texts.iter().all(|text| text.contains("/settings/incident?from=")), "{texts:?}");

    // The one that is named is told whatever its log says; nobody is told nothing.
    let florist = tell::tell(services, Some("florist"), from, to, "Stolen.").await.unwrap();
    assert_eq!(florist.len(), 1);
    let nothing = tell::tell(services, None, from, to, " \n").await;
    assert!(matches!(nothing, Err(ServiceError::Invalid { field: "text", .. })), "{nothing:?}");
    let written = written(&app, org.id).await;
    assert_eq!(written.iter().filter(|action| **action == Action::TellIncident).count(), 2);
}

async fn written(app: &TestApp, organization: OrganizationId) -> Vec<Action> {
    let entries = audit::list(&app.home.store, organization, None, 100).await.unwrap();
    entries.iter().map(|entry| entry.action).collect()
}

on_both!(
    a_package_names_what_was_reached_and_how,
    a_package_is_narrowed_to_a_user_or_a_mailbox,
    a_broken_log_is_told,
    a_long_log_is_walked_in_pages,
    admins_of_who_is_affected_are_told,
);
