//! The first start: a token, printed on the console, lets its reader make the first
//! organization. It is kept in memory and is used up by success.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::organization::{self, Created, NewOrganization};
use super::{Result, ServiceError, Services};
use crate::store::organizations;

/// The token, while there is no organization.
#[derive(Debug, Default)]
pub struct SetupToken(Mutex<Option<SecretString>>);

impl SetupToken {
    fn set(&self, token: Option<SecretString>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// Takes the token when it is the right one, so that nobody else uses it meanwhile.
    fn take(&self, given: &SecretString) -> Option<SecretString> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let right = held.as_ref().is_some_and(|token| {
            token.expose_secret().as_bytes().ct_eq(given.expose_secret().trim().as_bytes()).into()
        });
        if right { held.take() } else { None }
    }
}

/// Whether there is no organization yet.
pub async fn is_needed(services: &Services) -> Result<bool> {
    Ok(!organizations::exists(services.store()).await?)
}

/// Whether databases and keyring answer.
pub async fn check_ready(services: &Services) -> Result<()> {
    organizations::exists(services.store()).await?;
    services.store().keyring().server_key().await?;
    Ok(())
}

/// Makes the token at start, to be printed; `None` when there is an organization.
pub async fn begin(services: &Services) -> Result<Option<SecretString>> {
    if !is_needed(services).await? {
        return Ok(None);
    }
    let mut random = [0; 24];
    services.store().ids().fill(&mut random);
    let token = SecretString::from(BASE64_URL_SAFE_NO_PAD.encode(random));
    services.setup_token().set(Some(token.clone()));
    Ok(Some(token))
}

/// Makes the first organization for whoever knows the token.
pub async fn run(
    services: &Services,
    token: &SecretString,
    new: NewOrganization,
) -> Result<Created> {
    if !is_needed(services).await? {
        return Err(ServiceError::conflict("already_set_up", "Loket is set up already."));
    }
    let Some(held) = services.setup_token().take(token) else {
        return Err(ServiceError::invalid(
            "token",
            "this is not the token that the server printed when it started",
        ));
    };
    let created = organization::create(services, new).await;
    if created.is_err() {
        services.setup_token().set(Some(held));
    }
    created
}
