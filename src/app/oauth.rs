//! Google and Microsoft behind the port of the use cases.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use super::providers::Endpoints;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::net::{Net, NetError};
use crate::oauth::{self, OAuth, OAuthError, Pending, ProviderSettings};
use crate::service::ports::{Begun, Granted, OAuthClient, OAuthFailure, OAuthPort, Refresh};

/// Talks to the providers.
#[derive(Debug)]
pub(super) struct Providers {
    oauth: OAuth,
    endpoints: Endpoints,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Providers {
    pub(super) fn new(
        net: &Net,
        endpoints: Endpoints,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, NetError> {
        Ok(Self { oauth: OAuth::new(net)?, endpoints, clock, ids })
    }

    fn settings(&self, client: &OAuthClient) -> Result<ProviderSettings, OAuthFailure> {
        self.endpoints
            .settings(
                client.provider,
                &client.client_id,
                client.client_secret.clone(),
                client.tenant.as_deref(),
            )
            .map_err(|_| OAuthFailure::Settings)
    }
}

#[async_trait]
impl OAuthPort for Providers {
    fn begin(&self, client: &OAuthClient, login_hint: Option<&str>) -> Result<Begun, OAuthFailure> {
        let settings = self.settings(client)?;
        let (url, pending) = self
            .oauth
            .begin(&settings, &client.redirect_uri, login_hint, self.ids.as_ref())
            .map_err(|error| failure(&error))?;
        Ok(Begun {
            authorize_url: url.into(),
            state: pending.state().to_owned(),
            pending: serde_json::to_value(&pending).map_err(|_| OAuthFailure::Settings)?,
        })
    }

    fn admin_consent_url(&self, client: &OAuthClient) -> Option<String> {
        self.settings(client).ok()?.admin_consent_url(&client.redirect_uri).map(String::from)
    }

    async fn exchange(
        &self,
        client: &OAuthClient,
        pending: &serde_json::Value,
        code: &str,
    ) -> Result<Granted, OAuthFailure> {
        let settings = self.settings(client)?;
        let pending: Pending =
            serde_json::from_value(pending.clone()).map_err(|_| OAuthFailure::Unusable)?;
        let grant = self
            .oauth
            .exchange(&settings, &pending, code, self.clock.as_ref())
            .await
            .map_err(|error| failure(&error))?;
        Ok(Granted {
            access_token: grant.access_token,
            expires_at: grant.expires_at,
            refresh_token: grant.refresh_token,
            address: grant.address,
            subject: grant.subject,
            scopes: grant.granted_scopes,
            ends_at: grant.ends_at,
        })
    }

    async fn refresh(&self, client: &OAuthClient, refresh_token: &SecretString) -> Refresh {
        let Ok(settings) = self.settings(client) else {
            return Refresh::ClientRefused { code: "settings_invalid".to_owned() };
        };
        match self.oauth.refresh(&settings, refresh_token, self.clock.as_ref()).await {
            oauth::Refresh::Refreshed(tokens) => Refresh::Refreshed {
                access_token: tokens.access_token,
                expires_at: tokens.expires_at,
                refresh_token: tokens.refresh_token,
                ends_at: tokens.ends_at,
            },
            oauth::Refresh::Dead { code, .. } => Refresh::Dead { code },
            oauth::Refresh::ClientRefused { code, .. } => Refresh::ClientRefused { code },
            oauth::Refresh::Later { retry_after, .. } => Refresh::Later { retry_after },
        }
    }

    async fn revoke(
        &self,
        client: &OAuthClient,
        token: &SecretString,
    ) -> Result<bool, OAuthFailure> {
        let settings = self.settings(client)?;
        self.oauth.revoke(&settings, token).await.map_err(|error| failure(&error))
    }
}

fn failure(error: &OAuthError) -> OAuthFailure {
    match error {
        OAuthError::Settings(_) => OAuthFailure::Settings,
        OAuthError::MailScopeMissing { .. } => OAuthFailure::MailScopeMissing,
        OAuthError::Unavailable { .. } => OAuthFailure::Unavailable,
        OAuthError::Refused { .. } => OAuthFailure::Refused,
        _ => OAuthFailure::Unusable,
    }
}
