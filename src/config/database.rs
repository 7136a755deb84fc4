//! `[database]`: where the data and, apart from it, the keyring live.

use std::path::PathBuf;

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
        "`postgres://…` or `sqlite:PATH`, where a relative path starts at the home folder. Without \
         it (and without `DATABASE_URL`): SQLite, `loket.db` in the data folder.",
    ),
    Key::new(
        "keyring_url",
        Kind::DatabaseUrl,
        "The keyring's own database, on another PostgreSQL cluster than the data, or \
         `sqlite:PATH`. Without it: SQLite, `keyring.db` in the keys folder.",
    ),
    Key::new(
        "allow_same_cluster",
        Kind::Boolean,
        "Accepts a keyring on the data's own cluster: then a backup of the cluster holds keys \
         and mail together.",
    ),
    Key::new(
        "max_connections",
        Kind::Integer(2, 1000),
        "Connections to each PostgreSQL database, at most.",
    ),
];

impl Database {
    /// The address of the PostgreSQL database that the data is in; nothing when it is in a file.
    #[must_use]
    pub fn on_postgres(&self) -> Option<&SecretString> {
        self.url.as_ref().filter(|url| file(url.expose_secret()).is_none())
    }

    /// As [`Self::on_postgres`], of the keyring.
    #[must_use]
    pub fn keyring_on_postgres(&self) -> Option<&SecretString> {
        self.keyring_url.as_ref().filter(|url| file(url.expose_secret()).is_none())
    }

    /// The SQLite file that is configured for the data, as it is written.
    pub(super) fn sqlite(&self) -> Option<PathBuf> {
        self.url.as_ref().and_then(|url| file(url.expose_secret()))
    }

    /// As [`Self::sqlite`], for the keyring.
    pub(super) fn keyring_sqlite(&self) -> Option<PathBuf> {
        self.keyring_url.as_ref().and_then(|url| file(url.expose_secret()))
    }

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

/// The file that `sqlite:PATH` or `sqlite://PATH` names; nothing when it is no such address.
fn file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// Whether an address of SQLite names a file and nothing more.
pub(super) fn names_a_file(url: &str) -> bool {
    file(url).is_some_and(|path| {
        path.file_name().is_some() && !url.contains('?') && !url.ends_with(":memory:")
    })
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
