//! Access tokens: one refresher at a time, here and in other instances, and a new refresh token
//! is stored before the access token is used, because the old one may be dead. A refresh is a
//! task of its own: whoever waits for it may be stopped at any time, and the provider's answer
//! must not be lost with them.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::ChannelState;
use crate::service::ports::Refresh;
use crate::service::{ServiceError, Services, alarm, expiry, providers};
use crate::store::mailboxes::{self, Credentials, Grant, StateChange};
use crate::store::{StoreError, keys};

/// A token that lives shorter is refreshed first: signing in and a long FETCH must fit.
const SPARE: TimeDelta = TimeDelta::minutes(3);

/// A refresher that has not come back by then has died; longer than the HTTP timeout.
const LEASE: Duration = Duration::from_secs(90);

/// How often to look whether another refresher is done.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long to wait for another refresher before giving up for now.
const PATIENCE: u32 = 80;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Somebody has to consent again; the mailbox's state says so already.
    #[error("the mailbox needs to be reconnected")]
    NeedsReauthorization,
    /// Try later.
    #[error("the provider cannot refresh the grant now")]
    Later {
        /// Not before.
        retry_after: Option<Duration>,
    },
    /// The mailbox is gone, or has no grant.
    #[error("the mailbox has no grant")]
    NoGrant,
    /// The provider refuses our client: an admin must look at its id and secret.
    #[error("the provider refuses the client")]
    ClientRefused,
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something else failed inside.
    #[error("an internal step failed")]
    Internal(#[source] ServiceError),
}

impl From<ServiceError> for TokenError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => Self::Store(error),
            other => Self::Internal(other),
        }
    }
}

/// A token that is good for some minutes.
pub async fn access_token(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<SecretString, TokenError> {
    Ask { services: services.clone(), organization_id, id, refused: None }.answer().await
}

/// Another token than `refused`, which a server did not accept although it should be good: a
/// provider may end a token before its time.
pub async fn another_token(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
    refused: &SecretString,
) -> Result<SecretString, TokenError> {
    let refused = Some(refused.clone());
    Ask { services: services.clone(), organization_id, id, refused }.answer().await
}

/// Who asks for a token, and which one is of no use to them.
struct Ask {
    services: Services,
    organization_id: OrganizationId,
    id: ChannelId,
    refused: Option<SecretString>,
}

impl Ask {
    async fn answer(self) -> Result<SecretString, TokenError> {
        let (organization_id, id) = (self.organization_id, self.id);
        for _ in 0..PATIENCE {
            let grant = grant(&self.services, organization_id, id).await?;
            if self.is_good(&grant) {
                return Ok(grant.access_token);
            }
            let store = self.services.store();
            if mailboxes::try_refresh_lease(store, organization_id, id, LEASE).await? {
                let tasks = self.services.tasks().clone();
                let refreshed = tasks.spawn(async move {
                    let refreshed = self.refresh().await;
                    if refreshed.is_err() {
                        let store = self.services.store();
                        mailboxes::end_refresh_lease(store, organization_id, id).await?;
                    }
                    refreshed
                });
                return refreshed.await.map_err(ServiceError::internal)?;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(TokenError::Later { retry_after: None })
    }

    fn is_good(&self, grant: &Grant) -> bool {
        let refused = self.refused.as_ref().map(ExposeSecret::expose_secret);
        grant.expires_at - self.services.store().now() > SPARE
            && refused != Some(grant.access_token.expose_secret())
    }

    /// The lease is ours.
    async fn refresh(&self) -> Result<SecretString, TokenError> {
        let (services, organization_id, id) = (&self.services, self.organization_id, self.id);
        let store = services.store();
        // Somebody may have been faster between the look and the lease.
        let grant = grant(services, organization_id, id).await?;
        if self.is_good(&grant) {
            mailboxes::end_refresh_lease(store, organization_id, id).await?;
            return Ok(grant.access_token);
        }
        let mailbox =
            mailboxes::find(store, organization_id, id).await?.ok_or(TokenError::NoGrant)?;
        let client = providers::client(services, organization_id, mailbox.provider)
            .await?
            .ok_or(TokenError::ClientRefused)?;
        match services.ports().oauth.refresh(&client, &grant.refresh_token).await {
            Refresh::Refreshed { access_token, expires_at, refresh_token, ends_at } => {
                let ends_at = match &refresh_token {
                    // One that is replaced at each use ends when nobody uses it: an end that is
                    // always near is none.
                    Some(_) => ends_at.filter(|at| *at - store.now() > expiry::FIRST),
                    None => ends_at.or(grant.ends_at),
                };
                let renewed = Credentials::OAuth(Grant {
                    access_token: access_token.clone(),
                    expires_at,
                    refresh_token: refresh_token.unwrap_or(grant.refresh_token),
                    scopes: grant.scopes,
                    ends_at,
                });
                let key = keys::of_channel(store, organization_id, id).await?;
                let tx = store.begin().await?;
                mailboxes::store_credentials(&tx, &key, organization_id, id, &renewed).await?;
                tx.commit().await?;
                Ok(access_token)
            }
            Refresh::Dead { code } => {
                tracing::warn!(mailbox.id = %id, code, "a mailbox's grant is dead");
                set_state(services, organization_id, id, ChannelState::NeedsReauthorization, &code)
                    .await?;
                Err(TokenError::NeedsReauthorization)
            }
            Refresh::ClientRefused { code } => {
                tracing::warn!(mailbox.id = %id, code, "a provider refuses its client");
                set_state(services, organization_id, id, ChannelState::Error, "client_refused")
                    .await?;
                Err(TokenError::ClientRefused)
            }
            Refresh::Later { retry_after } => Err(TokenError::Later { retry_after }),
        }
    }
}

async fn grant(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Grant, TokenError> {
    match mailboxes::credentials(services.store(), organization_id, id).await? {
        Some(Credentials::OAuth(grant)) => Ok(grant),
        _ => Err(TokenError::NoGrant),
    }
}

async fn set_state(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
    state: ChannelState,
    code: &str,
) -> Result<(), TokenError> {
    let tx = services.store().begin().await?;
    let change = StateChange { state, code: Some(code), detail: None };
    mailboxes::set_state(&tx, organization_id, id, &change).await?;
    if state == ChannelState::NeedsReauthorization {
        alarm::raise(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
