//! `[telemetry]`: the log and the metrics.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};
use super::problem::Findings;

/// The log.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Telemetry {
    /// For people or for machines.
    pub format: LogFormat,
    /// `info`, or filter directives such as `info,loket::imap=debug`.
    pub level: String,
    /// What opens `/metrics`.
    #[serde(with = "super::secret")]
    pub metrics_token: Option<SecretString>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { format: LogFormat::Human, level: "info".to_owned(), metrics_token: None }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    Human,
    /// A JSON object a line.
    Json,
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "format",
        Kind::Choice(&["human", "json"]),
        "`human`: a readable line; `json`: one object a line.",
    ),
    Key::new(
        "level",
        Kind::Text,
        "`error`, `warn`, `info`, `debug`, or directives such as `info,loket::imap=debug`.",
    ),
    Key::new(
        "metrics_token",
        Kind::Secret,
        "Opens `/metrics`, as `Authorization: Bearer …`. Without it: only to this machine, and only \
         while `server.public_url` is on localhost.",
    ),
];

impl Telemetry {
    pub(super) fn check(&self, findings: &mut Findings) {
        if tracing_subscriber::EnvFilter::try_new(&self.level).is_err() {
            findings.add(
                "telemetry.level",
                format!("\"{}\" is not a log level", self.level),
                "write error, warn, info or debug, or directives such as info,loket::imap=debug",
            );
        }
    }
}
