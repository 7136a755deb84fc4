//! Whom Loket tells what, and how often.

use axum::http::Method;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use loket::domain::ids::{AccountId, ChannelId};
use loket::domain::words::{ChannelState, ImportMode, Provider, Role};
use loket::service::connect::{self, Callback};
use loket::service::mailboxes::Import;
use loket::service::ports::Refresh;
use loket::service::post::{self, Order};
use loket::service::{alarm, providers, sign_in, users};
use loket::store::channels::{self, StateChange};
use loket::store::keys;

use crate::support::app::{FakeOAuth, Org, TestApp};
use crate::support::db::{On, on_both};

async fn set(app: &TestApp, org: &Org, id: ChannelId, state: ChannelState) {
    let store = &app.home.store;
    let key = keys::of_channel(store, org.id, id).await.unwrap();
    let tx = store.begin().await.unwrap();
    let change = StateChange { state, code: None, detail: None };
    channels::set_state(&tx, &key, org.id, id, &change).await.unwrap();
    tx.commit().await.unwrap();
}

async fn owners_and_admins_are_told_once_a_day_until_it_is_well(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Admin).await;
    app.user(&org, Role::Agent).await;
    app.user(&org, Role::Auditor).await;
    app.org("florist").await;
    let id = app.mailbox(&org, &[org.owner]).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "all is well");
    set(&app, &org, id, ChannelState::NeedsReauthorization).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 2);
    app.home.advance(TimeDelta::hours(23));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "told within a day");
    app.home.advance(TimeDelta::hours(2));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 2);
    set(&app, &org, id, ChannelState::Active).await;
    app.home.advance(TimeDelta::hours(25));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0);
    set(&app, &org, id, ChannelState::NeedsReauthorization).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 2, "again in trouble");
}

async fn owner(app: &TestApp, org: &Org) -> AccountId {
    let users = users::list_of(&app.services, org.id).await.unwrap();
    users.iter().find(|user| user.membership_id == org.owner).unwrap().account_id
}

/// A mailbox at Google; the client's secret and the grant end then.
async fn at_google(
    app: &TestApp,
    org: &Org,
    secret_ends: Option<NaiveDate>,
    ends_at: Option<DateTime<Utc>>,
) -> ChannelId {
    let account = owner(app, org).await;
    let actor = sign_in::find_actor(&app.services, account, org.id, org.owner).await.unwrap();
    let (actor, google) = (actor.unwrap(), Provider::Google);
    let secret = Some("secret".into());
    providers::update(&app.services, &actor, google, "client", secret, None, secret_ends)
        .await
        .unwrap();
    let (import, which) =
        (Import { mode: ImportMode::Now, since: None }, connect::Which::default());
    let begun = connect::start(&app.services, &actor, google, import, which).await.unwrap();
    let url: url::Url = begun.0.parse().unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").map(|pair| pair.1.into_owned());
    let address = format!("info@{}.example", org.name);
    let granted = FakeOAuth::granted(&address, app.now());
    let granted = loket::service::ports::Granted { ends_at, ..granted };
    app.oauth.exchanges.lock().unwrap().push_back(Ok(granted));
    let callback = Callback { state, code: Some("code".into()), ..Callback::default() };
    connect::finish(&app.services, &actor, Some(begun.1), callback).await.unwrap()
}

/// What an owner is told now.
async fn told(app: &TestApp, org: &Org) -> String {
    let account = owner(app, org).await;
    let order = serde_json::json!({ "kind": "alarm", "account_id": account.0 });
    let order: Order = serde_json::from_value(order).unwrap();
    let notice = post::notice(&app.services, Some(org.id), order).await.unwrap();
    notice.map_or_else(String::new, |notice| String::from_utf8(notice.raw).unwrap())
}

async fn a_secret_that_ends_is_told_of_three_times(on: On) {
    let app = TestApp::new(on).await;
    let (org, other) = (app.org("bakery").await, app.org("florist").await);
    app.user(&org, Role::Agent).await;
    app.mailbox(&other, &[other.owner]).await;
    let day = app.now().date_naive() + Days::new(40);
    let begins = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
    at_google(&app, &org, Some(day), None).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "it is far off");
    assert_eq!(told(&app, &org).await, "");
    for (days, words) in [(30, "within 30 days"), (7, "within 7 days"), (1, "within 1 day")] {
        app.home.advance(begins - TimeDelta::days(days) - app.now() - TimeDelta::seconds(1));
        assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "before {days}");
        app.home.advance(TimeDelta::seconds(1));
        assert_eq!(alarm::run(&app.services).await.unwrap(), 1, "at {days}");
        assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "after {days}");
        let mail = told(&app, &org).await;
        let subject = format!("Subject: Loket: 1 permission to read mailboxes ends {words}");
        assert!(mail.contains(&subject), "{mail}");
        assert!(mail.contains("/settings/mailboxes") && !mail.contains("info@"), "{mail}");
    }
    // A new secret is another end.
    at_google_again(&app, &org, app.now().date_naive() + Days::new(20)).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 1);
    app.home.advance(TimeDelta::days(21));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0, "it is past");
}

/// Only the day of the secret changes.
async fn at_google_again(app: &TestApp, org: &Org, day: NaiveDate) {
    let mut browser = app.signed_in(&format!("owner@{}.example", org.name)).await;
    let body = serde_json::json!({ "client_id": "client", "secret_ends": day });
    let answer = browser.request(Method::PUT, "/api/v1/providers/google", &body).await.json();
    assert_eq!(answer["secret_ends"], day.to_string());
    let list = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(list["items"][0]["access_ends"]["what"], "client_secret");
}

async fn a_grant_that_ends_is_told_of_until_it_is_renewed(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    // As Google does while an app is being tested.
    let ends = app.now() + TimeDelta::days(7);
    let id = at_google(&app, &org, None, Some(ends)).await;
    assert_eq!(alarm::run(&app.services).await.unwrap(), 1);
    let mut browser = app.signed_in("owner@bakery.example").await;
    let list = browser.get("/api/v1/mailboxes").await.json();
    let found = &list["items"][0]["access_ends"];
    assert_eq!(found["what"], "grant");
    assert_eq!(found["at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(), ends);
    // The same end, told anew with a token.
    let renewed = |ends_at| Refresh::Refreshed {
        access_token: "access-2".into(),
        expires_at: app.now() + TimeDelta::hours(1),
        refresh_token: None,
        ends_at,
    };
    for (ends_at, expected) in [(None, ends), (Some(ends + TimeDelta::minutes(1)), ends)] {
        app.home.advance(TimeDelta::hours(1));
        app.oauth.refreshes.lock().unwrap().push_back(renewed(ends_at));
        connect::access_token(&app.services, org.id, id).await.unwrap();
        assert_eq!(alarm::run(&app.services).await.unwrap(), 0);
        let mailbox = loket::store::mailboxes::find(&app.home.store, org.id, id).await.unwrap();
        let kept = mailbox.unwrap().grant_ends_at.unwrap();
        assert!(kept - expected < TimeDelta::minutes(2), "{kept}");
    }
    assert!(told(&app, &org).await.contains("1 permission to read mailboxes ends within 7 days"));
    app.home.advance(TimeDelta::hours(1));
    app.oauth.refreshes.lock().unwrap().push_back(renewed(Some(ends + TimeDelta::days(90))));
    connect::access_token(&app.services, org.id, id).await.unwrap();
    assert_eq!(told(&app, &org).await, "");
    let list = browser.get("/api/v1/mailboxes").await.json();
    assert_eq!(list["items"][0]["access_ends"], serde_json::Value::Null);
    app.home.advance(TimeDelta::days(5));
    assert_eq!(alarm::run(&app.services).await.unwrap(), 0);
    // One that is replaced at each use, and so never ends.
    let rolling = Refresh::Refreshed {
        access_token: "access-3".into(),
        expires_at: app.now() + TimeDelta::hours(1),
        refresh_token: Some("refresh-3".into()),
        ends_at: Some(app.now() + TimeDelta::days(10)),
    };
    app.oauth.refreshes.lock().unwrap().push_back(rolling);
    connect::access_token(&app.services, org.id, id).await.unwrap();
    assert_eq!(told(&app, &org).await, "");
}

on_both!(
    owners_and_admins_are_told_once_a_day_until_it_is_well,
    a_secret_that_ends_is_told_of_three_times,
    a_grant_that_ends_is_told_of_until_it_is_renewed,
);
