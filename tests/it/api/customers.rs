//! Whose ticket it is, and which ticket a mail belongs to: what people put right by hand.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::ChannelId;
use loket::domain::words::Role;
use serde_json::{Value, json};

use crate::support::app::{Browser, Org, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    the_customer_is_put_right,
    a_forward_becomes_the_forwarded_senders,
    a_possibly_related_mail_is_attached,
    all_who_are_said_to_have_sent_a_mail_are_named,
);

async fn bakery(app: &TestApp) -> (Org, ChannelId, Browser) {
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner, agent]).await;
    let browser = app.signed_in("agent@bakery.example").await;
    (org, mailbox, browser)
}

fn mail(from: &str, id: &str, more: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: support@bakery.example\r\nSubject: Bread\r\nMessage-ID: <{id}>\r\n\
         {more}\r\n{text}\r\n"
    )
}

async fn put_customer(browser: &mut Browser, number: i64, body: &Value) -> Value {
    let path = format!("/api/v1/tickets/{number}/customer");
    let answer = browser.request(Method::PUT, &path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

async fn the_customer_is_put_right(on: On) {
    let app = TestApp::new(on).await;
    let (org, mailbox, mut browser) = bakery(&app).await;
    app.deliver(&org, mailbox, 1, &mail("jo@example.net", "a@x", "", "Where is it?")).await;
    let body = json!({ "address": "sam@example.net", "name": "Sam" });
    let summary = put_customer(&mut browser, 1, &body).await;
    assert_eq!(summary["customer"], json!({ "address": "sam@example.net", "name": "Sam" }));
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(ticket["customer"]["address"], "sam@example.net");
    assert_eq!(ticket["contact"]["identities"][0]["value"], "sam@example.net");
    assert_eq!(ticket["messages"][0]["from"]["address"], "jo@example.net", "as it was written");
    assert_eq!(ticket["reply_defaults"]["to"][0]["address"], "sam@example.net");
    // Who was made the customer takes part from now on.
    let answer = mail("sam@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "It was me");
    app.deliver(&org, mailbox, 2, &answer).await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let texts = ticket["messages"].as_array().unwrap().iter().filter(|m| m["kind"] == "inbound");
    assert_eq!(texts.count(), 2);
    let path = "/api/v1/tickets/1/customer";
    let wrong = browser.request(Method::PUT, path, &json!({ "address": "nobody" })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
}

async fn a_forward_becomes_the_forwarded_senders(on: On) {
    let app = TestApp::new(on).await;
    let (org, mailbox, mut browser) = bakery(&app).await;
    let text = "See below.\r\n\r\n---------- Forwarded message ---------\r\n\
                From: Sam <sam@example.net>\r\nSubject: Bread\r\n\r\nWhere is it?";
    app.deliver(&org, mailbox, 1, &mail("agent@bakery.example", "a@x", "", text)).await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    assert_eq!(message["flags"], json!(["forwarded"]));
    assert_eq!(message["forwarded_from"]["address"], "sam@example.net");
    assert_eq!(ticket["customer"]["address"], "agent@bakery.example");
    let body = json!({ "forwarded_message_id": message["id"] });
    let summary = put_customer(&mut browser, 1, &body).await;
    assert_eq!(summary["customer"], json!({ "address": "sam@example.net", "name": "Sam" }));
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let to = &ticket["reply_defaults"]["to"];
    assert_eq!(to[0]["address"], "sam@example.net", "{to}");
}

async fn all_who_are_said_to_have_sent_a_mail_are_named(on: On) {
    let app = TestApp::new(on).await;
    let (org, mailbox, mut browser) = bakery(&app).await;
    let from = "Sam <sam@example.net>, jo@example.net\r\nFrom: kim@example.net";
    app.deliver(&org, mailbox, 1, &mail(from, "a@x", "", "Where is it?")).await;
    let ticket = browser.get("/api/v1/tickets/1").await.json();
    let message = &ticket["messages"][0];
    assert_eq!(message["flags"], json!(["two_from"]));
    assert_eq!(message["from"]["address"], "sam@example.net");
    let others = message["other_from"].as_array().unwrap();
    let others: Vec<&Value> = others.iter().map(|person| &person["address"]).collect();
    assert_eq!(others, ["jo@example.net", "kim@example.net"]);
}

async fn a_possibly_related_mail_is_attached(on: On) {
    let app = TestApp::new(on).await;
    let (org, mailbox, mut browser) = bakery(&app).await;
    app.deliver(&org, mailbox, 1, &mail("jo@example.net", "a@x", "", "Where is it?")).await;
    app.home.advance(TimeDelta::minutes(1));
    let other = mail("sam@example.net", "b@x", "In-Reply-To: <a@x>\r\n", "It came");
    app.deliver(&org, mailbox, 2, &other).await;
    let second = browser.get("/api/v1/tickets/2").await.json();
    assert_eq!(second["messages"][0]["flags"], json!(["possibly_related"]));
    assert_eq!(second["related"][0]["number"], 1);

    let none = json!({});
    let answer = browser.post("/api/v1/tickets/2/attach", &none).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!((&answer.json()["number"], &answer.json()["message_count"]), (&1.into(), &2.into()));
    let first = browser.get("/api/v1/tickets/1").await.json();
    let mails: Vec<&Value> =
        first["messages"].as_array().unwrap().iter().filter(|m| m["kind"] == "inbound").collect();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1]["from"]["address"], "sam@example.net");
    assert_eq!(mails[1]["flags"], json!(["from_stranger"]));
    let list = browser.get("/api/v1/tickets?status=all").await.json();
    let numbers: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|t| &t["number"]).collect();
    assert_eq!(numbers, [&json!(1)], "what went up in another is not listed");
    let again = browser.post("/api/v1/tickets/2/attach", &none).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
    let unrelated = browser.post("/api/v1/tickets/1/attach", &none).await;
    assert_eq!(unrelated.status, StatusCode::CONFLICT, "{unrelated:?}");

    // Both go on in the one ticket: who answers either mail takes part.
    for (uid, from, answered) in [(3, "sam@example.net", "b@x"), (4, "jo@example.net", "a@x")] {
        let more = format!("In-Reply-To: <{answered}>\r\n");
        app.deliver(&org, mailbox, uid, &mail(from, &format!("{uid}@x"), &more, "Thanks")).await;
    }
    let first = browser.get("/api/v1/tickets/1").await.json();
    assert_eq!(first["message_count"], 4);
    let original = format!("/api/v1/messages/{}/original", mails[1]["id"].as_str().unwrap());
    assert_eq!(browser.get(&original).await.status, StatusCode::OK);
}
