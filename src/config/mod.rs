//! The only reader of environment and files; one validated section per file.
//!
//! In order: [`load::load`] reads `loket.toml` in the home folder (`load.rs`) and the
//! environment (`environment.rs`), looks each value up in the table of keys (`table.rs`,
//! `key.rs`), takes out what is unknown or does not fit, fills a [`Config`], lets each section
//! check what its values mean together, and reports every problem at once (`problem.rs`).
//! [`Home`] makes the folders.
//!
//! To add a setting: a field, its default and a [`key::Key`] in its section's file. A test
//! fails when one of them is missing, or when the table in README.md is behind.

pub mod backup;
pub mod blobs;
pub mod database;
pub mod environment;
pub mod home;
pub mod key;
pub mod limits;
pub mod load;
pub mod paths;
pub mod privacy;
pub mod problem;
pub mod providers;
mod secret;
pub mod security;
pub mod sending;
pub mod server;
pub mod show;
pub mod smtp;
pub mod sync;
pub mod table;
pub mod telemetry;
pub mod tls;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use home::{Home, HomeError};
pub use load::{Loaded, load, load_alone, load_from};
pub use problem::{Findings, Problem, Problems};

/// Everything that can be configured, with its default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Where everything that is kept on disk lives.
    #[serde(skip)]
    pub home: Home,
    /// Where Loket listens and how it is reached.
    pub server: server::Server,
    /// Where the data and the keyring live.
    pub database: database::Database,
    /// Folders other than those in the home folder.
    pub paths: paths::Paths,
    /// Where sealed mail over 64 KiB is kept.
    pub blobs: blobs::Blobs,
    /// How Loket sends its own mail.
    pub smtp: smtp::Smtp,
    /// The OAuth clients.
    pub providers: providers::Providers,
    /// How mailboxes are watched.
    pub sync: sync::Sync,
    /// When an answer leaves.
    pub sending: sending::Sending,
    /// What one mail, upload or answer may weigh.
    pub limits: limits::Limits,
    /// Whom outgoing connections trust.
    pub tls: tls::Tls,
    /// The log.
    pub telemetry: telemetry::Telemetry,
    /// What Loket may reach.
    pub security: security::Security,
    /// How long what is disconnected can still come back.
    pub privacy: privacy::Privacy,
    /// Where backups go and how long they stay.
    pub backup: backup::Backup,
}

impl Config {
    /// What the values mean together.
    fn check(&self, findings: &mut Findings) {
        self.home.check(findings);
        self.server.check(findings);
        self.database.check(findings);
        self.blobs.check(findings);
        self.smtp.check(findings);
        self.providers.check(findings);
        self.tls.check(findings);
        self.telemetry.check(findings);
        self.privacy.check(findings);
        self.backup.check(&self.home, findings);
    }
}
