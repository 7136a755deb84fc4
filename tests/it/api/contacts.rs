//! Customers over HTTP: who they are, what is written down, who is blocked, and two who are one.

use axum::http::{Method, StatusCode};
use loket::domain::words::Role;
use serde_json::{Value, json};

use crate::support::app::{Answer, Browser, Org, PUBLIC_URL, TestApp};
use crate::support::db::{On, on_both};

const CONTACTS: &str = "/api/v1/contacts";

fn letter(number: i64, from: &str) -> String {
    format!(
        "From: {from}\r\nTo: support@bakery.example\r\nSubject: Letter {number}\r\n\
         Message-ID: <{number}@example.net>\r\nDate: Mon, 02 Mar 2026 08:0{number}:00 +0000\r\n\r\n\
         Hello.\r\n"
    )
}

fn answer_to(number: i64, from: &str, to: i64) -> String {
    letter(number, from)
        .replace("\r\n\r\n", &format!("\r\nIn-Reply-To: <{to}@example.net>\r\n\r\n"))
}

async fn put(browser: &mut Browser, path: &str, body: &Value) -> Answer {
    browser.send(Method::PUT, path, &[("origin", PUBLIC_URL)], Some(body)).await
}

async fn contact_of(browser: &mut Browser, ticket: i64) -> String {
    let ticket = browser.get(&format!("/api/v1/tickets/{ticket}")).await.json();
    ticket["contact"]["id"].as_str().unwrap().to_owned()
}

async fn desk(app: &TestApp) -> (Org, Browser) {
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    for (number, from) in
        [(1, "Ann <ann@example.net>"), (2, "ben@example.net"), (3, "ann@work.example")]
    {
        app.deliver(&org, mailbox, number, &letter(number, from)).await;
        app.home.advance(chrono::TimeDelta::seconds(1));
    }
    (org, app.signed_in("owner@bakery.example").await)
}

/// What a colleague writes down is there for who belongs to the mailbox, and for nobody else.
async fn what_is_written_down_is_seen_by_the_mailbox(on: On) {
    let app = TestApp::new(on).await;
    let (org, mut owner) = desk(&app).await;
    app.user(&org, Role::Agent).await;
    let id = contact_of(&mut owner, 1).await;
    let path = format!("{CONTACTS}/{id}");
    let facts = json!([
        { "kind": "phone", "label": null, "value": "+31 20 123 45 67" },
        { "kind": "company", "label": null, "value": "Bakkerij Ann" },
        { "kind": "field", "label": "Customer number", "value": "K-42" },
        { "kind": "note", "label": null, "value": "Calls back\nin the afternoon." },
    ]);
    let change = json!({ "name": "Ann de Boer", "facts": facts });
    let changed = put(&mut owner, &path, &change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    let read = owner.get(&path).await.json();
    assert_eq!((&read["name"], &read["facts"]), (&json!("Ann de Boer"), &facts));
    assert_eq!(read["identities"], json!([{ "kind": "email", "value": "ann@example.net" }]));
    // Whoever has read what was there before overwrites nothing.
    let old = json!({ "name": "Ann", "facts": [], "builds_on": { "name": null, "facts": [] } });
    assert_eq!(put(&mut owner, &path, &old).await.status, StatusCode::PRECONDITION_FAILED);
    let read = owner.get(&path).await.json();
    assert_eq!((&read["name"], &read["facts"]), (&json!("Ann de Boer"), &facts));
    let known = json!({ "name": "Ann de Boer", "facts": facts });
    let next = json!({ "name": "Ann de Boer", "facts": facts, "builds_on": known });
    assert_eq!(put(&mut owner, &path, &next).await.status, StatusCode::OK);
    let mut outside = app.signed_in("agent@bakery.example").await;
    assert_eq!(outside.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(outside.get(CONTACTS).await.json()["items"], json!([]));

    for (facts, name, field) in [
        (json!([{ "kind": "phone", "value": "" }]), "Ann", "facts"),
        (json!([{ "kind": "company", "value": "a\nb" }]), "Ann", "facts"),
        (json!([{ "kind": "field", "value": "K-42" }]), "Ann", "facts"),
        (json!([{ "kind": "note", "value": "x".repeat(10_001) }]), "Ann", "facts"),
        (json!([]), &*"n".repeat(201), "name"),
    ] {
        let refused = put(&mut owner, &path, &json!({ "name": name, "facts": facts })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{facts}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{facts}");
    }
    assert_eq!(owner.get(&path).await.json()["name"], "Ann de Boer");
}

/// The list goes on where it ended, and finds a whole address.
async fn customers_are_listed(on: On) {
    let app = TestApp::new(on).await;
    let (_, mut owner) = desk(&app).await;
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = owner.get(&format!("{CONTACTS}?limit=2{cursor}")).await.json();
        for item in page["items"].as_array().unwrap() {
            found.push(item["identities"][0]["value"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["ann@work.example", "ben@example.net", "ann@example.net"]);
    let one = owner.get(&format!("{CONTACTS}?address=BEN@example.net")).await.json();
    let ticket = owner.get("/api/v1/tickets/2").await.json();
    assert_eq!(one["items"][0]["first_seen_at"], ticket["created_at"]);
    assert_eq!(one["items"][0]["last_message_at"], ticket["last_message_at"]);
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    assert_eq!(one["items"][0]["identities"][0]["value"], "ben@example.net");
    let none = owner.get(&format!("{CONTACTS}?address=nobody@example.net")).await.json();
    assert_eq!(none["items"], json!([]));
}

/// New mail of somebody who is blocked goes to spam, and opens nothing that is closed.
async fn mail_of_who_is_blocked_goes_to_spam(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &letter(1, "ann@example.net")).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let id = contact_of(&mut owner, 1).await;
    let ticket = owner.get("/api/v1/tickets/1").await;
    let headers = [("origin", PUBLIC_URL), ("if-match", ticket.header("etag"))];
    let close = json!({ "status": "closed" });
    let closed = owner.send(Method::PATCH, "/api/v1/tickets/1", &headers, Some(&close)).await;
    assert_eq!(closed.status, StatusCode::OK);

    let path = format!("{CONTACTS}/{id}/block");
    let blocked = put(&mut owner, &path, &json!({ "blocked": true })).await;
    assert_eq!(blocked.json()["blocked_at"], json!(app.now()));
    let listed = owner.get(&format!("{CONTACTS}?blocked=true")).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    app.deliver(&org, mailbox, 2, &letter(2, "ann@example.net")).await;
    app.deliver(&org, mailbox, 3, &answer_to(3, "ann@example.net", 1)).await;
    let status = async |owner: &mut Browser, number: i64| {
        owner.get(&format!("/api/v1/tickets/{number}")).await.json()["status"].clone()
    };
    assert_eq!(status(&mut owner, 2).await, "spam");
    assert_eq!(status(&mut owner, 1).await, "closed");
    assert_eq!(owner.get("/api/v1/tickets/1").await.json()["message_count"], 2);

    put(&mut owner, &path, &json!({ "blocked": false })).await;
    app.deliver(&org, mailbox, 4, &letter(4, "ann@example.net")).await;
    assert_eq!(status(&mut owner, 3).await, "open");
}

/// Two customers who are one: one history, one profile, both addresses, and mail from each of them
/// finds the same customer.
async fn two_customers_become_one(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, &letter(1, "Ann <ann@example.net>")).await;
    app.deliver(&org, mailbox, 2, &letter(2, "ann@work.example")).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let (into, from) = (contact_of(&mut owner, 1).await, contact_of(&mut owner, 2).await);
    let fact = json!({ "kind": "company", "label": null, "value": "Work" });
    let change = json!({ "name": null, "facts": [fact] });
    assert_eq!(put(&mut owner, &format!("{CONTACTS}/{from}"), &change).await.status, 200);

    let path = format!("{CONTACTS}/{from}/merge");
    let same = owner.post(&path, &json!({ "into": from })).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let merged = owner.post(&path, &json!({ "into": into })).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
    let merged = merged.json();
    assert_eq!((&merged["name"], &merged["facts"]), (&json!("Ann"), &json!([fact])));
    let addresses: Vec<&str> = merged["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|identity| identity["value"].as_str().unwrap())
        .collect();
    assert_eq!(addresses, ["ann@example.net", "ann@work.example"]);
    assert_eq!(owner.get(&format!("{CONTACTS}/{from}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(contact_of(&mut owner, 2).await, into);
    let history = owner.get(&format!("/api/v1/tickets?contact={into}")).await.json();
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    app.deliver(&org, mailbox, 3, &letter(3, "ann@work.example")).await;
    assert_eq!(contact_of(&mut owner, 3).await, into);
    // Whom the answer goes to is as it was.
    let ticket = owner.get("/api/v1/tickets/2").await.json();
    assert_eq!(ticket["customer"]["address"], "ann@work.example");
    assert_eq!(ticket["reply_defaults"]["to"][0]["address"], "ann@work.example");
}

/// Somebody who is held, or known elsewhere, is not taken up in another.
async fn who_is_kept_is_not_merged_away(on: On) {
    let app = TestApp::new(on).await;
    let (org, mut owner) = desk(&app).await;
    let (ann, ben) = (contact_of(&mut owner, 1).await, contact_of(&mut owner, 2).await);
    let hold = json!({
        "kind": "contact", "subject_id": ann, "reason": "A case",
        "review_at": app.now() + chrono::TimeDelta::days(30), "people": [org.owner.0],
    });
    let placed = owner.post("/api/v1/holds", &hold).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{placed:?}");
    let refused = owner.post(&format!("{CONTACTS}/{ann}/merge"), &json!({ "into": ben })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["type"], "/problems/contact-kept");
    assert_eq!(contact_of(&mut owner, 1).await, ann);
    let merged = owner.post(&format!("{CONTACTS}/{ben}/merge"), &json!({ "into": ann })).await;
    assert_eq!(merged.status, StatusCode::OK, "{merged:?}");
}

on_both!(
    what_is_written_down_is_seen_by_the_mailbox,
    customers_are_listed,
    mail_of_who_is_blocked_goes_to_spam,
    two_customers_become_one,
    who_is_kept_is_not_merged_away,
);
