//! The window ends before its time.

use chrono::TimeDelta;
use loket::domain::words::Role;
use serde_json::json;

use super::{disconnect, haste, is_destroyed, letter, owner, password, purges, work};
use crate::support::app::TestApp;
use crate::support::db::{On, on_both};

on_both!(an_only_admin_decides_alone, a_second_admin_has_to_agree, whoever_is_first_wins,);

const ADDRESS: &str = "support@bakery.example";

async fn an_only_admin_decides_alone(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    let mut browser = owner(&app).await;
    let purge = disconnect(&mut browser, id).await["purge_id"].clone();
    for (address, word, field) in [
        (ADDRESS, "a wrong password", "password"),
        ("support@bakery.exampl", password(), "address"),
    ] {
        let refused = haste(&mut browser, &purge, address, word).await;
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    work(&app).await;
    assert!(!is_destroyed(&app, &org, id).await);
    let done = haste(&mut browser, &purge, " Support@bakery.example", password()).await;
    assert_eq!(done["items"][0]["early_by"]["name"], "Owner of bakery", "{done}");
    work(&app).await;
    assert!(is_destroyed(&app, &org, id).await);
    let purge = purges(&mut browser).await.remove(0);
    assert_eq!(purge["state"], "done");
    let path = format!("/api/v1/statements/{}", purge["statement_id"].as_str().unwrap());
    let statement = browser.get(&path).await.json();
    assert_eq!(statement["statement"]["request"]["early_by"], json!(org.owner));
    assert_eq!(statement["statement"]["times"]["window_ended_at"], "2026-03-02T09:00:00Z");
}

async fn a_second_admin_has_to_agree(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let admin = app.user(&org, Role::Admin).await;
    let id = app.mailbox(&org, &[org.owner]).await;
    let mut browser = owner(&app).await;
    let purge = disconnect(&mut browser, id).await["purge_id"].clone();
    for _ in 0..2 {
        haste(&mut browser, &purge, ADDRESS, password()).await;
        work(&app).await;
        assert!(!is_destroyed(&app, &org, id).await, "asking twice is not agreeing");
    }
    let mut second = app.signed_in("admin@bakery.example").await;
    assert_eq!(purges(&mut second).await[0]["early_by"]["name"], "Owner of bakery");
    haste(&mut second, &purge, ADDRESS, password()).await;
    work(&app).await;
    assert!(is_destroyed(&app, &org, id).await);
    let purge = purges(&mut second).await.remove(0);
    let path = format!("/api/v1/statements/{}", purge["statement_id"].as_str().unwrap());
    let statement = second.get(&path).await.json();
    assert_eq!(statement["statement"]["request"]["early_confirmed_by"], json!(admin));
}

/// Two admins at the same moment, one agrees and one undoes: either everything is back, or the
/// window has ended; never half of both.
async fn whoever_is_first_wins(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Admin).await;
    let id = app.mailbox(&org, &[org.owner]).await;
    app.deliver(&org, id, 1, &letter("klant@example.net", "Taart", "a", false)).await;
    let mut browser = owner(&app).await;
    let purge = disconnect(&mut browser, id).await["purge_id"].clone();
    haste(&mut browser, &purge, ADDRESS, password()).await;
    let mut second = app.signed_in("admin@bakery.example").await;
    let path = format!("/api/v1/mailboxes/{id}/reconnection");
    let nothing = json!({});
    let (agreed, undone) = tokio::join!(
        haste(&mut second, &purge, ADDRESS, password()),
        browser.post(&path, &nothing),
    );
    app.home.advance(TimeDelta::seconds(1));
    work(&app).await;
    let destroyed = is_destroyed(&app, &org, id).await;
    assert_eq!(undone.status.is_success(), !destroyed, "{undone:?} {agreed}");
    let ticket = browser.get("/api/v1/tickets/1").await;
    assert_eq!(ticket.status.is_success(), !destroyed);
}
