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

use crate::support::app::{Browser, Org, TestApp};
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
/// mailbox, an admin and an agent who do not, and an auditor. Then what the audit log says of it
/// once it is done; [`SILENT`] reads no mail and changes nothing that is logged.
type Row = (&'static str, &'static str, fn() -> Value, [Gets; 7], Option<Action>);

const SILENT: Option<Action> = None;

const ANYBODY: [Gets; 7] = [In; 7];
const SIGNED_IN: [Gets; 7] = [SignIn, In, In, In, In, In, In];
/// What is kept of deletions: an auditor reads it too.
const MANAGERS_AND_AUDITORS: [Gets; 7] = [SignIn, In, In, No, In, No, In];
const RETENTION_SEEN: [Gets; 7] = [SignIn, Nothing, In, No, In, No, In];
const MANAGERS: [Gets; 7] = [SignIn, In, In, No, In, No, No];
/// A mailbox or a user: managers reach it even when they do not belong to it, but not its mail.
const MAILBOX_MANAGERS: [Gets; 7] = [SignIn, Nothing, In, No, In, No, No];
const MAILBOX_SEEN: [Gets; 7] = [SignIn, Nothing, In, In, In, Nothing, In];

/// What is for owners alone; the stranger is one where they come from.
const OWNERS: [Gets; 7] = [SignIn, In, In, No, No, No, No];

const READERS: [Gets; 7] = [SignIn, In, In, In, In, In, No];
/// A ticket and its messages: for who belongs to the mailbox. Being an admin opens no mail.
const MEMBERS: [Gets; 7] = [SignIn, Nothing, In, In, Nothing, Nothing, No];
const QUARANTINE: [Gets; 7] = [SignIn, Nothing, In, No, Nothing, No, No];
/// A file that the manager inside has uploaded and not sent.
const ONES_OWN: [Gets; 7] = [SignIn, Nothing, In, Nothing, Nothing, Nothing, No];
/// For whoever brings a token: see `health` below.
const WATCHERS: [Gets; 7] = [Nothing; 7];

fn customer() -> Value {
    json!({ "address": "customer@example.net" })
}

fn note() -> Value {
    json!({ "text": "Look at this." })
}

fn reply() -> Value {
    let to = [customer()];
    json!({ "mode": "reply", "to": to, "text": "It is on its way.", "seen_version": 1 })
}

fn forgotten() -> Value {
    json!({ "email": "nobody@bakery.example" })
}

fn spent() -> Value {
    json!({ "token": "spent", "password": "a new password" })
}

fn none() -> Value {
    json!({})
}

const MATRIX: &[Row] = &[
    ("get", "/api/v1/setup", none, ANYBODY, SILENT),
    ("post", "/api/v1/setup", none, ANYBODY, SILENT),
    ("post", "/api/v1/password/links", forgotten, ANYBODY, SILENT),
    ("put", "/api/v1/password", spent, ANYBODY, SILENT),
    ("get", "/api/v1/session", none, SIGNED_IN, SILENT),
    ("delete", "/api/v1/session", none, ANYBODY, SILENT),
    ("patch", "/api/v1/profile", none, SIGNED_IN, Some(Action::ChangeAccount)),
    ("get", "/api/v1/users", none, SIGNED_IN, SILENT),
    ("post", "/api/v1/users", colleague, MANAGERS, Some(Action::Invite)),
    ("patch", "/api/v1/users/{id}", auditor, MAILBOX_MANAGERS, Some(Action::ChangeMembership)),
    ("post", "/api/v1/users/{id}/invitation", none, MAILBOX_MANAGERS, Some(Action::Invite)),
    ("get", "/api/v1/users/{id}/tickets/count", none, MAILBOX_MANAGERS, SILENT),
    ("get", "/api/v1/organization", none, SIGNED_IN, SILENT),
    ("patch", "/api/v1/organization", none, MANAGERS, Some(Action::ChangeSettings)),
    ("get", "/api/v1/mailboxes", none, SIGNED_IN, SILENT),
    ("post", "/api/v1/mailboxes", new_mailbox, MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/test", new_mailbox, MANAGERS, SILENT),
    ("patch", "/api/v1/mailboxes/{id}", none, MAILBOX_MANAGERS, Some(Action::ChangeMailbox)),
    ("put", "/api/v1/mailboxes/{id}/members", everybody_stays, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/{id}/sync", none, MAILBOX_SEEN, SILENT),
    ("post", "/api/v1/mailboxes/connect", google, MANAGERS, SILENT),
    ("get", "/api/v1/providers/{provider}", none, MANAGERS, SILENT),
    ("put", "/api/v1/providers/{provider}", client, MANAGERS, SILENT),
    ("get", "/api/v1/quarantine", none, MANAGERS, SILENT),
    ("get", "/api/v1/quarantine/{id}/original", none, QUARANTINE, Some(Action::ReadQuarantined)),
    ("post", "/api/v1/quarantine/{id}/retry", none, QUARANTINE, SILENT),
    ("get", "/api/v1/tickets", none, READERS, Some(Action::ListTickets)),
    ("get", "/api/v1/tickets/counts", none, READERS, SILENT),
    ("get", "/api/v1/tickets/{number}", none, MEMBERS, Some(Action::ReadTicket)),
    ("patch", "/api/v1/tickets/{number}", none, MEMBERS, Some(Action::ChangeTicket)),
    ("post", "/api/v1/tickets/{number}/read", none, MEMBERS, SILENT),
    ("put", "/api/v1/tickets/{number}/customer", customer, MEMBERS, Some(Action::ChangeTicket)),
    // It is related to no other.
    ("post", "/api/v1/tickets/{number}/attach", none, MEMBERS, SILENT),
    ("post", "/api/v1/tickets/{number}/notes", note, MEMBERS, Some(Action::ReadMessage)),
    ("put", "/api/v1/tickets/{number}/draft", none, MEMBERS, SILENT),
    ("get", "/api/v1/tickets/{number}/draft", none, MEMBERS, Some(Action::ReadDraft)),
    ("delete", "/api/v1/tickets/{number}/draft", none, MEMBERS, SILENT),
    ("post", "/api/v1/tickets/{number}/replies", reply, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}", none, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}/html", none, MEMBERS, Some(Action::ReadMessage)),
    ("get", "/api/v1/messages/{id}/original", none, MEMBERS, Some(Action::ReadOriginal)),
    (
        "get",
        "/api/v1/messages/{id}/attachments/{attachment_id}",
        none,
        MEMBERS,
        Some(Action::ReadAttachment),
    ),
    ("get", "/api/v1/messages/{id}/images", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/cancel", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/retry", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/sent", none, MEMBERS, Some(Action::ReadMessage)),
    ("post", "/api/v1/messages/{id}/confirm", none, MEMBERS, Some(Action::ReadMessage)),
    // Without a form it is refused for that; who may upload is asked with the form at hand.
    ("post", "/api/v1/uploads", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/uploads/{id}", none, ONES_OWN, Some(Action::ReadAttachment)),
    ("get", "/api/v1/events", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/openapi.json", none, ANYBODY, SILENT),
    ("get", "/oauth/callback", none, ANYBODY, SILENT),
    ("get", "/healthz", none, ANYBODY, SILENT),
    ("get", "/readyz", none, ANYBODY, SILENT),
    ("get", "/metrics", none, WATCHERS, SILENT),
    ("get", "/api/v1/mailboxes/{id}/retention", none, RETENTION_SEEN, SILENT),
    (
        "put",
        "/api/v1/mailboxes/{id}/retention",
        rule,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRetention),
    ),
    (
        "post",
        "/api/v1/mailboxes/{id}/retention/confirmation",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRetention),
    ),
    ("put", "/api/v1/tickets/{number}/exemption", why, MEMBERS, Some(Action::ExemptTicket)),
    ("delete", "/api/v1/tickets/{number}/exemption", none, MEMBERS, Some(Action::ExemptTicket)),
    ("get", "/api/v1/holds", none, MANAGERS_AND_AUDITORS, Some(Action::ReadHolds)),
    // Without a reason it is refused, after the question who asks.
    ("post", "/api/v1/holds", no_reason, MANAGERS, SILENT),
    (
        "post",
        "/api/v1/holds/{id}/end",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, No],
        SILENT,
    ),
    ("get", "/.well-known/loket-statement-keys.json", none, ANYBODY, SILENT),
    ("post", "/api/v1/mailboxes/{id}/keep", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/mailboxes/{id}/farewell", no_text, MAILBOX_MANAGERS, SILENT),
    (
        "get",
        "/api/v1/mailboxes/{id}/disconnection",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ListTickets),
    ),
    ("get", "/api/v1/mailboxes/{id}/exports", none, MAILBOX_MANAGERS, SILENT),
    // All of its mail: for managers who belong to it. What was made is for who made it.
    ("post", "/api/v1/mailboxes/{id}/exports", own_password, QUARANTINE, Some(Action::OrderExport)),
    ("get", "/api/v1/exports/{id}/file", none, QUARANTINE, Some(Action::Export)),
    ("delete", "/api/v1/exports/{id}", none, QUARANTINE, Some(Action::RemoveExport)),
    // The mailbox is disconnected from here on, by the first who may.
    (
        "post",
        "/api/v1/mailboxes/{id}/disconnection",
        none,
        [SignIn, Nothing, In, No, Nothing, No, No],
        Some(Action::DisconnectMailbox),
    ),
    ("get", "/api/v1/purges", none, MANAGERS_AND_AUDITORS, SILENT),
    ("post", "/api/v1/purges/{id}/haste", haste, MAILBOX_MANAGERS, SILENT),
    // And connected again.
    (
        "post",
        "/api/v1/mailboxes/{id}/reconnection",
        none,
        [SignIn, Nothing, In, No, Nothing, No, No],
        Some(Action::ConnectMailbox),
    ),
    ("get", "/api/v1/statements", none, MANAGERS_AND_AUDITORS, Some(Action::ReadStatement)),
    // There is none yet; `forgetting` reads one.
    (
        "get",
        "/api/v1/statements/{id}",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, Nothing],
        SILENT,
    ),
    ("get", "/api/v1/organization/closing", none, SIGNED_IN, SILENT),
    ("get", "/api/v1/organization/closing/preview", none, OWNERS, SILENT),
    ("get", "/api/v1/organization/exports", none, OWNERS, SILENT),
    ("post", "/api/v1/organization/exports", own_password, OWNERS, Some(Action::OrderExport)),
    ("post", "/api/v1/organization/closing", closing, OWNERS, SILENT),
    ("post", "/api/v1/organization/closing/confirmation", no_token, OWNERS, SILENT),
    ("delete", "/api/v1/organization/closing", none, OWNERS, SILENT),
    // There is none; `forgetting` reads one.
    ("get", "/api/v1/closed/{id}", none, [Nothing; 7], SILENT),
    ("get", "/api/v1/incidents/package", none, MANAGERS, Some(Action::ReadIncident)),
    ("get", "/api/v1/register", none, MANAGERS_AND_AUDITORS, Some(Action::ReadRegister)),
    (
        "put",
        "/api/v1/register/hosts/{host}",
        nothing_known,
        [SignIn, In, In, No, No, No, No],
        Some(Action::ChangeRegister),
    ),
    ("post", "/api/v1/register/disclosures", disclosure, MANAGERS, Some(Action::RecordDisclosure)),
    ("get", "/api/v1/policies", none, SIGNED_IN, SILENT),
    // What is wrong with it is told to whoever may publish.
    ("post", "/api/v1/policies", no_policy, [SignIn, In, In, No, No, No, No], SILENT),
    // There is none; `policies` reads and acknowledges some.
    ("get", "/api/v1/policies/{id}", none, NOBODY_YET, SILENT),
    ("post", "/api/v1/policies/{id}/acknowledgement", none, NOBODY_YET, SILENT),
    ("get", "/api/v1/data-requests", none, MANAGERS, Some(Action::ReadRequests)),
    ("post", "/api/v1/data-requests", by_address, MANAGERS, Some(Action::OpenRequest)),
    ("post", "/api/v1/data-requests/person", customer, MANAGERS, Some(Action::LookUpPerson)),
    ("get", "/api/v1/data-requests/{id}", none, MAILBOX_MANAGERS, Some(Action::ReadRequests)),
    ("patch", "/api/v1/data-requests/{id}", no_handler, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/code", none, MAILBOX_MANAGERS, Some(Action::AskIdentity)),
    // No code was mailed that anybody here could know.
    ("post", "/api/v1/data-requests/{id}/identity", guess, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/extension",
        longer,
        MAILBOX_MANAGERS,
        Some(Action::ChangeRequest),
    ),
    (
        "post",
        "/api/v1/data-requests/{id}/replies",
        letter,
        MAILBOX_MANAGERS,
        Some(Action::ReplyToRequest),
    ),
    (
        "get",
        "/api/v1/data-requests/{id}/templates",
        none,
        MAILBOX_MANAGERS,
        Some(Action::ReadRequests),
    ),
    (
        "post",
        "/api/v1/data-requests/{id}/refusal",
        why,
        MAILBOX_MANAGERS,
        Some(Action::RefuseRequest),
    ),
    ("post", "/api/v1/data-requests/{id}/completion", none, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/withdrawal",
        none,
        MAILBOX_MANAGERS,
        Some(Action::CloseRequest),
    ),
    ("put", "/api/v1/data-requests/{id}/rectification", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/restriction", nobody_named, MAILBOX_MANAGERS, SILENT),
    (
        "post",
        "/api/v1/data-requests/{id}/restriction/announcement",
        at_last,
        MAILBOX_MANAGERS,
        SILENT,
    ),
    ("delete", "/api/v1/data-requests/{id}/restriction", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/mark", none, MAILBOX_MANAGERS, SILENT),
    ("delete", "/api/v1/data-requests/{id}/mark", none, MAILBOX_MANAGERS, SILENT),
    // Of who has not shown who they are, nothing is read or handed out.
    ("get", "/api/v1/data-requests/{id}/items", none, MAILBOX_MANAGERS, SILENT),
    ("put", "/api/v1/data-requests/{id}/items/{message_id}", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/parcel", none, MAILBOX_MANAGERS, SILENT),
    ("get", "/api/v1/data-requests/{id}/erasure", none, MAILBOX_MANAGERS, SILENT),
    ("post", "/api/v1/data-requests/{id}/erasure", none, MAILBOX_MANAGERS, SILENT),
    (
        "get",
        "/api/v1/data-requests/{id}/copies",
        none,
        [SignIn, Nothing, Nothing, No, Nothing, No, No],
        SILENT,
    ),
    ("post", "/api/v1/request-links/parcel", no_link, ANYBODY, SILENT),
    ("get", "/api/v1/request-links/parcel/file", none, ANYBODY, SILENT),
    ("get", "/api/v1/authority", none, MANAGERS, SILENT),
    ("put", "/api/v1/authority", authority, MANAGERS, Some(Action::ChangeSettings)),
    ("post", "/api/v1/request-links/look", no_link, ANYBODY, SILENT),
    ("post", "/api/v1/request-links/code", no_link, ANYBODY, SILENT),
    ("post", "/api/v1/request-links/confirmation", no_link, ANYBODY, SILENT),
];

/// Nothing is there.
const NOBODY_YET: [Gets; 7] = [SignIn, Nothing, Nothing, Nothing, Nothing, Nothing, Nothing];

fn no_policy() -> Value {
    json!({ "kind": "terms", "title": "", "text": "" })
}

fn by_address() -> Value {
    json!({ "kind": "access", "address": "customer@example.net" })
}

fn no_handler() -> Value {
    json!({ "handler_id": "00000000-0000-7000-8000-000000000000" })
}

fn guess() -> Value {
    json!({ "code": "00000000" })
}

fn longer() -> Value {
    json!({ "months": 1, "reason": "Much mail." })
}

fn letter() -> Value {
    json!({ "subject": "Your request", "text": "We look into it." })
}

fn nobody_named() -> Value {
    json!({ "people": [] })
}

fn at_last() -> Value {
    json!({ "at": "2030-01-01T00:00:00Z" })
}

fn authority() -> Value {
    json!({ "name": "CNIL", "address": "Paris" })
}

fn no_link() -> Value {
    json!({ "token": "none", "code": "00000000" })
}

/// Refused for the name, after the question who asks.
fn closing() -> Value {
    json!({ "name": "another", "password": crate::support::app::PASSWORD })
}

fn no_token() -> Value {
    json!({ "token": "" })
}

fn rule() -> Value {
    json!({
        "months": 24, "then": "delete", "spam_days": 30, "trash_days": 30, "quarantine_days": 90,
    })
}

fn own_password() -> Value {
    json!({ "password": crate::support::app::PASSWORD })
}

fn why() -> Value {
    json!({ "reason": "A warranty of three years." })
}

fn no_reason() -> Value {
    json!({ "kind": "organization", "reason": "", "review_at": "2030-01-01T00:00:00Z", "people": [] })
}

fn nothing_known() -> Value {
    json!({})
}

fn disclosure() -> Value {
    json!({
        "date": "2026-03-01",
        "authority": "Police",
        "legal_basis": "Order",
        "what": "A name",
        "decided_by": "The owner",
    })
}

fn no_text() -> Value {
    json!({ "text": "" })
}

/// Refused for the password, after the question who asks.
fn haste() -> Value {
    json!({ "address": "support@bakery.example", "password": "a wrong one" })
}

fn colleague() -> Value {
    json!({ "name": "Bea", "email": "bea@bakery.example", "role": "agent" })
}

fn auditor() -> Value {
    json!({ "role": "auditor" })
}

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
        let message = insider.get("/api/v1/tickets/1").await.json()["messages"][0].clone();
        let quarantine = insider.get("/api/v1/quarantine").await.json();
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            people,
            data: Database::connect(&app.home.data_url).await.unwrap(),
            services: app.services.clone(),
            owner: (org.id, org.owner),
            mailbox: mailbox.0.to_string(),
            message: id(&message["id"]),
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
    let headers = [("origin", crate::support::app::PUBLIC_URL), ("if-match", "\"1\"")];
    let sent = (method != Method::GET).then_some(&body);
    // A sign-out would end the session of the rows that follow.
    if method == Method::DELETE && *path == "/api/v1/session" {
        browser.cookie = None;
    }
    let store = &app.home.store;
    let before = written(store, *organization).await;
    let response = browser.open(method.clone(), &filled, &headers, sent).await;
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
