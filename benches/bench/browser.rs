//! What an agent waits for in Chromium, on a large database.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::process::Home;
use crate::report::{Report, Target};
use crate::search;

const SEED: &str = "1";

/// Messages of the longest ticket.
const LONG: &str = "2000";

/// The figures, their units and what they are to be below.
const WANTED: &[(&str, &str, f64)] = &[
    ("initial JavaScript, gzip", "kB", 150.0),
    ("j: p95", "ms", 30.0),
    ("k: p95", "ms", 30.0),
    ("open a ticket, prefetched: p95", "ms", 50.0),
    ("open a ticket from the list: p95", "ms", 100.0),
    ("close and move on: p95", "ms", 100.0),
    ("switch the view: p95", "ms", 150.0),
    ("first results while typing: p95", "ms", 100.0),
    ("frame while scrolling: p95", "ms", 50.0),
    ("frame while scrolling a ticket of 2,000 messages: p95", "ms", 50.0),
    ("heap after 400 tickets, of before", "times", 1.1),
];

/// What Lighthouse looks at, and what it has to say at least, in percent.
const PAGES: &[&str] = &["inbox", "ticket"];
const CATEGORIES: &[&str] = &["performance", "accessibility", "best-practices"];
const LIGHTHOUSE: f64 = 95.0;

pub(crate) async fn run(report: &mut Report, tickets: usize) {
    eprintln!("loading {tickets} tickets, to work on them in a browser");
    let home = Home::new(vec![("LOKET_TELEMETRY__LEVEL", "error".to_owned())]);
    let count = tickets.to_string();
    let load = ["bench", "load", "--tickets", &count, "--long", LONG, "--seed", SEED, "--json"];
    let loaded: Value = serde_json::from_str(&home.run(&load, "")).expect("JSON");
    let word = |name: &str| loaded[name].as_str().expect(name).to_owned();
    let server = home.serve().await;
    // What is measured is a day at work, not the minutes in which the search index is built.
    let cookie = server.sign_in(&word("email"), &word("password")).await;
    search::built(&server, &cookie).await;
    let out = tempfile::NamedTempFile::new().expect("a file");
    let status = Command::new("npx")
        .args(["playwright", "test", "--config", "playwright.bench.config.ts"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend"))
        .env("LOKET_URL", server.page())
        .env("LOKET_EMAIL", word("email"))
        .env("LOKET_PASSWORD", word("password"))
        .env("LOKET_LONG_TICKET", loaded["long_ticket"].to_string())
        .env("BENCH_OUT", out.path())
        .status()
        .expect("npx");
    let text = std::fs::read_to_string(out.path()).expect("the figures");
    let figures: BTreeMap<String, f64> = serde_json::from_str(&text).unwrap_or_default();
    let mut missing = Vec::new();
    let mut add = |name: &str, unit: &'static str, target: Target| match figures.get(name) {
        Some(value) => report.add(&format!("browser: {name}"), *value, unit, target),
        None => missing.push(name.to_owned()),
    };
    for (name, unit, most) in WANTED {
        add(name, unit, Target::Below(*most));
    }
    for page in PAGES {
        for category in CATEGORIES {
            let name = format!("Lighthouse {category}, {page}");
            add(&name, "%", Target::AtLeast(LIGHTHOUSE));
        }
    }
    // What came before is told all the same.
    assert!(status.success() && missing.is_empty(), "not measured in the browser: {missing:?}");
    server.stop();
}
