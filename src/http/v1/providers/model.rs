//! OAuth clients as the browser sees them. The secret goes in and never comes out.

use chrono::NaiveDate;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::providers::{ClientView, Source};

/// The OAuth client of a provider.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderClient {
    /// Its id.
    pub client_id: Option<String>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// The day on which its secret ends, if somebody has said.
    pub secret_ends: Option<NaiveDate>,
    /// Whether mailboxes can be connected.
    pub configured: bool,
    /// Where it comes from.
    pub source: Option<ProviderSource>,
    /// What to enter at the provider as the redirect URI.
    pub redirect_uri: String,
    /// Microsoft: the page on which an administrator of the tenant consents for everybody.
    pub admin_consent_url: Option<String>,
}

/// Where an OAuth client comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderSource {
    /// The configuration of the server. It cannot be changed in the browser.
    Config,
    /// An admin entered it.
    Admin,
}

/// An OAuth client.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProviderRequest {
    /// Its id.
    pub client_id: String,
    /// Its secret; the one that is there stays when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub client_secret: Option<SecretString>,
    /// Microsoft's tenant; `organizations` unless given.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The day on which its secret ends: people are told before.
    #[serde(default)]
    pub secret_ends: Option<NaiveDate>,
}

impl From<ClientView> for ProviderClient {
    fn from(view: ClientView) -> Self {
        Self {
            client_id: view.client_id,
            tenant: view.tenant,
            secret_ends: view.secret_ends,
            configured: view.source.is_some(),
            source: view.source.map(|source| match source {
                Source::Config => ProviderSource::Config,
                Source::Admin => ProviderSource::Admin,
            }),
            redirect_uri: view.redirect_uri,
            admin_consent_url: view.admin_consent_url,
        }
    }
}
