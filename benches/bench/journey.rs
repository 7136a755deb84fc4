//! How long people wait: from a delivered mail to a ticket, and from the end of the undo window
//! to the acceptance of an answer by the mailbox's server.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use loket::cli::corpus::bench::corpus;
use loket::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::api::percentile;
use crate::ingest::{Account, OWNER, PASSWORD, REST, home, imported, wait};
use crate::process::Server;
use crate::report::{Report, Target};

/// Mails that come in one by one, and answers that leave one by one.
const TIMES: usize = 20;

const SEED: u64 = 3;

/// How often the server is asked: finer than what is measured.
const LOOK: Duration = Duration::from_millis(10);

/// What takes longer will never come.
const PATIENCE: Duration = Duration::from_mins(1);

/// Short, since every answer waits for its end.
const UNDO: (&str, &str) = ("LOKET_SENDING__UNDO_SECONDS", "1");

pub(crate) async fn run(report: &mut Report) {
    let account = Account::new();
    let home = home(&account, &[UNDO]);
    let server = home.serve().await;
    let started = server.started.as_secs_f64();
    report.add("cold start, small database", started, "s", Target::Below(0.5));
    let cookie = server.sign_in(OWNER, PASSWORD).await;
    wait(&server, &cookie, |mailbox| mailbox["state"] == "active").await;
    // Now it is in IDLE.
    tokio::time::sleep(REST).await;

    let mut came = Vec::with_capacity(TIMES);
    let mails = corpus(SEED, TIMES, &account.address, SystemClock.now());
    for (number, mail) in mails.enumerate() {
        account.deliver(std::iter::once(mail.raw), number);
        let all = number as u64 + 1;
        let began = Instant::now();
        until(&server, &cookie, "/mailboxes", |list| imported(&list["items"][0]) >= all).await;
        came.push(began.elapsed());
    }
    came.sort_unstable();
    let target = Target::Below(2_000.0);
    report.add("mail to ticket, by IDLE: p50", percentile(&came, 50), "ms", Target::None);
    report.add("mail to ticket, by IDLE: p95", percentile(&came, 95), "ms", target);

    let mut left = Vec::with_capacity(TIMES);
    let list = server.get("/tickets?limit=1", &cookie).await;
    let number = list["items"][0]["number"].as_i64().expect("a ticket");
    for _ in 0..TIMES {
        left.push(answer(&server, &cookie, number, &account.address).await);
    }
    left.sort_unstable();
    let target = Target::Below(5_000.0);
    report.add("undo's end to acceptance: p50", percentile(&left, 50), "ms", Target::None);
    report.add("undo's end to acceptance: p95", percentile(&left, 95), "ms", target);
    server.stop();
    account.remove();
}

/// Answers, and tells how long after the undo window it was accepted.
async fn answer(server: &Server, cookie: &str, number: i64, to: &str) -> Duration {
    let path = format!("/tickets/{number}");
    let ticket = server.get(&path, cookie).await;
    let body = json!({
        "mode": "reply", "to": [{ "name": null, "address": to }],
        "text": "It is on its way.", "seen_version": ticket["version"],
    });
    let made = server.post(&format!("{path}/replies"), cookie, &body).await;
    let until_then = made["delivery"]["undo_until"].as_str().expect("an undo window");
    let due: DateTime<Utc> = until_then.parse().expect("a time");
    let path = format!("/messages/{}", made["id"].as_str().expect("an id"));
    until(server, cookie, &path, |message| message["delivery"]["state"] == "sent").await;
    (SystemClock.now() - due).to_std().unwrap_or_default()
}

async fn until(server: &Server, cookie: &str, path: &str, done: impl Fn(&Value) -> bool) {
    let began = Instant::now();
    loop {
        let found = server.get(path, cookie).await;
        if done(&found) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "it never came to that: {found}");
        tokio::time::sleep(LOOK).await;
    }
}
