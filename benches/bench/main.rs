//! `make bench`: what Loket does with a generated corpus, on real servers of this machine.
//!
//! 1. [`ingest`]: mail is put into the rig's Dovecot (tests/rig); the bare rates of FETCH and of
//!    parsing and sealing are measured; then a real `loket serve` reads the mailbox.
//! 2. [`journey`]: single mails and single answers: how long people wait.
//! 3. [`hostile`]: mails that were made to hurt, one by one: time and memory of each.
//! 4. [`api`]: `loket bench load` fills a home folder; requests are timed against its server.
//! 5. [`browser`]: an agent at work in Chromium on as many tickets: from the key to the paint.
//! 6. [`purge`]: a mailbox of 100,000 messages is deleted, while requests are timed.
//! 7. [`search`]: as many tickets, of four messages each, are indexed and searched, while mail comes in.
//! 8. [`report`]: a table, and the same as JSON, which is also in `target/bench.json`.
//!
//! `BENCH_MAILS`, `BENCH_TICKETS`, `BENCH_PURGED_TICKETS` and, for the search, `BENCH_MESSAGES` (of each ticket) change the
//! sizes; `BENCH_ONLY` names the parts to run, such as `ingest,hostile`; `RIG_JSON` names the running rig.

#![expect(clippy::indexing_slicing, reason = "a wrong answer ends the run, with its place")]
#![expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

mod api;
mod browser;
mod hostile;
mod ingest;
mod journey;
mod process;
mod purge;
mod report;
mod search;

use report::Report;

fn main() {
    // Only the first of a process can install it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut report = Report::default();
    runtime.block_on(async {
        if is_wanted("ingest") {
            ingest::run(&mut report, size("BENCH_MAILS", 10_000)).await;
        }
        if is_wanted("journey") {
            journey::run(&mut report).await;
        }
        if is_wanted("hostile") {
            hostile::run(&mut report).await;
        }
        if is_wanted("api") {
            api::run(&mut report, size("BENCH_TICKETS", 100_000)).await;
        }
        if is_wanted("browser") {
            browser::run(&mut report, size("BENCH_TICKETS", 100_000)).await;
        }
        if is_wanted("search") {
            search::run(&mut report, size("BENCH_TICKETS", 100_000)).await;
        }
        if is_wanted("purge") {
            // About seven messages each.
            purge::run(&mut report, size("BENCH_PURGED_TICKETS", 15_000)).await;
        }
    });
    report.print();
    report.write();
}

fn size(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a number"))
}

fn is_wanted(part: &str) -> bool {
    std::env::var("BENCH_ONLY").map_or(true, |only| only.split(',').any(|name| name == part))
}
