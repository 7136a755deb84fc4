//! OAuth clients that an admin entered, sealed under the organization's key.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};
use secrecy::{ExposeSecret, SecretString};

use super::error::Result;
use super::{Store, Tx, columns, from_millis, keys, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::OrganizationId;
use crate::domain::words::Provider;

/// An OAuth client.
#[derive(Debug, Clone)]
pub struct ProviderClient {
    /// Whose.
    pub provider: Provider,
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Microsoft's tenant.
    pub tenant: Option<String>,
    /// When the secret ends, if somebody has said.
    pub secret_ends_at: Option<DateTime<Utc>>,
}

/// The client, if one was entered.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    provider: Provider,
) -> Result<Option<ProviderClient>> {
    let row = entity::provider_client::Entity::find_by_id((
        organization_id.0,
        provider.as_str().to_owned(),
    ))
    .one(store.db().read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let key = keys::of_organization(store, organization_id).await?;
    let id = columns::PROVIDER_CLIENT_CLIENT_ID.of(row.id);
    let secret = columns::PROVIDER_CLIENT_CLIENT_SECRET.of(row.id);
    Ok(Some(ProviderClient {
        provider,
        client_id: key.open_string(id, &row.client_id)?,
        client_secret: key.open_string(secret, &row.client_secret)?.into(),
        tenant: row.tenant,
        secret_ends_at: row.secret_ends_at.map(from_millis),
    }))
}

/// Adds or replaces the client.
pub async fn set(
    tx: &Tx,
    organization_key: &OpenKey,
    organization_id: OrganizationId,
    client: &ProviderClient,
) -> Result<()> {
    use entity::provider_client::Column;
    let id = tx.store().new_id();
    let secret = client.client_secret.expose_secret();
    let row = entity::provider_client::ActiveModel {
        organization_id: Set(organization_id.0),
        provider: Set(client.provider.as_str().to_owned()),
        client_id: Set(organization_key
            .seal(columns::PROVIDER_CLIENT_CLIENT_ID.of(id), client.client_id.as_bytes())),
        client_secret: Set(
            organization_key.seal(columns::PROVIDER_CLIENT_CLIENT_SECRET.of(id), secret.as_bytes())
        ),
        tenant: Set(client.tenant.clone()),
        secret_ends_at: Set(client.secret_ends_at.map(millis)),
        updated_at: Set(millis(tx.store().now())),
        id: Set(id),
    };
    entity::provider_client::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::Provider])
                .update_columns([
                    Column::ClientId,
                    Column::ClientSecret,
                    Column::Tenant,
                    Column::SecretEndsAt,
                    Column::UpdatedAt,
                    Column::Id,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
