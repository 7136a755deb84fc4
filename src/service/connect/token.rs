//! Access tokens: one refresher at a time, here and in other instances, and a new refresh token
//! is stored before the access token is used, because the old one may be dead.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;

use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::ChannelState;
use crate::service::ports::Refresh;
use crate::service::{ServiceError, Services, providers};
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
    let store = services.store();
    for _ in 0..PATIENCE {
        let grant = grant(services, organization_id, id).await?;
        if is_fresh(services, &grant) {
            return Ok(grant.access_token);
        }
        if mailboxes::try_refresh_lease(store, organization_id, id, LEASE).await? {
            let refreshed = refresh(services, organization_id, id).await;
            if refreshed.is_err() {
                mailboxes::end_refresh_lease(store, organization_id, id).await?;
            }
            return refreshed;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err(TokenError::Later { retry_after: None })
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

fn is_fresh(services: &Services, grant: &Grant) -> bool {
    grant.expires_at - services.store().now() > SPARE
}

/// The lease is ours.
async fn refresh(
    services: &Services,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<SecretString, TokenError> {
    let store = services.store();
    // Somebody may have been faster between the look and the lease.
    let grant = grant(services, organization_id, id).await?;
    if is_fresh(services, &grant) {
        mailboxes::end_refresh_lease(store, organization_id, id).await?;
        return Ok(grant.access_token);
    }
    let mailbox = mailboxes::find(store, organization_id, id).await?.ok_or(TokenError::NoGrant)?;
    let client = providers::client(services, organization_id, mailbox.provider)
        .await?
        .ok_or(TokenError::ClientRefused)?;
    match services.ports().oauth.refresh(&client, &grant.refresh_token).await {
        Refresh::Refreshed { access_token, expires_at, refresh_token } => {
            let renewed = Credentials::OAuth(Grant {
                access_token: access_token.clone(),
                expires_at,
                refresh_token: refresh_token.unwrap_or(grant.refresh_token),
                scopes: grant.scopes,
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
            set_state(services, organization_id, id, ChannelState::Error, "client_refused").await?;
            Err(TokenError::ClientRefused)
        }
        Refresh::Later { retry_after } => Err(TokenError::Later { retry_after }),
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
    tx.commit().await?;
    Ok(())
}
