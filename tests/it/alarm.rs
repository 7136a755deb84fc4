//! Whom Loket tells what, and how often.

use chrono::TimeDelta;
use loket::domain::words::{ChannelState, Role};
use loket::service::alarm;
use loket::store::channels::{self, StateChange};
use loket::store::keys;

use crate::support::app::{Org, TestApp};
use crate::support::db::{On, on_both};

async fn set(app: &TestApp, org: &Org, id: loket::domain::ids::ChannelId, state: ChannelState) {
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

on_both!(owners_and_admins_are_told_once_a_day_until_it_is_well);
