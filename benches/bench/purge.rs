//! Deleting a mailbox: how fast it goes, and what others notice meanwhile.

use std::time::{Duration, Instant};

use reqwest::header::COOKIE;
use serde_json::{Value, json};

use crate::api::percentile;
use crate::process::{Home, Server, client};
use crate::report::{Report, Target};

const SEED: &str = "1";
/// Requests before it begins.
const REQUESTS: usize = 1_000;
/// After so many requests it is asked whether the purge has ended.
const LOOK: usize = 20;

pub(crate) async fn run(report: &mut Report, tickets: usize) {
    eprintln!("loading {tickets} tickets, to delete them");
    let home = Home::new(vec![
        ("LOKET_TELEMETRY__LEVEL", "error".to_owned()),
        // It begins at once.
        ("LOKET_PRIVACY__UNDO_DAYS", "0".to_owned()),
    ]);
    let count = tickets.to_string();
    let load = ["bench", "load", "--tickets", &count, "--seed", SEED, "--json"];
    let loaded: Value = serde_json::from_str(&home.run(&load, "")).expect("JSON");
    let messages = loaded["messages"].as_f64().expect("messages");
    let word = |name: &str| loaded[name].as_str().expect(name);
    let owner = word("email").replacen("agent", "owner", 1);

    let server = home.serve().await;
    let cookie = server.sign_in(&owner, word("password")).await;
    let mut before = Vec::with_capacity(REQUESTS);
    let http = client();
    for _ in 0..REQUESTS {
        before.push(ask(&server, &http, &cookie).await);
    }
    let mailboxes = server.get("/mailboxes", &cookie).await;
    let id = mailboxes["items"][0]["id"].as_str().expect("a mailbox");
    let began = Instant::now();
    server.post(&format!("/mailboxes/{id}/disconnection"), &cookie, &json!({})).await;
    let mut during = Vec::new();
    loop {
        for _ in 0..LOOK {
            during.push(ask(&server, &http, &cookie).await);
        }
        let purges = server.get("/purges", &cookie).await;
        if purges["items"][0]["state"] == "done" {
            break;
        }
    }
    let took = began.elapsed().as_secs_f64();
    report.add("purge: messages", messages, "", Target::None);
    report.add("purge: messages/s", messages / took, "messages/s", Target::AtLeast(5_000.0));
    before.sort_unstable();
    during.sort_unstable();
    let (quiet, busy) = (percentile(&before, 99), percentile(&during, 99));
    report.add("list of users, before: p99", quiet, "ms", Target::None);
    report.add("list of users, during a purge: p99", busy, "ms", Target::None);
    report.add("p99 during a purge of p99 before", busy / quiet, "times", Target::Below(2.0));
    server.stop();
}

async fn ask(server: &Server, http: &reqwest::Client, cookie: &str) -> Duration {
    let began = Instant::now();
    let answer = http.get(server.at("/users")).header(COOKIE, cookie).send().await;
    let answer = answer.expect("an answer").error_for_status().expect("success");
    answer.bytes().await.expect("a body");
    began.elapsed()
}
