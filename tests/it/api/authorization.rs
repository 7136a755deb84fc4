//! The authorization matrix: every route, and what each kind of person gets.
//!
//! A route that is in the `OpenAPI` document and not in [`MATRIX`] fails the test.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use loket::domain::words::Role;
use serde_json::{Value, json};

use crate::support::app::{Browser, MAIL, Org, TestApp};
use crate::support::db::{On, on_both};

/// What somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// Let in: anything but 401, 403 and, for a thing that is there, 404.
    In,
    /// 401.
    SignIn,
    /// 403.
    No,
    /// 404: they may not know of it.
    Nothing,
}
use Gets::{In, No, Nothing, SignIn};

/// Method, path, body, and what is given to: nobody, a member of another organization (an
/// owner there), then the roles in the organization: an admin and an agent who belong to the
/// mailbox, an admin and an agent who do not, and an auditor.
type Row = (&'static str, &'static str, fn() -> Value, [Gets; 7]);

const ANYBODY: [Gets; 7] = [In; 7];
const SIGNED_IN: [Gets; 7] = [SignIn, In, In, In, In, In, In];
const MANAGERS: [Gets; 7] = [SignIn, In, In, No, In, No, No];
/// A mailbox: managers reach it even when they do not belong to it, but not its mail.
const MAILBOX_MANAGERS: [Gets; 7] = [SignIn, Nothing, In, No, In, No, No];
const MAILBOX_SEEN: [Gets; 7] = [SignIn, Nothing, In, In, In, Nothing, In];

const READERS: [Gets; 7] = [SignIn, In, In, In, In, In, No];
/// A ticket and its messages: for who belongs to the mailbox. Being an admin opens no mail.
const MEMBERS: [Gets; 7] = [SignIn, Nothing, In, In, Nothing, Nothing, No];
const NO_SUCH_ANSWER: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, No];
const NO_SUCH_MAIL: [Gets; 7] = [SignIn, Nothing, Nothing, No, Nothing, No, No];

fn customer() -> Value {
    json!({ "address": "customer@example.net" })
}

fn note() -> Value {
    json!({ "text": "Look at this." })
}

fn reply() -> Value {
    json!({ "mode": "reply", "to": [], "text": "It is on its way.", "seen_version": 1 })
}

fn none() -> Value {
    json!({})
}

const MATRIX: &[Row] = &[
    ("get", "/api/v1/setup", none, ANYBODY),
    ("post", "/api/v1/setup", none, ANYBODY),
    ("get", "/api/v1/session", none, SIGNED_IN),
    ("delete", "/api/v1/session", none, ANYBODY),
    ("patch", "/api/v1/profile", none, SIGNED_IN),
    ("get", "/api/v1/users", none, SIGNED_IN),
    ("get", "/api/v1/organization", none, SIGNED_IN),
    ("patch", "/api/v1/organization", none, MANAGERS),
    ("get", "/api/v1/mailboxes", none, SIGNED_IN),
    ("post", "/api/v1/mailboxes", new_mailbox, MANAGERS),
    ("post", "/api/v1/mailboxes/test", new_mailbox, MANAGERS),
    ("patch", "/api/v1/mailboxes/{id}", none, MAILBOX_MANAGERS),
    ("put", "/api/v1/mailboxes/{id}/members", everybody_stays, MAILBOX_MANAGERS),
    ("post", "/api/v1/mailboxes/{id}/sync", none, MAILBOX_SEEN),
    ("post", "/api/v1/mailboxes/connect", google, MANAGERS),
    ("get", "/api/v1/providers/{provider}", none, MANAGERS),
    ("put", "/api/v1/providers/{provider}", client, MANAGERS),
    ("get", "/api/v1/quarantine", none, MANAGERS),
    ("get", "/api/v1/quarantine/{id}/original", none, NO_SUCH_MAIL),
    ("post", "/api/v1/quarantine/{id}/retry", none, NO_SUCH_MAIL),
    ("get", "/api/v1/tickets", none, READERS),
    ("get", "/api/v1/tickets/counts", none, READERS),
    ("get", "/api/v1/tickets/{number}", none, MEMBERS),
    ("patch", "/api/v1/tickets/{number}", none, MEMBERS),
    ("post", "/api/v1/tickets/{number}/read", none, MEMBERS),
    ("put", "/api/v1/tickets/{number}/customer", customer, MEMBERS),
    ("post", "/api/v1/tickets/{number}/notes", note, MEMBERS),
    ("put", "/api/v1/tickets/{number}/draft", none, MEMBERS),
    ("get", "/api/v1/tickets/{number}/draft", none, MEMBERS),
    ("delete", "/api/v1/tickets/{number}/draft", none, MEMBERS),
    ("post", "/api/v1/tickets/{number}/replies", reply, MEMBERS),
    ("get", "/api/v1/messages/{id}", none, MEMBERS),
    ("get", "/api/v1/messages/{id}/html", none, MEMBERS),
    ("get", "/api/v1/messages/{id}/original", none, MEMBERS),
    ("get", "/api/v1/messages/{id}/attachments/{attachment_id}", none, MEMBERS),
    // The mail names no image, and it is no answer of ours.
    ("get", "/api/v1/messages/{id}/images", none, NO_SUCH_ANSWER),
    ("post", "/api/v1/messages/{id}/cancel", none, NO_SUCH_ANSWER),
    ("post", "/api/v1/messages/{id}/retry", none, NO_SUCH_ANSWER),
    ("post", "/api/v1/messages/{id}/sent", none, NO_SUCH_ANSWER),
    ("post", "/api/v1/messages/{id}/confirm", none, NO_SUCH_ANSWER),
    // Without a form it is refused for that; who may upload is asked with the form at hand.
    ("post", "/api/v1/uploads", none, SIGNED_IN),
    ("get", "/api/v1/uploads/{id}", none, NO_SUCH_ANSWER),
    ("get", "/api/v1/events", none, SIGNED_IN),
];

fn new_mailbox() -> Value {
    json!({ "provider": "imap", "address": "x", "display_name": "x" })
}

/// Refused for what it says, after the question who asks.
fn everybody_stays() -> Value {
    json!({ "membership_ids": ["00000000-0000-7000-8000-000000000000"] })
}

fn google() -> Value {
    json!({ "provider": "google" })
}

fn client() -> Value {
    json!({ "client_id": "" })
}

/// `POST /session` signs in and has tests of its own.
const ELSEWHERE: &[(&str, &str)] = &[("post", "/api/v1/session")];

async fn people(app: &TestApp) -> (Vec<(&'static str, Browser)>, String) {
    let org: Org = app.org("bakery").await;
    app.org("florist").await;
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
    let people = vec![
        ("nobody", app.browser()),
        ("a stranger", app.signed_in("owner@florist.example").await),
        ("a manager inside", app.signed_in("owner@bakery.example").await),
        ("an agent inside", app.signed_in("agent@bakery.example").await),
        ("a manager outside", app.signed_in("admin@bakery.example").await),
        ("an agent outside", app.signed_in("outside@bakery.example").await),
        ("an auditor", app.signed_in("auditor@bakery.example").await),
    ];
    app.deliver(&org, mailbox, 1, MAIL).await;
    (people, mailbox.0.to_string())
}

fn routes() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(loket::http::openapi::document()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routes.insert((method.clone(), path.clone()));
        }
    }
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

async fn everybody_gets_what_the_matrix_says(on: On) {
    let app = TestApp::new(on).await;
    let (people, mailbox) = people(&app).await;
    let ticket = people[2].1.clone().get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    let id = message["id"].as_str().unwrap();
    let file = message["attachments"][0]["id"].as_str().unwrap();
    let mut wrong = Vec::new();
    for (method, path, body, gets) in MATRIX {
        let thing = if path.starts_with("/api/v1/messages") { id } else { &mailbox };
        let mut filled = path
            .replace("{id}", thing)
            .replace("{provider}", "google")
            .replace("{number}", "1")
            .replace("{attachment_id}", file);
        if filled.ends_with("/images") {
            filled.push_str("?url=https://images.example/a.png");
        }
        for ((who, browser), expected) in people.iter().zip(gets) {
            let method: Method = method.to_uppercase().parse().unwrap();
            let mut browser = browser.clone();
            let headers = [("origin", crate::support::app::PUBLIC_URL), ("if-match", "\"1\"")];
            let body = body();
            let sent = (method != Method::GET).then_some(&body);
            // A sign-out would end the session of the rows that follow.
            if method == Method::DELETE && *path == "/api/v1/session" {
                browser.cookie = None;
            }
            let status = browser.open(method.clone(), &filled, &headers, sent).await.status();
            let got = match status {
                StatusCode::UNAUTHORIZED => SignIn,
                StatusCode::FORBIDDEN => No,
                StatusCode::NOT_FOUND => Nothing,
                status if status.is_server_error() => {
                    wrong.push(format!("{who}: {method} {path}: {status}"));
                    continue;
                }
                _ => In,
            };
            if got != *expected {
                wrong.push(format!("{who}: {method} {path}: {got:?} ({status}), not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

on_both!(everybody_gets_what_the_matrix_says);
