//! History leaves a part of what a provider hands out in a day to others, and goes on tomorrow.

use chrono::{DateTime, TimeDelta, Utc};
use loket::domain::words::ImportMode;
use loket::ingest::Allowances;
use serde_json::{Value, json};

use super::compare::Read;
use super::mail;
use crate::support::db::{On, on_both};

async fn mailbox(read: &mut Read) -> Value {
    read.browser.get("/api/v1/mailboxes").await.json()["items"][0].clone()
}

/// The next day in UTC.
fn midnight(read: &Read) -> DateTime<Utc> {
    let tomorrow = read.app.services.store().now().date_naive().succ_opt().unwrap();
    tomorrow.and_hms_opt(0, 0, 0).unwrap().and_utc()
}

async fn history_waits_for_the_next_day_and_new_mail_does_not(on: On) {
    let mut read = Read::new(on, ImportMode::All).await;
    // A mail and a half is 80 % of it: two mails are over it.
    let size = mail(&read.account, "Drie").len() as u64;
    read.options.allowances = Allowances { google: None, others: Some(size * 15 / 8) };
    read.read().await;
    let found = mailbox(&mut read).await;
    let begins = midnight(&read);
    let of = |found: &Value| found["import"]["waits_until"].as_str().map(str::to_owned);
    assert_eq!(of(&found).map(|at| at.parse::<DateTime<Utc>>().unwrap()), Some(begins));
    assert_eq!((&found["state"], &found["counts"]["imported"]), (&json!("importing"), &json!(2)));
    assert_eq!((&found["import"]["read"], &found["import"]["total"]), (&json!(2), &json!(3)));

    read.rig.deliver(&read.account, "INBOX", &mail(&read.account, "Nieuw"));
    let left = begins - read.app.services.store().now();
    read.app.home.advance(left - TimeDelta::seconds(1));
    read.read().await;
    let found = mailbox(&mut read).await;
    assert_eq!((&found["state"], &found["counts"]["imported"]), (&json!("importing"), &json!(3)));

    read.app.home.advance(TimeDelta::seconds(1));
    read.read().await;
    let found = mailbox(&mut read).await;
    assert_eq!((&found["state"], &found["counts"]["imported"]), (&json!("active"), &json!(4)));
    assert_eq!(of(&found), None);
    let titles: Vec<_> = read.browser.get("/api/v1/tickets").await.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["subject"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(titles.len(), 4, "{titles:?}");
}

async fn without_a_limit_history_does_not_wait(on: On) {
    let mut read = Read::new(on, ImportMode::All).await;
    // What is Google's is not everybody's.
    read.options.allowances = Allowances { google: Some(1), others: None };
    read.read().await;
    let found = mailbox(&mut read).await;
    assert_eq!((&found["state"], &found["counts"]["imported"]), (&json!("active"), &json!(3)));
    assert_eq!(found["import"]["waits_until"], Value::Null);
}

on_both!(
    history_waits_for_the_next_day_and_new_mail_does_not,
    without_a_limit_history_does_not_wait,
);
