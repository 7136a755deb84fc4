//! Logs and metrics.
//!
//! Lines go to standard error, for people or as JSON. A line names things by id; as a last
//! defence, for what libraries log, every line passes a filter that strikes out mail addresses
//! and credentials ([`scrub`]). Metrics are recorded through the `metrics` macros and shown at
//! `/metrics` by [`Metrics::render`]. Labels carry no names, addresses or ids of people.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::LazyLock;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use regex::bytes::Regex;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::telemetry::{LogFormat, Telemetry};

/// Libraries whose `info` is noise or shows statements; the configured level goes before it.
const QUIET: &str = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,tantivy=warn,html5ever=off";

/// Upper bounds of the histograms in seconds: from a page's 1 ms to a slow sync's minute.
const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// Why logs or metrics could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The level is no filter.
    #[error("telemetry.level is not a log level")]
    Level(#[from] tracing_subscriber::filter::ParseError),
    /// Logs were set up before.
    #[error("the log is set up already")]
    Log(#[from] TryInitError),
    /// Metrics were set up before, or cannot be.
    #[error("metrics cannot be recorded")]
    Metrics(#[from] BuildError),
}

/// The names of the metrics. [`METRICS`] tells what each is.
pub mod name {
    /// Requests.
    pub const HTTP_REQUESTS: &str = "loket_http_requests_total";
    /// How long they took.
    pub const HTTP_SECONDS: &str = "loket_http_request_seconds";
    /// What became of mails.
    pub const MAILS: &str = "loket_mails_total";
    /// What became of attempts to send.
    pub const ATTEMPTS: &str = "loket_answer_attempts_total";
    /// Jobs that are due.
    pub const JOBS: &str = "loket_jobs_due";
    /// How late the oldest of them is.
    pub const JOBS_LATE: &str = "loket_jobs_oldest_due_seconds";
    /// Answers that wait for something.
    pub const OUTBOX: &str = "loket_outbox_entries";
    /// How long ago a mailbox was read.
    pub const SYNC_AGE: &str = "loket_mailbox_sync_age_seconds";
    /// Mails of a mailbox that had been missed.
    pub const MISSED: &str = "loket_mailbox_missed_mails";
    /// Purges that take longer than they may.
    pub const PURGES_LATE: &str = "loket_purges_late";
    /// Requests of people about their data that are overdue.
    pub const REQUESTS_LATE: &str = "loket_requests_late";
    /// The process's memory.
    pub const MEMORY: &str = "process_resident_memory_bytes";
}

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often, by upper bounds.
    Histogram,
}

/// Every metric: its name, kind, labels, and a sentence for operators.
pub const METRICS: &[(&str, Kind, &str, &str)] = &[
    (
        name::HTTP_REQUESTS,
        Kind::Counter,
        "`method`, `route`, `status`",
        "Requests. `route` is the template of the path, such as `/api/v1/tickets/{number}`, or `other`.",
    ),
    (
        name::HTTP_SECONDS,
        Kind::Histogram,
        "`method`, `route`",
        "How long until the answer began, in seconds.",
    ),
    (
        name::MAILS,
        Kind::Counter,
        "`result`",
        "Mails that were read: `imported`, `duplicate`, `skipped` or `quarantined`.",
    ),
    (
        name::ATTEMPTS,
        Kind::Counter,
        "`outcome`",
        "Attempts to send an answer: `sent`, `retry`, `failed`, `in_doubt` or `needs_reauthorization`.",
    ),
    (name::JOBS, Kind::Gauge, "", "Jobs that are due and that nobody works on."),
    (
        name::JOBS_LATE,
        Kind::Gauge,
        "",
        "For how long the oldest of them has been due, in seconds; 0 when there is none.",
    ),
    (
        name::OUTBOX,
        Kind::Gauge,
        "`state`",
        "Answers that have not been sent: `waiting`, `retrying`, `sending`, `needs_confirmation`, `in_doubt` or `failed`.",
    ),
    (
        name::SYNC_AGE,
        Kind::Gauge,
        "`mailbox`",
        "How long ago a mailbox in use was last read, in seconds. `mailbox` is its id.",
    ),
    (
        name::MISSED,
        Kind::Gauge,
        "`mailbox`",
        "Mails that the latest comparison with the server, once a day, found to have been missed. They were fetched then; more than 0 is worth a look at the log.",
    ),
    (
        name::PURGES_LATE,
        Kind::Gauge,
        "",
        "Deletions of disconnected mailboxes that take longer than they may. More than 0 endangers the promise of 30 days.",
    ),
    (
        name::REQUESTS_LATE,
        Kind::Gauge,
        "",
        "Requests of people about their data that are overdue. The law gives a month to answer.",
    ),
    (name::MEMORY, Kind::Gauge, "", "The process's memory, in bytes."),
];

/// Sends the process's logs to standard error.
pub fn init_logs(config: &Telemetry) -> Result<(), TelemetryError> {
    let registry = tracing_subscriber::registry().with(filter(&config.level)?);
    let layer = tracing_subscriber::fmt::layer().with_writer(Scrubbed(io::stderr));
    match config.format {
        LogFormat::Human => registry.with(layer.with_target(false)).try_init()?,
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init()?,
    }
    Ok(())
}

/// What a level of the configuration lets through.
pub fn filter(level: &str) -> Result<EnvFilter, TelemetryError> {
    Ok(EnvFilter::builder().parse(format!("{QUIET},{level}"))?)
}

/// The process's metrics.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts recording what the `metrics` macros count, for the whole process.
    pub fn install() -> Result<Self, TelemetryError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
            .install_recorder()?;
        for (name, kind, _, help) in METRICS {
            match kind {
                Kind::Counter => metrics::describe_counter!(*name, *help),
                Kind::Gauge => metrics::describe_gauge!(*name, *help),
                Kind::Histogram => metrics::describe_histogram!(*name, *help),
            }
        }
        // A rate needs a zero to grow from.
        for result in ["imported", "duplicate", "skipped", "quarantined"] {
            metrics::counter!(name::MAILS, "result" => result).absolute(0);
        }
        for outcome in ["sent", "retry", "failed", "in_doubt", "needs_reauthorization"] {
            metrics::counter!(name::ATTEMPTS, "outcome" => outcome).absolute(0);
        }
        Ok(Self(handle))
    }

    /// Everything recorded so far, in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        if let Some(bytes) = resident_memory() {
            metrics::gauge!(name::MEMORY).set(bytes);
        }
        self.0.run_upkeep();
        self.0.render()
    }
}

/// What the kernel says that the process holds in memory; only Linux does (proc(5)).
fn resident_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) * 1_024.0)
}

/// Makes writers that strike out addresses and credentials.
struct Scrubbed<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Scrubbed<M> {
    type Writer = ScrubbedWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        ScrubbedWriter(self.0.make_writer())
    }
}

/// The log writes a line at once, so that a match is never cut in two.
struct ScrubbedWriter<W>(W);

impl<W: Write> Write for ScrubbedWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&scrub(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

static PERSONAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?-u:[^\s"'<>()\[\]{},;:=\\]+@[a-z0-9._-]+|\b(?:bearer|basic|xoauth2|oauthbearer|plain) +[a-z0-9+/._~=-]{8,})"#,
    )
    .ok()
});

/// Strikes out mail addresses and credentials.
fn scrub(line: &[u8]) -> Cow<'_, [u8]> {
    match &*PERSONAL {
        Some(pattern) => pattern.replace_all(line, b"[removed]".as_slice()),
        None => Cow::Borrowed(b"[a line that could not be checked]\n"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn addresses_and_credentials_never_reach_the_log() {
        let memory = Memory::default();
        let writer = memory.clone();
        let layer =
            tracing_subscriber::fmt::layer().with_writer(Scrubbed(move || writer.clone())).json();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(sender = "Jo <jo.doe+x@mail.example.com>", "read a mail");
            tracing::info!("refused <müller@example.com>: AUTH XOAUTH2 dXNlcj1qb0BleGFtcGxl");
            tracing::info!(header = "Authorization: Bearer ya29.a0AfH6SMBx", "asked");
            tracing::info!("postgres://loket:hunter2@db/loket is away");
        });
        let log = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        for personal in ["jo.doe", "mail.example", "ller@", "dXNlcj1", "ya29", "hunter2"] {
            assert!(!log.contains(personal), "{personal} is in {log}");
        }
        assert!(log.contains("read a mail") && log.contains("is away"));
        assert_eq!(log.lines().count(), 4);
    }

    #[test]
    fn lines_without_them_stay_as_they_are() {
        let line = b"synced 3 mailboxes in 0.4 s; basic checks passed; a@ @b\n";
        assert_eq!(scrub(line), Cow::Borrowed(line));
    }

    /// Run with `UPDATE_DOCS=1` to write the table.
    #[test]
    fn operations_has_the_table_of_metrics() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (head, rest) = page.split_once("<!-- metrics -->\n").unwrap();
        let (table, tail) = rest.split_once("<!-- /metrics -->").unwrap();
        let head_row = "| metric | kind | labels | what it tells |\n|---|---|---|---|\n";
        let rows = METRICS.iter().map(|(name, kind, labels, help)| {
            let kind = format!("{kind:?}").to_lowercase();
            format!("| `{name}` | {kind} | {labels} | {help} |\n")
        });
        let right = format!("{head_row}{}", rows.collect::<String>());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let text = format!("{head}<!-- metrics -->\n{right}<!-- /metrics -->{tail}");
            std::fs::write(path, text).unwrap();
            return;
        }
        assert_eq!(table, right, "UPDATE_DOCS=1 cargo nextest run operations_has writes it");
    }

    #[test]
    fn metrics_are_shown_in_text() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let shown = Metrics(recorder.handle());
        metrics::with_local_recorder(&recorder, || {
            metrics::counter!("loket_mails_total").increment(2);
        });
        assert!(shown.render().contains("loket_mails_total 2"));
    }
}
