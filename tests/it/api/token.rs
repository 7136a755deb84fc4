//! Access tokens: one refresher at a time, and what a dead grant does.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use loket::domain::ids::ChannelId;
use loket::domain::words::{ChannelState, ImportMode, Provider};
use loket::service::connect::{self, Callback, TokenError, access_token};
use loket::service::mailboxes::Import;
use loket::service::ports::Refresh;
use loket::service::{providers, sign_in};
use loket::store::mailboxes;
use secrecy::ExposeSecret as _;

use crate::support::app::{FakeOAuth, Org, TestApp};
use crate::support::db::{On, on_both};

async fn connected(app: &TestApp, org: &Org) -> ChannelId {
    let users = loket::service::users::list_of(&app.services, org.id).await.unwrap();
    let account = users[0].account_id;
    let actor = sign_in::find_actor(&app.services, account, org.id, org.owner).await.unwrap();
    let actor = actor.unwrap();
    let secret = Some("secret".into());
    providers::update(&app.services, &actor, Provider::Google, "client", secret, None, None)
        .await
        .unwrap();
    let import = Import { mode: ImportMode::Now, since: None };
    let (url, pending) =
        connect::start(&app.services, &actor, Provider::Google, import, connect::Which::default())
            .await
            .unwrap();
    let url: url::Url = url.parse().unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").map(|pair| pair.1.into_owned());
    let granted = FakeOAuth::granted("info@bakery.example", app.now());
    app.oauth.exchanges.lock().unwrap().push_back(Ok(granted));
    let callback = Callback { state, code: Some("code".into()), ..Callback::default() };
    connect::finish(&app.services, &actor, Some(pending), callback).await.unwrap()
}

fn renewed(app: &TestApp) -> Refresh {
    Refresh::Refreshed {
        access_token: "access-2".into(),
        expires_at: app.now() + TimeDelta::hours(2),
        refresh_token: Some("refresh-2".into()),
        ends_at: None,
    }
}

async fn many_ask_and_one_refreshes(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = connected(&app, &org).await;
    app.home.advance(TimeDelta::minutes(58));
    app.oauth.refreshes.lock().unwrap().push_back(renewed(&app));
    let asks = (0..8).map(|_| access_token(&app.services, org.id, id));
    for token in futures::future::join_all(asks).await {
        assert_eq!(token.unwrap().expose_secret(), "access-2");
    }
    assert_eq!(app.oauth.refreshed.load(Ordering::SeqCst), 1);
    let kept = mailboxes::credentials(&app.home.store, org.id, id).await.unwrap();
    let Some(mailboxes::Credentials::OAuth(grant)) = kept else { panic!("no grant") };
    assert_eq!(grant.refresh_token.expose_secret(), "refresh-2");
}

async fn a_dead_grant_asks_for_consent_and_harms_nobody_else(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = connected(&app, &org).await;
    let other = app.mailbox(&org, &[org.owner]).await;
    app.home.advance(TimeDelta::hours(2));
    let dead = Refresh::Dead { code: "invalid_grant".to_owned() };
    app.oauth.refreshes.lock().unwrap().push_back(dead);
    let refused = access_token(&app.services, org.id, id).await;
    assert!(matches!(refused, Err(TokenError::NeedsReauthorization)), "{refused:?}");
    let mailbox = mailboxes::find(&app.home.store, org.id, id).await.unwrap().unwrap();
    assert_eq!(mailbox.state, ChannelState::NeedsReauthorization);
    assert_eq!(mailbox.state_code.as_deref(), Some("invalid_grant"));
    let active = mailboxes::list_active(&app.home.store).await.unwrap();
    assert_eq!(active.iter().map(|a| a.channel_id).collect::<Vec<_>>(), [other]);
}

async fn a_provider_that_is_down_changes_nothing(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = connected(&app, &org).await;
    app.home.advance(TimeDelta::hours(2));
    app.oauth.refreshes.lock().unwrap().push_back(Refresh::Later { retry_after: None });
    let later = access_token(&app.services, org.id, id).await;
    assert!(matches!(later, Err(TokenError::Later { .. })), "{later:?}");
    let mailbox = mailboxes::find(&app.home.store, org.id, id).await.unwrap().unwrap();
    assert_eq!(mailbox.state, ChannelState::Connecting);
    // The lease was given back: the next one refreshes at once.
    app.oauth.refreshes.lock().unwrap().push_back(renewed(&app));
    let token = access_token(&app.services, org.id, id).await.unwrap();
    assert_eq!(token.expose_secret(), "access-2");
}

async fn a_refresher_that_died_is_replaced(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let id = connected(&app, &org).await;
    let store = &app.home.store;
    let lease = std::time::Duration::from_secs(90);
    assert!(mailboxes::try_refresh_lease(store, org.id, id, lease).await.unwrap());
    assert!(!mailboxes::try_refresh_lease(store, org.id, id, lease).await.unwrap());
    app.home.advance(TimeDelta::seconds(91));
    assert!(mailboxes::try_refresh_lease(store, org.id, id, lease).await.unwrap());
}

on_both!(
    many_ask_and_one_refreshes,
    a_dead_grant_asks_for_consent_and_harms_nobody_else,
    a_provider_that_is_down_changes_nothing,
    a_refresher_that_died_is_replaced,
);
