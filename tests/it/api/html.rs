//! The HTML of mails that comes with their ticket, so that a page shows it at once.

use axum::http::StatusCode;
use chrono::TimeDelta;
use loket::audit::Action;
use loket::domain::ids::OrganizationId;
use loket::store::audit;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::db::{On, on_both};

on_both!(
    the_newest_messages_bring_their_html,
    a_large_mail_is_read_apart,
    what_is_no_number_is_refused,
);

fn mail(uid: i64, answers: &str, html: &str) -> String {
    format!(
        "From: Customer <customer@example.net>\r\nTo: <support@bakery.example>\r\n\
         Subject: Bread\r\nMessage-ID: <{uid}@example.net>\r\n{answers}\
         Date: Mon, 02 Mar 2026 08:0{uid}:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    )
}

/// A ticket with these mails, oldest first.
async fn ticket(app: &TestApp, mails: &[&str]) -> OrganizationId {
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    for (at, html) in mails.iter().enumerate() {
        let uid = i64::try_from(at).unwrap() + 1;
        let answers = if uid == 1 { "" } else { "In-Reply-To: <1@example.net>\r\n" };
        app.deliver(&org, mailbox, uid, &mail(uid, answers, html)).await;
        app.home.advance(TimeDelta::minutes(1));
    }
    org.id
}

fn html_of(ticket: &Value) -> Vec<Value> {
    ticket["messages"].as_array().unwrap().iter().map(|message| message["html"].clone()).collect()
}

async fn the_newest_messages_bring_their_html(on: On) {
    let app = TestApp::new(on).await;
    let second = "<p onclick=\"alert(1)\">Second <img src=\"https://tracker.example/a.gif\"></p>";
    let org =
        ticket(&app, &["<p>First</p>", second, "<p>Third</p><script>alert(1)</script>"]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;

    let bare = owner.get("/api/v1/tickets/1").await.json();
    assert_eq!(html_of(&bare), [json!(null), json!(null), json!(null)]);
    let before = audit::list(&app.home.store, org, None, 50).await.unwrap();
    let opened = owner.get("/api/v1/tickets/1?with_html=2").await.json();
    let after = audit::list(&app.home.store, org, None, 50).await.unwrap();
    assert_eq!(after.len(), before.len() + 1, "one look at the ticket is one entry");
    assert_eq!(after[0].action, Action::ReadTicket);

    let [first, second, third] = &html_of(&opened)[..] else { panic!("{opened}") };
    assert_eq!(first, &json!(null));
    for (at, html) in [(1, second), (2, third)] {
        let id = opened["messages"][at]["id"].as_str().unwrap();
        let apart = owner.get(&format!("/api/v1/messages/{id}/html")).await;
        assert_eq!(html.as_str().unwrap().as_bytes(), &apart.body[..]);
    }
    let second = second.as_str().unwrap();
    assert!(second.contains("Second") && !second.contains("onclick"), "{second}");
    assert!(!second.contains(" src="), "images from elsewhere stay away: {second}");
    assert!(!third.as_str().unwrap().contains("script"));
    // More than are sent in one go is as many as are.
    let all = owner.get("/api/v1/tickets/1?with_html=255").await.json();
    assert!(html_of(&all).iter().all(Value::is_string), "{all}");
}

async fn a_large_mail_is_read_apart(on: On) {
    let app = TestApp::new(on).await;
    let large = format!("<p>{}</p>", "large ".repeat(30_000));
    ticket(&app, &["<p>Small</p>", &large]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let opened = owner.get("/api/v1/tickets/1?with_html=9").await.json();
    let [small, large] = &html_of(&opened)[..] else { panic!("{opened}") };
    assert_eq!(large, &json!(null));
    assert_eq!(opened["messages"][1]["has_html"], true);
    assert!(small.as_str().unwrap().contains("Small"), "{small}");
}

async fn what_is_no_number_is_refused(on: On) {
    let app = TestApp::new(on).await;
    ticket(&app, &["<p>First</p>"]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    for wrong in ["-1", "300", "all"] {
        let refused = owner.get(&format!("/api/v1/tickets/1?with_html={wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
    }
}
