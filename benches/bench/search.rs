//! How long a search takes on a large database, while mail comes in, and what its index costs.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use loket::cli::corpus::bench::corpus;
use loket::clock::{Clock as _, SystemClock};

use crate::api::percentile;
use crate::ingest::{Account, empty_home, link};
use crate::process::{Home, Server, client};
use crate::report::{Report, Target};
use crate::size;

const SEED: &str = "1";
/// Messages of each ticket, unless `BENCH_MESSAGES` says otherwise.
const MESSAGES: usize = 4;
const SEED_OF_MAILS: u64 = 5;
const MAILS_PER_SECOND: u64 = 50;
const CONNECTIONS: usize = 8;
/// Searches, after those that warm up.
const SEARCHES: usize = 1_600;
const WARM_UP: usize = 160;
/// Words that are each looked for once.
const NEW_WORDS: usize = 800;

/// As many as the page asks for while somebody types; otherwise it leaves that to the server.
const SHOWN: u64 = 5;

/// What agents look for: rare words, an order's number and a part of one, a word that is begun, two words, a phrase,
/// a common word, a word with a letter wrong, states.
const QUERIES: &[(&str, bool)] = &[
    ("stelon", false),
    ("grawen", false),
    ("2026-004711", false),
    ("0047", false),
    ("tronab", true),
    ("bestelling stegun", false),
    ("\"invoice delivery\"", false),
    ("refund is:open", false),
    ("from:customer", false),
    ("wezin sobran", false),
    ("klofen", false),
    ("rechnng", false),
    ("is:open assignee:none", false),
    ("contract before:2026-01", false),
    ("dru", true),
    ("zimun -refund", false),
];

pub(crate) async fn run(report: &mut Report, tickets: usize) {
    eprintln!("loading {tickets} tickets, to search in them");
    let account = Account::new();
    let home = empty_home(&account, &[]);
    let count = tickets.to_string();
    let each = size("BENCH_MESSAGES", MESSAGES).to_string();
    let mut load = vec!["bench", "load", "--tickets", &count, "--messages", &each];
    load.extend(["--seed", SEED, "--json"]);
    let loaded: Value = serde_json::from_str(&home.run(&load, "")).expect("JSON");
    let word = |name: &str| loaded[name].as_str().expect(name);
    let messages = loaded["messages"].as_f64().expect("a number");
    report.add("search: messages", messages, "", Target::None);

    link(&home, &account);
    let server = home.serve().await;
    let cookie = server.sign_in(word("email"), word("password")).await;
    let began = Instant::now();
    built(&server, &cookie).await;
    let rate = messages / began.elapsed().as_secs_f64();
    report.add("search: indexing", rate, "messages/s", Target::AtLeast(2_000.0));
    report.add("search: memory after indexing, peak", server.memory().0, "MB", Target::None);
    let size = folder_size(&home.path().join("search")) as f64;
    let plain = loaded["plain_bytes"].as_f64().expect("a number");
    report.add("search: index, of the plain text", size / plain, "", Target::Below(0.35));

    let new = measure_new(&server, &cookie).await;
    report.add("search, new words: searches", new.len() as f64, "", Target::None);
    report.add("search, new words: p50", percentile(&new, 50), "ms", Target::None);
    report.add("search, new words: p99", percentile(&new, 99), "ms", Target::None);
    let quiet = measure(&server, &cookie).await;
    report.add("search, quiet: p50", percentile(&quiet, 50), "ms", Target::None);
    report.add("search, quiet: p99", percentile(&quiet, 99), "ms", Target::None);
    let stop = CancellationToken::new();
    let feeding = deliver(&account, stop.clone());
    let (took, delivered) = tokio::join!(
        async {
            let took = measure(&server, &cookie).await;
            stop.cancel();
            took
        },
        feeding
    );
    report.add("search: mails that came in meanwhile", delivered, "mails/s", Target::None);
    report.add("search: p50", percentile(&took, 50), "ms", Target::Below(15.0));
    report.add("search: p99", percentile(&took, 99), "ms", Target::Below(100.0));
    report.add("search: memory, peak", server.memory().0, "MB", Target::None);
    server.stop();
    let who = (word("email"), word("password"));
    let without = memory_without(&home, who).await;
    let with = memory_with(&home, who).await;
    report.add("search: memory of a server that pages, peak", without, "MB", Target::None);
    report.add("search: memory of one that searches, peak", with, "MB", Target::None);
    report.add("search: memory for search alone", with - without, "MB", Target::Below(200.0));
    account.remove();
}

/// The most memory of a server that was just started and has no search at all: another process, this one, has the
/// folder of the indexes, so that it opens none and knows no tickets by heart. It shows as many pages of tickets as
/// the other one answers searches, by as many connections.
async fn memory_without(home: &Home, (email, password): (&str, &str)) -> f64 {
    let lock = File::options()
        .write(true)
        .open(home.path().join("search").join("lock"))
        .expect("the lock of the search folder");
    lock.try_lock().expect("nobody else has it");
    let server = home.serve().await;
    let cookie = server.sign_in(email, password).await;
    assert!(ask(&server, &cookie, "stelon", false).await.is_none(), "it searches");
    let pages = (0..CONNECTIONS).map(|_| async {
        let mut path = "/tickets?limit=25".to_owned();
        for _ in 0..(SEARCHES + WARM_UP) / CONNECTIONS {
            let page = server.get(&path, &cookie).await;
            if let Some(next) = page["next_cursor"].as_str() {
                path = format!("/tickets?limit=25&cursor={next}");
            }
        }
    });
    join_all(pages).await;
    let peak = server.memory().0;
    server.stop();
    peak
}

/// The most memory of a server that was just started and searches.
async fn memory_with(home: &Home, (email, password): (&str, &str)) -> f64 {
    let server = home.serve().await;
    let cookie = server.sign_in(email, password).await;
    built(&server, &cookie).await;
    measure(&server, &cookie).await;
    let peak = server.memory().0;
    server.stop();
    peak
}

/// Puts mail into the linked mailbox until it is told to stop; how many in a second.
async fn deliver(account: &Account, stop: CancellationToken) -> f64 {
    let mails: Vec<Vec<u8>> = corpus(SEED_OF_MAILS, 10_000, &account.address, SystemClock.now())
        .map(|mail| mail.raw)
        .collect();
    let began = Instant::now();
    let mut number = 0;
    let mut tick = tokio::time::interval(Duration::from_millis(1_000 / MAILS_PER_SECOND));
    while !stop.is_cancelled() {
        tick.tick().await;
        let Some(mail) = mails.get(number) else { break };
        account.deliver(std::iter::once(mail.clone()), number);
        number += 1;
    }
    number as f64 / began.elapsed().as_secs_f64()
}

/// Waits until everything is in the index.
pub(crate) async fn built(server: &Server, cookie: &str) {
    while !is_built(server, cookie).await {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn is_built(server: &Server, cookie: &str) -> bool {
    match ask(server, cookie, "stelon", false).await {
        Some(answer) => answer["indexing"].is_null() && answer["total"].as_u64() > Some(0),
        None => false,
    }
}

async fn ask(server: &Server, cookie: &str, query: &str, typing: bool) -> Option<Value> {
    let body = json!({ "q": query, "typing": typing });
    let sent = client()
        .post(server.at("/search"))
        .header(COOKIE, cookie)
        .header(ORIGIN, server.page())
        .json(&body)
        .send();
    let answer = sent.await.expect("an answer");
    answer.status().is_success().then_some(())?;
    answer.json().await.ok()
}

/// The same few questions time after time, as by people who type, turn pages and watch results.
async fn measure(server: &Server, cookie: &str) -> Vec<Duration> {
    let warm = WARM_UP / CONNECTIONS;
    measure_with(server, cookie, warm, SEARCHES / CONNECTIONS, |connection, number| {
        let at = (number + connection * 3) % QUERIES.len();
        let (query, typing) = QUERIES.get(at).expect("a query");
        ((*query).to_owned(), *typing)
    })
    .await
}

/// Each word once: nothing of it is known from a search before.
async fn measure_new(server: &Server, cookie: &str) -> Vec<Duration> {
    let mut words = BTreeSet::new();
    let mut page = server.get("/tickets?limit=100", cookie).await;
    while words.len() < NEW_WORDS {
        for ticket in page["items"].as_array().expect("tickets") {
            let texts = [&ticket["subject"], &ticket["snippet"]].map(|text| text.as_str());
            let all = texts
                .into_iter()
                .flatten()
                .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
            words.extend(all.filter(|word| word.len() > 3).map(str::to_lowercase));
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        page = server.get(&format!("/tickets?limit=100&cursor={next}"), cookie).await;
    }
    let words: Vec<String> = words.into_iter().take(NEW_WORDS).collect();
    let share = words.len() / CONNECTIONS;
    measure_with(server, cookie, 0, share, |connection, number| {
        (words.get(connection * share + number).expect("a word").clone(), false)
    })
    .await
}

/// How long `share` searches take on each connection, after `warm` others.
async fn measure_with(
    server: &Server,
    cookie: &str,
    warm: usize,
    share: usize,
    question: impl Fn(usize, usize) -> (String, bool),
) -> Vec<Duration> {
    let question = &question;
    let runs = (0..CONNECTIONS).map(|connection| async move {
        let http = client();
        let mut took = Vec::with_capacity(share);
        for number in 0..share + warm {
            let (query, typing) = question(connection, number);
            let began = Instant::now();
            let answer = http
                .post(server.at("/search"))
                .header(COOKIE, cookie)
                .header(ORIGIN, server.page())
                .json(&json!({ "q": query, "typing": typing, "limit": typing.then_some(SHOWN) }))
                .send()
                .await
                .expect("an answer")
                .error_for_status()
                .expect("success");
            answer.bytes().await.expect("a body");
            if number >= warm {
                took.push(began.elapsed());
            }
        }
        took
    });
    let mut took: Vec<Duration> = join_all(runs).await.into_iter().flatten().collect();
    took.sort_unstable();
    took
}

fn folder_size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder_size(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
