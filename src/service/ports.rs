//! What the use cases need of the network, as traits. `app` puts the real ones behind them; a
//! test puts a fake there. None is ever called inside a transaction.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;

use super::outgoing::{Envelope, SendOutcome};
use crate::domain::words::{CheckCode, Provider};
use crate::store::mailboxes::{Credentials, MailboxSettings};

/// The ports together.
#[derive(Debug, Clone)]
pub struct Ports {
    /// Tries connections to mail servers.
    pub mail: Arc<dyn MailConnector>,
    /// Talks to Google and Microsoft.
    pub oauth: Arc<dyn OAuthPort>,
    /// Tells the supervisor of a mailbox to look for mail now.
    pub wake: Arc<dyn Waker>,
    /// Sends Loket's own mail.
    pub post: Arc<dyn Post>,
    /// Fetches images that mail names.
    pub images: Arc<dyn ImagePort>,
    /// OAuth clients from the configuration.
    pub clients: Vec<ConfiguredClient>,
}

/// A mailbox to try.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Where it lives.
    pub provider: Provider,
    /// Its address.
    pub address: &'a str,
    /// How it is reached.
    pub settings: &'a MailboxSettings,
    /// What opens it.
    pub credentials: Option<&'a Credentials>,
}

/// A step of a connection test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckStep {
    /// A stable word: `resolve`, `connect`, `tls`, `imap_login`, `imap_folders`, `smtp_login`,
    /// `read`, `deliver`.
    pub name: &'static str,
    /// Whether it succeeded.
    pub ok: bool,
    /// What happened, for a page that says it in its reader's language.
    pub code: CheckCode,
    /// What that sentence names: `host`, `port`, `count`, `path`, and as `said` the server's words.
    pub values: BTreeMap<&'static str, String>,
    /// What happened and, when it failed, what to do, in words that an admin understands.
    pub message: String,
}

impl CheckStep {
    /// Adds what the step's sentence names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(name, value.into());
        self
    }
}

/// Tries connections to mail servers and folders.
#[async_trait]
pub trait MailConnector: Send + Sync + Debug {
    /// The steps, in order; the first that fails is the last. Stores and sends nothing.
    async fn check(&self, target: Target<'_>) -> Vec<CheckStep>;
}

/// An image from elsewhere.
#[derive(Debug, Clone)]
pub struct RemoteImage {
    /// Its type, as found in its bytes.
    pub content_type: &'static str,
    /// The image.
    pub bytes: bytes::Bytes,
}

/// Hands Loket's own mail to the server that the configuration names.
#[async_trait]
pub trait Post: Send + Sync + Debug {
    /// Sends the mail to all recipients or to none.
    async fn send(&self, envelope: &Envelope, raw: &[u8]) -> SendOutcome;
}

/// Fetches images that mail names, guarded against internal addresses.
#[async_trait]
pub trait ImagePort: Send + Sync + Debug {
    /// The image; `None` when it cannot be had or is none.
    async fn fetch(&self, url: &str) -> Option<RemoteImage>;
}

/// Tells supervisors to look for mail.
pub trait Waker: Send + Sync + Debug {
    /// Looks now. Does nothing when the mailbox has no supervisor in this instance.
    fn wake(&self, channel: crate::domain::ids::ChannelId);
}

/// An OAuth client from the configuration.
#[derive(Debug, Clone)]
pub struct ConfiguredClient {
    /// Whose.
    pub provider: Provider,
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// The day on which its secret ends.
    pub secret_ends: Option<NaiveDate>,
}

/// The client that a request is made with.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// Google or Microsoft.
    pub provider: Provider,
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}

/// The beginning of a consent.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Where to send the browser.
    pub authorize_url: String,
    /// What the browser must bring back.
    pub state: String,
    /// What the exchange needs (PKCE verifier, nonce): a document of the port's own.
    pub pending: serde_json::Value,
}

/// What a provider granted.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Opens the mailbox.
    pub access_token: SecretString,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Gets the next access token.
    pub refresh_token: SecretString,
    /// The account's address, from the `id_token`.
    pub address: String,
    /// The account's permanent id at the provider.
    pub subject: String,
    /// What was consented to.
    pub scopes: Vec<String>,
    /// When the refresh token ends, if the provider tells.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Why a consent came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OAuthFailure {
    /// Access to mail was not granted.
    MailScopeMissing,
    /// The provider refused the code or the client.
    Refused,
    /// It gave no refresh token, or an answer that cannot be used.
    Unusable,
    /// It cannot be reached now.
    Unavailable,
    /// Client or endpoints are not set up rightly.
    Settings,
}

/// What became of a refresh.
#[derive(Debug)]
pub enum Refresh {
    /// A new access token; a new refresh token replaces the old.
    Refreshed {
        /// Opens the mailbox.
        access_token: SecretString,
        /// Until when.
        expires_at: DateTime<Utc>,
        /// The new one, if there is one.
        refresh_token: Option<SecretString>,
        /// When the refresh token ends, if the provider tells.
        ends_at: Option<DateTime<Utc>>,
    },
    /// The grant is dead: somebody has to consent again. The provider's error code.
    Dead {
        /// Such as `invalid_grant`.
        code: String,
    },
    /// The provider refuses our client, not the grant.
    ClientRefused {
        /// Such as `invalid_client`.
        code: String,
    },
    /// Try later.
    Later {
        /// Not before.
        retry_after: Option<Duration>,
    },
}

/// Talks to Google and Microsoft.
#[async_trait]
pub trait OAuthPort: Send + Sync + Debug {
    /// Where to send the browser. `login_hint` preselects an account.
    fn begin(&self, client: &OAuthClient, login_hint: Option<&str>) -> Result<Begun, OAuthFailure>;

    /// Where an administrator consents for everybody, if the provider has such a page.
    fn admin_consent_url(&self, client: &OAuthClient) -> Option<String>;

    /// Exchanges the code that the browser brought back; the state was compared before.
    async fn exchange(
        &self,
        client: &OAuthClient,
        pending: &serde_json::Value,
        code: &str,
    ) -> Result<Granted, OAuthFailure>;

    /// Gets a new access token.
    async fn refresh(&self, client: &OAuthClient, refresh_token: &SecretString) -> Refresh;

    /// Ends the grant; `Ok(false)` where the provider has no way to.
    async fn revoke(
        &self,
        client: &OAuthClient,
        token: &SecretString,
    ) -> Result<bool, OAuthFailure>;
}
