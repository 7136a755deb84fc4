//! What becomes of a grant at its provider, and of one that died there.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::ids::ChannelId;
use loket::domain::words::ChannelState;
use loket::service::alarm;
use loket::store::mailboxes::{self, StateChange};
use serde_json::{Value, json};

use super::{advance, disconnect, is_destroyed, owner, purges, work};
use crate::support::app::{Browser, FakeOAuth, Org, TestApp};
use crate::support::db::{On, on_both};

on_both!(
    a_grant_is_revoked_and_the_same_account_undoes_it,
    a_dead_grant_starts_the_countdown_after_two_weeks,
    an_admin_keeps_what_nobody_signs_in_to,
);

const ADDRESS: &str = "info@bakery.example";

async fn connect(
    app: &TestApp,
    browser: &mut Browser,
    id: Option<&Value>,
    account: &str,
) -> String {
    let mut body = json!({ "provider": "google", "import": { "mode": "now" } });
    if let Some(id) = id {
        body["mailbox_id"] = id.clone();
    }
    let begun = browser.post("/api/v1/mailboxes/connect", &body).await;
    assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
    let url: url::Url = begun.json()["authorize_url"].as_str().unwrap().parse().unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    app.oauth.exchanges.lock().unwrap().push_back(Ok(FakeOAuth::granted(account, app.now())));
    let back = browser.get(&format!("/oauth/callback?state={state}&code=good")).await;
    back.header("location").to_owned()
}

async fn linked(app: &TestApp) -> (Org, Browser, ChannelId) {
    let org = app.org("bakery").await;
    let mut browser = owner(app).await;
    let client = json!({ "client_id": "the-client", "client_secret": "the-secret" });
    browser.request(Method::PUT, "/api/v1/providers/google", &client).await;
    let location = connect(app, &mut browser, None, ADDRESS).await;
    let id = location.strip_prefix("/settings/mailboxes?connected=").expect(&location);
    let id = ChannelId(id.parse().unwrap());
    (org, browser, id)
}

async fn a_grant_is_revoked_and_the_same_account_undoes_it(on: On) {
    let app = TestApp::new(on).await;
    let (org, mut browser, id) = linked(&app).await;
    disconnect(&mut browser, id).await;
    assert_eq!(purges(&mut browser).await[0]["grant"], "revoking");
    app.oauth.unavailable.store(true, std::sync::atomic::Ordering::SeqCst);
    work(&app).await;
    assert_eq!(purges(&mut browser).await[0]["grant"], "revoking", "it is tried again");
    app.oauth.unavailable.store(false, std::sync::atomic::Ordering::SeqCst);
    advance(&app, TimeDelta::hours(1)).await;
    let mut browser = owner(&app).await;
    assert_eq!(purges(&mut browser).await[0]["grant"], "revoked");
    assert_eq!(*app.oauth.revoked.lock().unwrap(), ["refresh-1"]);
    assert!(mailboxes::credentials(&app.home.store, org.id, id).await.unwrap().is_none());

    let path = format!("/api/v1/mailboxes/{id}/reconnection");
    let refused = browser.post(&path, &json!({})).await;
    assert_eq!(refused.json()["type"], "/problems/needs-consent");
    let id_value = json!(id);
    let other = connect(&app, &mut browser, Some(&id_value), "other@bakery.example").await;
    assert!(other.contains("oauth_error=wrong_account"), "{other}");
    assert_eq!(purges(&mut browser).await.len(), 1);
    let anew = connect(&app, &mut browser, None, ADDRESS).await;
    assert!(anew.contains("oauth_error=mailbox_leaving"), "{anew}");
    let same = connect(&app, &mut browser, Some(&id_value), ADDRESS).await;
    assert!(same.contains("connected="), "{same}");
    assert!(purges(&mut browser).await.is_empty());
    let mailbox = &browser.get("/api/v1/mailboxes").await.json()["items"][0];
    assert_eq!(mailbox["state"], "connecting");
}

async fn needs_a_sign_in(app: &TestApp, org: &Org, id: ChannelId) {
    let tx = app.home.store.begin().await.unwrap();
    let state = ChannelState::NeedsReauthorization;
    let change = StateChange { state, code: Some("invalid_grant"), detail: None };
    mailboxes::set_state(&tx, org.id, id, &change).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_dead_grant_starts_the_countdown_after_two_weeks(on: On) {
    let app = TestApp::new(on).await;
    let (org, _, id) = linked(&app).await;
    needs_a_sign_in(&app, &org, id).await;
    app.home.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
    alarm::run(&app.services).await.unwrap();
    assert!(purges(&mut owner(&app).await).await.is_empty());
    app.home.advance(TimeDelta::seconds(1));
    alarm::run(&app.services).await.unwrap();
    let mut browser = owner(&app).await;
    let purge = purges(&mut browser).await.remove(0);
    assert_eq!(purge["cause"], "dead_grant");
    assert_eq!(purge["requested_by"], Value::Null);
    work(&app).await;
    let told: Vec<String> = {
        let sent = app.post.sent.lock().unwrap();
        sent.iter().map(|(_, raw)| String::from_utf8_lossy(raw).into_owned()).collect()
    };
    assert!(told.iter().any(|mail| mail.contains("is disconnected")), "admins are told");
    advance(&app, TimeDelta::days(14)).await;
    assert!(is_destroyed(&app, &org, id).await);
}

async fn an_admin_keeps_what_nobody_signs_in_to(on: On) {
    let app = TestApp::new(on).await;
    let (org, mut browser, id) = linked(&app).await;
    let path = format!("/api/v1/mailboxes/{id}/keep");
    let works = browser.post(&path, &json!({})).await;
    assert_eq!(works.json()["type"], "/problems/mailbox-works");
    needs_a_sign_in(&app, &org, id).await;
    let kept = browser.post(&path, &json!({})).await;
    assert_eq!(kept.json()["kept_at"], "2026-03-02T09:00:00Z", "{kept:?}");
    app.home.advance(TimeDelta::days(100));
    alarm::run(&app.services).await.unwrap();
    assert!(purges(&mut owner(&app).await).await.is_empty());
}
