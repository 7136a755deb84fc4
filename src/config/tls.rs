//! `[tls]`: whom outgoing connections trust.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};
use super::problem::Findings;

/// Whom outgoing connections trust.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tls {
    /// Certificates (PEM) trusted beside the system's.
    pub extra_ca_file: Option<PathBuf>,
}

/// The keys of this section.
pub const KEYS: &[Key] = &[Key::new(
    "extra_ca_file",
    Kind::Text,
    "A PEM file of certificates to trust beside the system's, for mail servers with a CA of \
     their own.",
)];

impl Tls {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Some(path) = &self.extra_ca_file else { return };
        let shown = path.display();
        match std::fs::read(path) {
            Ok(pem) if memchr::memmem::find(&pem, b"-----BEGIN CERTIFICATE-----").is_none() => {
                findings.add(
                    "tls.extra_ca_file",
                    format!("\"{shown}\" holds no certificate"),
                    "use a file in PEM form, with -----BEGIN CERTIFICATE-----",
                );
            }
            Ok(_) => {}
            Err(error) => findings.add(
                "tls.extra_ca_file",
                format!("\"{shown}\" cannot be read ({})", error.kind()),
                "check the path and that Loket's user may read it",
            ),
        }
    }
}
