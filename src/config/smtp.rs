//! `[smtp]`: how Loket sends its own mail (invitations, resets, alarms), never answers.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::key::{Key, Kind};
use super::problem::Findings;

/// How Loket sends its own mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Smtp {
    /// The server; without it, system mail needs a chosen mailbox.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// The user to sign in as.
    pub user_name: Option<String>,
    /// Their password.
    #[serde(with = "super::secret")]
    pub password: Option<SecretString>,
    /// The address that system mail comes from.
    pub from: Option<String>,
    /// Instead of a server: the linked mailbox that system mail leaves by.
    pub mailbox: Option<String>,
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: None,
            port: 465,
            tls: Tls::Implicit,
            user_name: None,
            password: None,
            from: None,
            mailbox: None,
        }
    }
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS, which must succeed.
    Starttls,
}

/// The words for [`Tls`].
pub const TLS: Kind = Kind::Choice(&["implicit", "starttls"]);

/// The keys of this section.
pub const KEYS: &[Key] = &[
    Key::new(
        "host",
        Kind::Text,
        "Server for Loket's own mail: alarms to admins, such as a mailbox that needs a new sign-in. Without it and `smtp.mailbox` Loket sends none.",
    ),
    Key::new("port", Kind::Integer(1, 65535), "Its port."),
    Key::new("tls", TLS, "`implicit` (usually port 465) or `starttls` (usually 587)."),
    Key::new("user_name", Kind::Text, "The user to sign in as."),
    Key::new("password", Kind::Secret, "Their password."),
    Key::new("from", Kind::Text, "The address that Loket's own mail comes from."),
    Key::new(
        "mailbox",
        Kind::Text,
        "Instead of a server: the address of a linked mailbox that Loket's own mail leaves by.",
    ),
];

impl Smtp {
    pub(super) fn check(&self, findings: &mut Findings) {
        if self.host.is_some() && self.from.is_none() {
            findings.add(
                "smtp.from",
                "it is missing, and smtp.host is set",
                "write the address that Loket's own mail comes from",
            );
        }
        if self.mailbox.as_deref().is_some_and(|address| !is_address(address)) {
            findings.add(
                "smtp.mailbox",
                "it is not a mail address",
                "write the address of a linked mailbox",
            );
        }
        if self.mailbox.is_some() && self.host.is_some() {
            findings.add(
                "smtp.mailbox",
                "smtp.host is set too",
                "choose one of them: a server, or a linked mailbox",
            );
        }
        if self.from.as_deref().is_some_and(|from| !is_address(from)) {
            findings.add(
                "smtp.from",
                "it is not a mail address",
                "write an address such as loket@example.com",
            );
        }
        if self.user_name.is_some() != self.password.is_some() {
            let (missing, present) = if self.password.is_none() {
                ("smtp.password", "smtp.user_name")
            } else {
                ("smtp.user_name", "smtp.password")
            };
            findings.add(
                missing,
                format!("it is missing, and {present} is set"),
                "give both, or neither for a server that asks for no sign-in",
            );
        }
    }
}

fn is_address(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
