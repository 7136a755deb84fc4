//! Linking a mailbox by consent: what the provider's page may bring back.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use loket::domain::words::CheckCode;
use loket::service::ports::{CheckStep, Granted, OAuthFailure};
use loket::service::sync::{self, Server};
use serde_json::{Value, json};

use crate::support::app::{Browser, FakeOAuth, TestApp};
use crate::support::db::{On, on_both};

const ADDRESS: &str = "info@bakery.example";

/// An owner whose organization has Google's client.
async fn ready(app: &TestApp) -> Browser {
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({ "client_id": "the-client", "client_secret": "the-secret" });
    let set = browser.request(Method::PUT, "/api/v1/providers/google", &body).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    assert!(!set.json().to_string().contains("the-secret"));
    browser
}

/// Begins; returns the state.
async fn begin(browser: &mut Browser, mailbox_id: Option<&Value>) -> String {
    let mut body = json!({ "provider": "google", "import": { "mode": "now" } });
    if let Some(id) = mailbox_id {
        body["mailbox_id"] = id.clone();
    }
    let begun = browser.post("/api/v1/mailboxes/connect", &body).await;
    assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
    let url: url::Url = begun.json()["authorize_url"].as_str().unwrap().parse().unwrap();
    assert!(url.query_pairs().any(|pair| pair == ("client_id".into(), "the-client".into())));
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

fn grants(app: &TestApp, granted: Result<Granted, OAuthFailure>) {
    app.oauth.exchanges.lock().unwrap().push_back(granted);
}

/// Comes back; returns where the browser ends.
async fn back(browser: &mut Browser, query: &str) -> String {
    let answer = browser.get(&format!("/oauth/callback?{query}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    answer.header("location").to_owned()
}

async fn connected(app: &TestApp, browser: &mut Browser) -> Value {
    let state = begin(browser, None).await;
    grants(app, Ok(FakeOAuth::granted(ADDRESS, app.now())));
    let location = back(browser, &format!("state={state}&code=good")).await;
    let id = location.strip_prefix("/settings/mailboxes?connected=").expect(&location);
    Value::from(id)
}

async fn consent_links_the_mailbox(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    let id = connected(&app, &mut browser).await;
    let all = browser.get("/api/v1/mailboxes").await.json();
    let mailbox = &all["items"][0];
    assert_eq!(mailbox["id"], id);
    assert_eq!(mailbox["address"], ADDRESS);
    assert_eq!(mailbox["provider"], "google");
    assert_eq!(mailbox["members"][0]["name"], "Owner of bakery");
    let token = loket::service::connect::access_token(
        &app.services,
        loket::domain::ids::OrganizationId(org_of(&mut browser).await),
        loket::domain::ids::ChannelId(id.as_str().unwrap().parse().unwrap()),
    );
    assert_eq!(secrecy::ExposeSecret::expose_secret(&token.await.unwrap()), "access-1");
}

async fn org_of(browser: &mut Browser) -> uuid::Uuid {
    let session = browser.get("/api/v1/session").await.json();
    session["organization"]["id"].as_str().unwrap().parse().unwrap()
}

async fn without_a_client_it_does_not_begin(on: On) {
    let app = TestApp::new(on).await;
    app.org("bakery").await;
    let mut browser = app.signed_in("owner@bakery.example").await;
    let body = json!({ "provider": "microsoft" });
    let refused = browser.post("/api/v1/mailboxes/connect", &body).await;
    assert_eq!(refused.json()["type"], "/problems/provider-not-configured");
    let view = browser.get("/api/v1/providers/microsoft").await.json();
    assert_eq!(view["configured"], false);
    assert_eq!(view["redirect_uri"], "https://loket.example/oauth/callback");
}

async fn a_callback_that_did_not_begin_here_links_nothing(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    let invalid = "/settings/mailboxes?oauth_error=invalid_state";
    // Nothing was begun.
    assert_eq!(back(&mut browser, "state=state-0&code=x").await, invalid);
    // Another state; after that the right one is used up.
    let state = begin(&mut browser, None).await;
    assert_eq!(back(&mut browser, "state=guess&code=x").await, invalid);
    assert_eq!(back(&mut browser, &format!("state={state}&code=x")).await, invalid);
    // Too late.
    let state = begin(&mut browser, None).await;
    app.home.advance(TimeDelta::minutes(11));
    assert_eq!(back(&mut browser, &format!("state={state}&code=x")).await, invalid);
    // Another person's browser.
    let state = begin(&mut browser, None).await;
    app.org("florist").await;
    let mut other = app.signed_in("owner@florist.example").await;
    assert_eq!(back(&mut other, &format!("state={state}&code=x")).await, invalid);
    let mut nobody = app.browser();
    assert_eq!(back(&mut nobody, &format!("state={state}&code=x")).await, invalid);
    assert_eq!(browser.get("/api/v1/mailboxes").await.json()["items"], json!([]));
}

async fn what_the_provider_refuses_has_its_own_word(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    for (error, code) in [
        ("access_denied", "access_denied"),
        ("admin_consent_required", "admin_consent_required"),
        ("temporarily_unavailable", "provider_unavailable"),
        ("invalid_scope", "exchange_failed"),
    ] {
        let state = begin(&mut browser, None).await;
        let location = back(&mut browser, &format!("state={state}&error={error}")).await;
        assert_eq!(location, format!("/settings/mailboxes?oauth_error={code}"));
    }
    for (failure, code) in [
        (OAuthFailure::MailScopeMissing, "missing_scope"),
        (OAuthFailure::Refused, "exchange_failed"),
        (OAuthFailure::Unavailable, "provider_unavailable"),
        (OAuthFailure::Settings, "not_configured"),
    ] {
        let state = begin(&mut browser, None).await;
        grants(&app, Err(failure));
        let location = back(&mut browser, &format!("state={state}&code=x")).await;
        assert_eq!(location, format!("/settings/mailboxes?oauth_error={code}"));
    }
    assert_eq!(browser.get("/api/v1/mailboxes").await.json()["items"], json!([]));
}

async fn a_mailbox_that_its_servers_refuse_is_not_linked(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    for (name, code) in [
        ("imap_login", "imap_refused"),
        ("imap_folders", "imap_refused"),
        ("smtp_login", "smtp_refused"),
        ("connect", "server_unreachable"),
    ] {
        let step = CheckStep {
            name,
            ok: false,
            code: CheckCode::SignInRefused,
            values: BTreeMap::new(),
            message: "No.".to_owned(),
        };
        *app.mail.fails.lock().unwrap() = Some(step);
        let state = begin(&mut browser, None).await;
        grants(&app, Ok(FakeOAuth::granted(ADDRESS, app.now())));
        let location = back(&mut browser, &format!("state={state}&code=x")).await;
        assert_eq!(location, format!("/settings/mailboxes?oauth_error={code}"));
    }
    assert_eq!(browser.get("/api/v1/mailboxes").await.json()["items"], json!([]));
    *app.mail.fails.lock().unwrap() = None;
    connected(&app, &mut browser).await;
}

async fn the_same_address_in_other_hands_takes_over_nothing(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    connected(&app, &mut browser).await;
    let state = begin(&mut browser, None).await;
    let granted = FakeOAuth::granted(ADDRESS, app.now());
    grants(&app, Ok(Granted { subject: "somebody else".to_owned(), ..granted }));
    let location = back(&mut browser, &format!("state={state}&code=x")).await;
    assert_eq!(location, "/settings/mailboxes?oauth_error=wrong_account");
}

async fn a_shared_mailbox_is_read_as_itself_and_sends_as_its_delegate(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    let client = json!({ "client_id": "ms-client", "client_secret": "the-secret" });
    browser.request(Method::PUT, "/api/v1/providers/microsoft", &client).await;
    let body = json!({ "provider": "google", "shared_address": "info@bakery.example" });
    let refused = browser.post("/api/v1/mailboxes/connect", &body).await;
    assert_eq!(refused.json()["errors"][0]["field"], "shared_address");
    let body = json!({ "provider": "microsoft", "shared_address": "info@bakery.example" });
    let begun = browser.post("/api/v1/mailboxes/connect", &body).await;
    let url: url::Url = begun.json()["authorize_url"].as_str().unwrap().parse().unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    grants(&app, Ok(FakeOAuth::granted("anna@bakery.example", app.now())));
    let location = back(&mut browser, &format!("state={state}&code=good")).await;
    let id = location.strip_prefix("/settings/mailboxes?connected=").expect(&location);
    let all = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(all["items"][0]["address"], "info@bakery.example");
    let organization = loket::domain::ids::OrganizationId(org_of(&mut browser).await);
    let channel = loket::domain::ids::ChannelId(id.parse().unwrap());
    for (server, user) in
        [(Server::Imap, "info@bakery.example"), (Server::Smtp, "anna@bakery.example")]
    {
        let sign_in = sync::sign_in(&app.services, organization, channel, server).await.unwrap();
        assert_eq!(sign_in.user, user);
    }
}

async fn an_administrators_consent_has_a_page_and_ends_well(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    let client = json!({ "client_id": "ms-client", "client_secret": "the-secret" });
    browser.request(Method::PUT, "/api/v1/providers/microsoft", &client).await;
    let view = browser.get("/api/v1/providers/microsoft").await.json();
    assert_eq!(view["admin_consent_url"], "https://provider.example/adminconsent");
    let view = browser.get("/api/v1/providers/google").await.json();
    assert_eq!(view["admin_consent_url"], Value::Null);
    // The administrator need not be a user here.
    let mut nobody = app.browser();
    let location = back(&mut nobody, "admin_consent=True&tenant=t").await;
    assert_eq!(location, "/settings/mailboxes?admin_consented=1");
    let location = back(&mut nobody, "admin_consent=True&error=access_denied").await;
    assert_eq!(location, "/settings/mailboxes?oauth_error=invalid_state");
}

async fn reconnecting_takes_the_same_account_only(on: On) {
    let app = TestApp::new(on).await;
    let mut browser = ready(&app).await;
    let id = connected(&app, &mut browser).await;
    let state = begin(&mut browser, Some(&id)).await;
    grants(&app, Ok(FakeOAuth::granted("other@bakery.example", app.now())));
    let location = back(&mut browser, &format!("state={state}&code=x")).await;
    assert_eq!(location, "/settings/mailboxes?oauth_error=wrong_account");
    // The same address in somebody else's hands is another account.
    let state = begin(&mut browser, Some(&id)).await;
    let granted = FakeOAuth::granted(ADDRESS, app.now());
    grants(&app, Ok(Granted { subject: "somebody else".to_owned(), ..granted }));
    let location = back(&mut browser, &format!("state={state}&code=x")).await;
    assert_eq!(location, "/settings/mailboxes?oauth_error=wrong_account");
    let state = begin(&mut browser, Some(&id)).await;
    grants(&app, Ok(FakeOAuth::granted(ADDRESS, app.now())));
    let location = back(&mut browser, &format!("state={state}&code=x")).await;
    assert_eq!(location, format!("/settings/mailboxes?connected={}", id.as_str().unwrap()));
    let all = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}

on_both!(
    consent_links_the_mailbox,
    without_a_client_it_does_not_begin,
    a_callback_that_did_not_begin_here_links_nothing,
    what_the_provider_refuses_has_its_own_word,
    a_mailbox_that_its_servers_refuse_is_not_linked,
    the_same_address_in_other_hands_takes_over_nothing,
    a_shared_mailbox_is_read_as_itself_and_sends_as_its_delegate,
    an_administrators_consent_has_a_page_and_ends_well,
    reconnecting_takes_the_same_account_only,
);
