//! `[security]`: what Loket may reach.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};

/// What Loket may reach.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Security {
    /// Allows mail servers on private and loopback addresses.
    pub allow_private_mail_hosts: bool,
    /// Folders inside which an admin may link a Maildir from the web.
    pub maildir_folders: Vec<PathBuf>,
}

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "allow_private_mail_hosts",
        Kind::Boolean,
        "Allows mail servers on private and loopback addresses, which are refused otherwise so \
         that nobody can use Loket to reach into your network.",
    ),
    Key::new(
        "maildir_folders",
        Kind::List,
        "Folders inside which an admin may link a Maildir from the web. Without any, a Maildir \
         is linked at the command line only.",
    ),
];
