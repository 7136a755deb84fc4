//! How long requests take on a large database.

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::header::COOKIE;
use serde_json::Value;

use crate::process::{Home, Server, client};
use crate::report::{Report, Target};

const SEED: &str = "1";
/// Requests of each kind, after those that warm up.
const REQUESTS: usize = 2_000;
const WARM_UP: usize = 100;
/// Tickets of ten messages that are opened by turns.
const TICKETS: usize = 50;

const REST: Duration = Duration::from_secs(5);

pub(crate) async fn run(report: &mut Report, tickets: usize) {
    eprintln!("loading {tickets} tickets");
    let home = Home::new(vec![("LOKET_TELEMETRY__LEVEL", "error".to_owned())]);
    let began = Instant::now();
    let count = tickets.to_string();
    let load = ["bench", "load", "--tickets", &count, "--seed", SEED, "--json"];
    let loaded: Value = serde_json::from_str(&home.run(&load, "")).expect("JSON");
    let rate = tickets as f64 / began.elapsed().as_secs_f64();
    report.add("bench load", rate, "tickets/s", Target::None);
    let word = |name: &str| loaded[name].as_str().expect(name);

    let server = home.serve().await;
    let started = server.started.as_secs_f64();
    report.add("cold start, loaded database", started, "s", Target::Below(0.5));
    tokio::time::sleep(REST).await;
    report.add("idle, loaded database: memory", server.memory().1, "MB", Target::Below(60.0));
    let cookie = server.sign_in(word("email"), word("password")).await;
    let list = vec!["/tickets?status=open&limit=50".to_owned()];
    let conversations = conversations(&server, &cookie).await;
    for (name, paths) in [("list of 50", &list), ("ticket with 10 messages", &conversations)] {
        for connections in [1, 8] {
            let mut took = measure(&server, &cookie, paths, connections).await;
            took.sort_unstable();
            let target = match (name, connections) {
                ("list of 50", 8) => Target::Below(20.0),
                _ => Target::None,
            };
            let name = format!("{name}, {connections} connections");
            report.add(&format!("{name}: p50"), percentile(&took, 50), "ms", Target::None);
            report.add(&format!("{name}: p99"), percentile(&took, 99), "ms", target);
        }
    }
    report.add("after the requests: peak memory", server.memory().0, "MB", Target::None);
    server.stop();
}

/// Paths of tickets that have ten messages.
async fn conversations(server: &Server, cookie: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = "/tickets?status=closed&limit=100".to_owned();
    while found.len() < TICKETS {
        let page = server.get(&path, cookie).await;
        for ticket in page["items"].as_array().expect("tickets") {
            if ticket["message_count"] == 10 {
                found.push(format!("/tickets/{}", ticket["number"]));
            }
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/tickets?status=closed&limit=100&cursor={cursor}");
    }
    assert!(!found.is_empty(), "no ticket has ten messages: load more");
    found
}

/// Each connection sends one request after the other.
async fn measure(
    server: &Server,
    cookie: &str,
    paths: &[String],
    connections: usize,
) -> Vec<Duration> {
    let share = REQUESTS / connections;
    let runs = (0..connections).map(|connection| async move {
        let http = client();
        let mut took = Vec::with_capacity(share);
        for number in 0..share + WARM_UP / connections {
            let path = paths.get((number + connection * 7) % paths.len()).expect("a path");
            let began = Instant::now();
            let answer = http.get(server.at(path)).header(COOKIE, cookie).send().await;
            let answer = answer.expect("an answer").error_for_status().expect("success");
            answer.bytes().await.expect("a body");
            if number >= WARM_UP / connections {
                took.push(began.elapsed());
            }
        }
        took
    });
    join_all(runs).await.into_iter().flatten().collect()
}

/// In milliseconds; `sorted` is.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, Duration::as_secs_f64) * 1000.0
}
