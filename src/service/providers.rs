//! OAuth clients: from the configuration or, where that has none, entered by an admin.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::access::{self, Object};
use super::ports::OAuthClient;
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::OrganizationId;
use crate::domain::words::Provider;
use crate::store::keys;
use crate::store::provider_clients::{self, ProviderClient};

/// Where an OAuth client comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The configuration.
    Config,
    /// An admin.
    Admin,
}

/// A client without its secret.
#[derive(Debug, Clone)]
pub struct ClientView {
    /// Its id.
    pub client_id: Option<String>,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// The day on which its secret ends, if somebody has said.
    pub secret_ends: Option<NaiveDate>,
    /// Where it comes from; `None` when there is none.
    pub source: Option<Source>,
    /// What to enter at the provider.
    pub redirect_uri: String,
    /// Where an administrator consents for everybody, if the provider has such a page.
    pub admin_consent_url: Option<String>,
}

fn redirect_uri(services: &Services) -> String {
    format!("{}/oauth/callback", services.options().public_url)
}

async fn find(
    services: &Services,
    organization_id: OrganizationId,
    provider: Provider,
) -> Result<Option<(ProviderClient, Source)>> {
    let configured = services.ports().clients.iter().find(|client| client.provider == provider);
    if let Some(client) = configured {
        let client = ProviderClient {
            provider,
            client_id: client.client_id.clone(),
            client_secret: client.client_secret.clone(),
            tenant: client.tenant.clone(),
            secret_ends_at: client.secret_ends.map(begin_of),
        };
        return Ok(Some((client, Source::Config)));
    }
    let entered = provider_clients::find(services.store(), organization_id, provider).await?;
    Ok(entered.map(|client| (client, Source::Admin)))
}

/// The secret ends at some time of that day: the first of it is on the safe side.
fn begin_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// When the secret of the provider's client ends, if somebody has said.
pub(super) async fn secret_ends(
    services: &Services,
    organization_id: OrganizationId,
    provider: Provider,
) -> Result<Option<DateTime<Utc>>> {
    let found = find(services, organization_id, provider).await?;
    Ok(found.and_then(|(client, _)| client.secret_ends_at))
}

/// The client to talk to the provider with, if there is one.
pub async fn client(
    services: &Services,
    organization_id: OrganizationId,
    provider: Provider,
) -> Result<Option<OAuthClient>> {
    let found = find(services, organization_id, provider).await?;
    Ok(found.map(|(client, _)| OAuthClient {
        provider,
        client_id: client.client_id,
        client_secret: client.client_secret,
        tenant: client.tenant,
        redirect_uri: redirect_uri(services),
    }))
}

/// The client as an admin sees it.
pub async fn get(services: &Services, actor: &Actor, provider: Provider) -> Result<ClientView> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let found = find(services, actor.organization_id, provider).await?;
    let redirect_uri = redirect_uri(services);
    let Some((known, source)) = found else {
        return Ok(ClientView {
            client_id: None,
            tenant: None,
            secret_ends: None,
            source: None,
            redirect_uri,
            admin_consent_url: None,
        });
    };
    let client = client(services, actor.organization_id, provider).await?;
    let admin_consent_url =
        client.as_ref().and_then(|client| services.ports().oauth.admin_consent_url(client));
    Ok(ClientView {
        client_id: client.as_ref().map(|client| client.client_id.clone()),
        tenant: client.and_then(|client| client.tenant),
        secret_ends: known.secret_ends_at.map(|at| at.date_naive()),
        source: Some(source),
        redirect_uri,
        admin_consent_url,
    })
}

/// Enters a client. Without a secret the one that is there stays.
pub async fn update(
    services: &Services,
    actor: &Actor,
    provider: Provider,
    client_id: &str,
    client_secret: Option<SecretString>,
    tenant: Option<&str>,
    secret_ends: Option<NaiveDate>,
) -> Result<ClientView> {
    services.scope(actor, Permission::ManageOrganization)?;
    let present = find(services, actor.organization_id, provider).await?;
    if matches!(present, Some((_, Source::Config))) {
        return Err(ServiceError::conflict(
            "set_in_configuration",
            "This is set in the server's configuration and can only be changed there.",
        ));
    }
    let client_id = client_id.trim();
    if client_id.is_empty() || client_id.len() > 500 || client_id.contains(char::is_whitespace) {
        return Err(ServiceError::invalid("client_id", "copy it from the provider's console"));
    }
    let client_secret = client_secret
        .filter(|secret| !secret.expose_secret().trim().is_empty())
        .map(|secret| SecretString::from(secret.expose_secret().trim()))
        .or_else(|| present.map(|(client, _)| client.client_secret))
        .ok_or_else(|| {
            ServiceError::invalid("client_secret", "copy it from the provider's console")
        })?;
    let tenant = tenant.map(str::trim).filter(|tenant| !tenant.is_empty());
    if tenant.is_some_and(|t| !t.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))) {
        return Err(ServiceError::invalid(
            "tenant",
            "write organizations, common, consumers, a tenant's id or its domain",
        ));
    }
    let client = ProviderClient {
        provider,
        client_id: client_id.to_owned(),
        client_secret,
        tenant: tenant.map(str::to_owned),
        secret_ends_at: secret_ends.map(begin_of),
    };
    let changed = Object::new(ObjectKind::Organization, actor.organization_id.0);
    access::record_all(services, actor, &[(Action::ChangeSettings, changed)]).await?;
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let tx = store.begin().await?;
    provider_clients::set(&tx, &key, actor.organization_id, &client).await?;
    tx.commit().await?;
    get(services, actor, provider).await
}
