//! `[providers.google]` and `[providers.microsoft]`: the OAuth client of each, and its
//! endpoints where they differ from the vendor's own (tests, sovereign clouds).

use chrono::NaiveDate;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use super::key::{Key, Kind};
use super::problem::Findings;
use super::smtp::TLS;
pub use super::smtp::Tls;

/// The OAuth clients.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Providers {
    /// Google Workspace and Gmail.
    pub google: Provider,
    /// Microsoft 365 and Outlook.com.
    pub microsoft: Microsoft,
}

/// A provider's client and what differs from the vendor's own endpoints.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Provider {
    /// The OAuth client's id.
    pub client_id: Option<String>,
    /// The OAuth client's secret.
    #[serde(with = "super::secret")]
    pub client_secret: Option<SecretString>,
    /// The day on which that secret ends.
    pub secret_ends: Option<NaiveDate>,
    /// Instead of the vendor's page of consent.
    pub authorize_url: Option<Url>,
    /// Instead of the vendor's token endpoint.
    pub token_url: Option<Url>,
    /// Instead of the vendor's revocation endpoint.
    pub revoke_url: Option<Url>,
    /// Instead of the vendor's name in id tokens.
    pub issuer: Option<String>,
    /// Instead of the scopes that Loket asks for.
    pub scopes: Option<Vec<String>>,
    /// Instead of the vendor's IMAP server.
    pub imap_host: Option<String>,
    /// Instead of its port.
    pub imap_port: Option<u16>,
    /// Instead of its encryption.
    pub imap_tls: Option<Tls>,
    /// Instead of the vendor's SMTP server.
    pub smtp_host: Option<String>,
    /// Instead of its port.
    pub smtp_port: Option<u16>,
    /// Instead of its encryption.
    pub smtp_tls: Option<Tls>,
}

/// Microsoft's client, which also names a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Microsoft {
    /// `organizations`, `common`, `consumers`, or one tenant's id or domain.
    pub tenant: String,
    /// What every provider has.
    #[serde(flatten)]
    pub provider: Provider,
}

impl Default for Microsoft {
    fn default() -> Self {
        Self { tenant: "organizations".to_owned(), provider: Provider::default() }
    }
}

/// The keys of each provider.
pub const KEYS: &[Key] = &[
    Key::new("client_id", Kind::Text, "The OAuth client's id; may be set in the web page too."),
    Key::new("client_secret", Kind::Secret, "The OAuth client's secret."),
    Key::new(
        "secret_ends",
        Kind::Date,
        "The day on which that secret ends, such as `2027-03-31`; owners and admins are told 30, 7 \
         and 1 day before.",
    ),
    Key::new("authorize_url", Kind::HttpUrl, "Instead of the vendor's page of consent."),
    Key::new("token_url", Kind::HttpUrl, "Instead of the vendor's token endpoint."),
    Key::new("revoke_url", Kind::HttpUrl, "Instead of the vendor's revocation endpoint."),
    Key::new(
        "issuer",
        Kind::Text,
        "Instead of the vendor's name in id tokens; `{tenantid}` stands for any tenant's id.",
    ),
    Key::new("scopes", Kind::List, "Instead of the scopes that Loket asks for."),
    Key::new("imap_host", Kind::Text, "Instead of the vendor's IMAP server."),
    Key::new("imap_port", Kind::Integer(1, 65535), "Instead of its port."),
    Key::new("imap_tls", TLS, "Instead of its encryption."),
    Key::new("smtp_host", Kind::Text, "Instead of the vendor's SMTP server."),
    Key::new("smtp_port", Kind::Integer(1, 65535), "Instead of its port."),
    Key::new("smtp_tls", TLS, "Instead of its encryption."),
];

/// The keys that only Microsoft has.
pub const MICROSOFT_KEYS: &[Key] = &[Key::new(
    "tenant",
    Kind::Text,
    "`organizations` (work accounts), `common`, `consumers`, or one tenant's id or domain.",
)];

impl Providers {
    pub(super) fn check(&self, findings: &mut Findings) {
        for (name, provider) in [("google", &self.google), ("microsoft", &self.microsoft.provider)]
        {
            if provider.client_id.is_some() != provider.client_secret.is_some() {
                let (missing, present) = if provider.client_secret.is_none() {
                    ("client_secret", "client_id")
                } else {
                    ("client_id", "client_secret")
                };
                findings.add(
                    &format!("providers.{name}.{missing}"),
                    format!("it is missing, and providers.{name}.{present} is set"),
                    "copy both from the provider's console, or leave both out and enter them \
                     in the web page",
                );
            }
        }
        let tenant = &self.microsoft.tenant;
        if !tenant.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) {
            findings.add(
                "providers.microsoft.tenant",
                format!("\"{tenant}\" is not a tenant"),
                "write organizations, common, consumers, a tenant's id or its domain",
            );
        }
    }
}
