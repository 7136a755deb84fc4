//! The authorization matrix: every route, what each kind of person gets, and what the audit log
//! then says.
//!
//! A route that is in the `OpenAPI` document, or beside it in `http::plain_paths`, and not in
//! [`MATRIX`] fails the test. So does an answer with a customer's words that left no entry.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Method, StatusCode};
use loket::audit::Action;
use loket::domain::ids::{MembershipId, OrganizationId};
use loket::domain::words::{ParcelKind, Role};
use loket::service::{parcels, sign_in, uploads};
use loket::store::{Store, audit};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::{Value, json};

use self::matrix::Gets::{In, No, Nothing, SignIn};
use self::matrix::{MATRIX, Row, by_address, reply, view};
use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::{On, on_both};

mod matrix;

/// `POST /session` signs in and has tests of its own.
const ELSEWHERE: &[(&str, &str)] = &[("post", "/api/v1/session")];

/// Words of [`LETTER`]: where they are in an answer, mail was read.
const WORDS: &[&str] = &["bread", "customer@example.net"];

/// A customer's mail with an image elsewhere and a file.
const LETTER: &str = "From: Customer <customer@example.net>\r\n\
To: support@bakery.example\r\n\
Subject: Bread\r\n\
Message-ID: <one@example.net>\r\n\
Date: Mon, 02 Mar 2026 08:00:00 +0000\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\
\r\n\
--b\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p>Where is my <b>bread</b>? <img src=\"https://images.example/a.png\"></p>\r\n\
--b\r\n\
Content-Type: application/pdf\r\n\
Content-Disposition: attachment; filename=order.pdf\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
JVBERi0xLjQK\r\n\
--b--\r\n";

/// A mail that no parser should follow down.
fn bomb() -> String {
    let mut raw = "From: customer@example.net\r\nSubject: Bread\r\n".to_owned();
    for _ in 0..30_000 {
        raw.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    raw
}

/// Who asks: a name, a browser, and the organization whose audit log tells of it.
type Person = (&'static str, Browser, OrganizationId);

/// What is there to be asked for.
struct World {
    people: Vec<Person>,
    data: DatabaseConnection,
    services: loket::service::Services,
    owner: (OrganizationId, MembershipId),
    mailbox: String,
    message: String,
    contact: String,
    file: String,
    quarantined: String,
    upload: String,
    invited: AtomicUsize,
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let org: Org = app.org("bakery").await;
        let other = app.org("florist").await;
        let inside = app.user(&org, Role::Agent).await;
        app.user(&org, Role::Auditor).await;
        app.user(&org, Role::Admin).await;
        let mailbox = app.mailbox(&org, &[org.owner, inside]).await;
        let outside = loket::service::users::NewUser {
            name: "Outside".to_owned(),
            email: "outside@bakery.example".to_owned(),
            role: Role::Agent,
            password: crate::support::app::PASSWORD.into(),
        };
        loket::service::users::create(&app.services, org.id, outside).await.unwrap();
        let mut people = vec![("nobody", app.browser(), org.id)];
        for (who, email, organization) in [
            ("a stranger", "owner@florist.example", other.id),
            ("a manager inside", "owner@bakery.example", org.id),
            ("an agent inside", "agent@bakery.example", org.id),
            ("a manager outside", "admin@bakery.example", org.id),
            ("an agent outside", "outside@bakery.example", org.id),
            ("an auditor", "auditor@bakery.example", org.id),
        ] {
            people.push((who, app.signed_in(email).await, organization));
        }
        app.deliver(&org, mailbox, 1, LETTER).await;
        assert_eq!(app.take_in(&org, mailbox, 2, &bomb()).await.quarantined, 1);
        let mut insider = people[2].1.clone();
        let ticket = insider.get("/api/v1/tickets/1").await.json();
        let message = ticket["messages"][0].clone();
        let quarantine = insider.get("/api/v1/quarantine").await.json();
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            people,
            data: Database::connect(&app.home.data_url).await.unwrap(),
            services: app.services.clone(),
            owner: (org.id, org.owner),
            mailbox: mailbox.0.to_string(),
            message: id(&message["id"]),
            contact: id(&ticket["contact"]["id"]),
            file: id(&message["attachments"][0]["id"]),
            quarantined: id(&quarantine["items"][0]["id"]),
            upload: upload(app).await,
            invited: AtomicUsize::new(0),
        }
    }

    /// An answer that waits in this state, new for everybody who asks: it can be used up.
    async fn answer(&self, state: &str) -> String {
        let mut insider = self.people[2].1.clone();
        let made = insider.post("/api/v1/tickets/1/replies", &reply()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let set = format!("UPDATE outbox SET state = '{state}'");
        self.data.execute_unprepared(&set).await.unwrap();
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// The purge that waits.
    async fn purge(&self) -> String {
        let mut insider = self.people[2].1.clone();
        let purges = insider.get("/api/v1/purges").await.json();
        purges["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// What a customer asks, new for everybody who does something about it.
    async fn request(&self) -> String {
        let mut insider = self.people[2].1.clone();
        let made = insider.post("/api/v1/data-requests", &by_address()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// An export that the manager inside has made, new for everybody who asks: it can be removed.
    async fn export(&self) -> String {
        let (organization_id, owner) = self.owner;
        let mailbox: uuid::Uuid = self.mailbox.parse().unwrap();
        let order = parcels::Order {
            organization_id,
            kind: ParcelKind::Mailbox,
            subject_id: mailbox,
            channel_id: Some(mailbox.into()),
            name: "export.zip".to_owned(),
            made_by: Some(owner),
        };
        let id = parcels::order(&self.services, &order).await.unwrap();
        parcels::make(&self.services, organization_id, id, 1).await.unwrap();
        id.to_string()
    }

    /// A view that the manager inside shares, new for everybody who asks: it can be removed.
    async fn view(&self) -> String {
        let mut insider = self.people[2].1.clone();
        let made = insider.post("/api/v1/views", &view()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// A tag or a team, new for everybody who asks: it can be removed.
    async fn made(&self, what: &str, mut new: Value) -> String {
        let number = self.invited.fetch_add(1, Ordering::Relaxed);
        new["name"] = json!(format!("Number {number}"));
        let mut insider = self.people[2].1.clone();
        let made = insider.post(&format!("/api/v1/{what}"), &new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// Somebody who was invited, new for everybody who asks: they can be changed.
    async fn colleague(&self) -> String {
        let number = self.invited.fetch_add(1, Ordering::Relaxed);
        let mut insider = self.people[2].1.clone();
        let email = format!("colleague-{number}@bakery.example");
        let new = json!({ "name": "Colleague", "email": email, "role": "agent" });
        let made = insider.post("/api/v1/users", &new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json()["user"]["id"].as_str().unwrap().to_owned()
    }

    /// The address of a thing that is there.
    async fn fill(&self, path: &str) -> String {
        let id = match path.rsplit('/').next() {
            Some("cancel") => self.answer("waiting").await,
            Some("retry") if path.contains("messages") => self.answer("failed").await,
            Some("sent") => self.answer("in_doubt").await,
            Some("confirm") => self.answer("needs_confirmation").await,
            _ if path.contains("purges/") => self.purge().await,
            _ if path.contains("/exports/") => self.export().await,
            _ if path.contains("contacts/") => self.contact.clone(),
            _ if path.contains("views/") => self.view().await,
            _ if path.contains("/tags/") => self.made("tags", json!({ "color": "red" })).await,
            _ if path.contains("/teams/") => self.made("teams", json!({})).await,
            _ if path.contains("users/") => self.colleague().await,
            _ if path.contains("data-requests/") => self.request().await,
            _ if path.contains("quarantine") => self.quarantined.clone(),
            _ if path.contains("uploads") => self.upload.clone(),
            _ if path.contains("messages") => self.message.clone(),
            _ => self.mailbox.clone(),
        };
        let mut filled = path
            .replace("{id}", &id)
            .replace("{message_id}", &self.message)
            .replace("{host}", crate::support::app::OWN_MAIL_HOST)
            .replace("{provider}", "google")
            .replace("{number}", "1")
            .replace("{attachment_id}", &self.file);
        if filled.ends_with("/package") {
            filled.push_str("?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z");
        }
        if filled.ends_with("/images") {
            filled.push_str("?url=https://images.example/a.png");
        }
        filled
    }
}

/// A file of the manager inside.
async fn upload(app: &TestApp) -> String {
    let (here, password) = ([127, 0, 0, 1].into(), crate::support::app::PASSWORD.into());
    let manager = sign_in::sign_in(&app.services, here, "owner@bakery.example", password).await;
    let file = uploads::NewFile {
        name: Some("price.pdf".to_owned()),
        content_type: None,
        bytes: "%PDF-1.4".into(),
        ticket: Some(1),
    };
    uploads::add(&app.services, &manager.unwrap().actor, file).await.unwrap().id.to_string()
}

fn routes() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(loket::http::openapi::document()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routes.insert((method.clone(), path.clone()));
        }
    }
    routes.extend(loket::http::plain_paths().map(|path| ("get".to_owned(), path.to_owned())));
    routes
}

#[test]
fn every_route_stands_in_the_matrix() {
    let listed: BTreeSet<_> = MATRIX
        .iter()
        .map(|(method, path, ..)| (*method, *path))
        .chain(ELSEWHERE.iter().copied())
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    let routes = routes();
    let unlisted: Vec<_> = routes.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not in the matrix: {unlisted:?}");
    let gone: Vec<_> = listed.difference(&routes).collect();
    assert!(gone.is_empty(), "no such route: {gone:?}");
}

/// Asks, and tells what was got, and what is wrong with it.
async fn ask(
    app: &TestApp,
    world: &World,
    row: &Row,
    person: &Person,
) -> (StatusCode, Vec<String>) {
    let (method, path, body, _, action) = row;
    let (who, browser, organization) = person;
    let (body, filled) = (body(), world.fill(path).await);
    let method: Method = method.to_uppercase().parse().unwrap();
    let mut browser = browser.clone();
    let sent = (method != Method::GET).then_some(&body);
    // A sign-out would end the session of the rows that follow.
    if method == Method::DELETE && *path == "/api/v1/session" {
        browser.cookie = None;
    }
    let store = &app.home.store;
    let before = written(store, *organization).await;
    let response = open(&mut browser, &method, &filled, sent).await;
    let (status, mut wrong) = (response.status(), Vec::new());
    let mut tell = |what: String| wrong.push(format!("{who}: {method} {path}: {what}"));
    if status.is_server_error() {
        tell(status.to_string());
    }
    let after = written(store, *organization).await;
    let new = audit::list(store, *organization, None, after - before).await.unwrap();
    let actions: Vec<Action> = new.iter().map(|entry| entry.action).collect();
    match action {
        Some(action) if status.is_success() && !actions.contains(action) => {
            tell(format!("{action:?} is not in the audit log: {actions:?}"));
        }
        None if !actions.is_empty() => tell(format!("{actions:?} in the audit log")),
        _ => {}
    }
    // The stream of events never ends.
    if *path != "/api/v1/events" {
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&body).to_lowercase();
        if actions.is_empty() && WORDS.iter().any(|word| text.contains(word)) {
            tell("mail was read, and the audit log does not say so".to_owned());
        }
    }
    (status, wrong)
}

/// Sends it for whichever version the thing is at. A ticket is left as it is by whoever comes second.
async fn open(
    browser: &mut Browser,
    method: &Method,
    path: &str,
    body: Option<&Value>,
) -> axum::response::Response {
    let mut version = i32::from(path.starts_with("/api/v1/tickets/"));
    loop {
        let tag = format!("\"{version}\"");
        let headers = [("origin", crate::support::app::PUBLIC_URL), ("if-match", tag.as_str())];
        let response = browser.open(method.clone(), path, &headers, body).await;
        let is_stale = response.status() == StatusCode::PRECONDITION_FAILED;
        if !is_stale || path.starts_with("/api/v1/tickets/") || version == 9 {
            return response;
        }
        version += 1;
    }
}

/// How many entries the audit log has.
async fn written(store: &Store, organization: OrganizationId) -> u64 {
    let newest = audit::list(store, organization, None, 1).await.unwrap();
    newest.first().map_or(0, |entry| entry.number)
}

async fn everybody_gets_what_the_matrix_says(on: On) {
    let app = TestApp::new(on).await;
    let world = World::new(&app).await;
    let mut wrong = Vec::new();
    for row in MATRIX {
        let (method, path, _, gets, action) = row;
        let mut done = false;
        for (person, expected) in world.people.iter().zip(gets) {
            let (status, found) = ask(&app, &world, row, person).await;
            wrong.extend(found);
            done |= status.is_success();
            let got = match status {
                StatusCode::UNAUTHORIZED => SignIn,
                StatusCode::FORBIDDEN => No,
                StatusCode::NOT_FOUND => Nothing,
                _ => In,
            };
            if got != *expected {
                let who = person.0;
                wrong.push(format!("{who}: {method} {path}: {got:?} ({status}), not {expected:?}"));
            }
        }
        if action.is_some() && !done {
            wrong.push(format!("{method} {path}: nobody got through, so nothing was shown"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

on_both!(everybody_gets_what_the_matrix_says);
