//! Mailboxes: linking, changing, and who belongs to them.

use axum::http::{Method, StatusCode};
use loket::domain::words::{CheckCode, Role};
use loket::service::ports::CheckStep;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::db::{On, on_both};

fn imap() -> Value {
    json!({
        "provider": "imap",
        "address": "info@bakery.example",
        "display_name": "Bakery",
        "imap": { "host": "imap.bakery.example", "port": 993, "tls": "implicit" },
        "smtp": { "host": "smtp.bakery.example", "port": 587, "tls": "starttls" },
        "user_name": "info",
        "password": "the mailbox's own",
        "import": { "mode": "since", "since": "2026-01-01T00:00:00Z" },
    })
}

async fn a_mailbox_is_linked_when_its_connection_works(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let step = CheckStep {
        name: "imap_login",
        ok: false,
        code: CheckCode::SignInRefused,
        values: [("host", "imap.bakery.example".to_owned())].into(),
        message: "The server refused user name or password.".to_owned(),
    };
    *app.mail.fails.lock().unwrap() = Some(step);
    let mut unnamed = imap();
    unnamed["display_name"] = json!("");
    let tested = browser.post("/api/v1/mailboxes/test", &unnamed).await.json();
    assert_eq!(tested["ok"], false);
    assert_eq!(tested["steps"][1]["name"], "imap_login");
    assert_eq!(tested["steps"][1]["code"], "sign_in_refused");
    assert_eq!(tested["steps"][1]["values"], json!({ "host": "imap.bakery.example" }));
    let refused = browser.post("/api/v1/mailboxes", &imap()).await;
    assert_eq!(refused.status, StatusCode::FAILED_DEPENDENCY);
    assert_eq!(refused.json()["detail"], "The server refused user name or password.");
    assert_eq!(browser.get("/api/v1/mailboxes").await.json()["items"], json!([]));
    *app.mail.fails.lock().unwrap() = None;
    let made = browser.post("/api/v1/mailboxes", &imap()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let made = made.json();
    assert_eq!(made["state"], "connecting");
    assert_eq!(made["members"][0]["name"], "Owner of bakery");
    assert_eq!(made["import"]["since"], "2026-01-01T00:00:00Z");
    assert!(!made.to_string().contains("the mailbox's own"));
    let again = browser.post("/api/v1/mailboxes", &imap()).await;
    assert_eq!(again.json()["type"], "/problems/already-linked");
}

async fn what_was_entered_is_checked(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    for (pointer, value, field) in [
        ("/address", json!("nobody"), "address"),
        ("/display_name", json!("  "), "display_name"),
        ("/imap/host", json!("http://imap"), "imap"),
        ("/smtp", Value::Null, "smtp"),
        ("/password", json!(""), "password"),
        ("/import/since", Value::Null, "import.since"),
    ] {
        let mut body = imap();
        *body.pointer_mut(pointer).unwrap() = value;
        let refused = browser.post("/api/v1/mailboxes", &body).await;
        assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
    }
}

async fn an_admin_names_no_folder_and_no_program_of_the_machine(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({
        "provider": "maildir",
        "address": "info@bakery.example",
        "display_name": "Bakery",
        "path": "/var/mail/bakery",
        "deliver": { "kind": "folder", "path": "/var/mail/answers" },
    });
    for (pointer, value, field) in [
        ("/path", json!("/root/mail"), "path"),
        ("/path", json!("/var/mail/../../root"), "path"),
        ("/deliver/path", json!("/etc/cron.d"), "deliver.path"),
        ("/deliver", json!({ "kind": "sendmail", "command": "/bin/sh" }), "deliver.command"),
    ] {
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        for path in ["/api/v1/mailboxes", "/api/v1/mailboxes/test"] {
            let refused = browser.post(path, &body).await;
            assert_eq!(refused.json()["errors"][0]["field"], field, "{refused:?}");
        }
    }
    let made = browser.post("/api/v1/mailboxes", &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
}

async fn a_mailbox_is_changed_paused_and_resumed(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let id = browser.post("/api/v1/mailboxes", &imap()).await.json()["id"].clone();
    let path = format!("/api/v1/mailboxes/{}", id.as_str().unwrap());
    let body = json!({ "display_name": "The bakery", "signature": "Wil", "language": "nl" });
    let changed = browser.edit(Method::PATCH, &path, &body).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    let changed = changed.json();
    assert_eq!(changed["display_name"], "The bakery");
    assert_eq!(changed["signature"], "Wil");
    assert_eq!(changed["language"], "nl");
    let paused = browser.edit(Method::PATCH, &path, &json!({ "state": "paused" })).await;
    assert_eq!(paused.json()["state"], "paused");
    let resumed = browser.edit(Method::PATCH, &path, &json!({ "state": "active" })).await;
    assert_eq!(resumed.json()["state"], "connecting");
    let cleared = browser.edit(Method::PATCH, &path, &json!({ "signature": "" })).await;
    assert_eq!(cleared.json()["signature"], "");
    let synced = browser.post(&format!("{path}/sync"), &json!({})).await;
    assert_eq!(synced.status, StatusCode::ACCEPTED);
}

async fn members_see_their_mailboxes_and_no_others(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let agent = app.user(&org, Role::Agent).await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut worker = app.signed_in("agent@bakery.example").await;
    assert_eq!(worker.get("/api/v1/mailboxes").await.json()["items"], json!([]));
    let path = format!("/api/v1/mailboxes/{mailbox}/members");
    let body = json!({ "membership_ids": [agent.0] });
    let refused = worker.edit(Method::PUT, &path, &body).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = owner.edit(Method::PUT, &path, &body).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    let seen = worker.get("/api/v1/mailboxes").await.json();
    assert_eq!(seen["items"][0]["id"], mailbox.0.to_string());
    let stranger = json!({ "membership_ids": [mailbox.0] });
    let refused = owner.edit(Method::PUT, &path, &stranger).await;
    assert_eq!(refused.json()["errors"][0]["field"], "membership_ids");
}

async fn it_is_told_why_mail_was_left_out(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let mailbox = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, mailbox, 1, crate::support::app::MAIL).await;
    let report = |id: &str| {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered Mail\r\n\
             Message-ID: <{id}@mx.example.net>\r\nX-Failed-Recipients: jo@example.net\r\n\r\n\
             could not be delivered\r\n"
        )
    };
    for (uid, raw) in
        [(2, report("one")), (3, report("two")), (4, crate::support::app::MAIL.to_owned())]
    {
        app.take_in(&org, mailbox, uid, &raw).await;
    }
    let mut browser = app.signed_in("owner@bakery.example").await;
    let counts = browser.get("/api/v1/mailboxes").await.json()["items"][0]["counts"].clone();
    let why = json!([
        { "reason": "bounce_unmatched", "count": 2 },
        { "reason": "same_content", "count": 1 },
    ]);
    assert_eq!(
        counts,
        json!({ "imported": 1, "skipped": 3, "quarantined": 0, "skipped_why": why })
    );
}

on_both!(
    it_is_told_why_mail_was_left_out,
    a_mailbox_is_linked_when_its_connection_works,
    what_was_entered_is_checked,
    an_admin_names_no_folder_and_no_program_of_the_machine,
    a_mailbox_is_changed_paused_and_resumed,
    members_see_their_mailboxes_and_no_others,
);
