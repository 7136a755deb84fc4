//! `[database]`: where the data and, apart from it, the keyring live.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::key::{Key, Kind};
use super::problem::Findings;

/// Where the data and the keyring live.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// `postgres://…` or `sqlite:PATH`; without it SQLite in the data folder.
    #[serde(with = "super::secret")]
    pub url: Option<SecretString>,
    /// The keyring's own database; without it SQLite in the keys folder.
    #[serde(with = "super::secret")]
    pub keyring_url: Option<SecretString>,
    /// Accepts a keyring in the same PostgreSQL cluster as the data.
    pub allow_same_cluster: bool,
    /// Connections to PostgreSQL at most.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, keyring_url: None, allow_same_cluster: false, max_connections: 16 }
    }
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "url",
        Kind::DatabaseUrl,
        "`postgres://…` or `sqlite:PATH`. Without it (and without `DATABASE_URL`): SQLite, \
         `loket.db` in the data folder.",
    ),
    Key::new(
        "keyring_url",
        Kind::DatabaseUrl,
        "The keyring's own database, on another PostgreSQL cluster than the data. Without it: \
         SQLite, `keyring.db` in the keys folder.",
    ),
    Key::new(
        "allow_same_cluster",
        Kind::Boolean,
        "Accepts a keyring on the data's own cluster: then a backup of the cluster holds keys \
         and mail together.",
    ),
    Key::new("max_connections", Kind::Integer(2, 1000), "Connections to PostgreSQL at most."),
];

impl Database {
    pub(super) fn check(&self, findings: &mut Findings) {
        let (Some(data), Some(keyring)) = (&self.url, &self.keyring_url) else { return };
        if same_server(data.expose_secret(), keyring.expose_secret()) && !self.allow_same_cluster {
            findings.add(
                "database.keyring_url",
                "it points to the server that holds the data, so that one backup would hold \
                 both keys and mail",
                "give the keyring a PostgreSQL cluster of its own, leave the key out to keep \
                 the keyring in the keys folder, or set database.allow_same_cluster",
            );
        }
    }
}

/// Whether two addresses name the same server by name; `loket serve` compares the clusters'
/// `system_identifier` too.
fn same_server(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) if one.has_host() && other.has_host() => {
            one.host() == other.host() && one.port().unwrap_or(5432) == other.port().unwrap_or(5432)
        }
        _ => one == other,
    }
}
