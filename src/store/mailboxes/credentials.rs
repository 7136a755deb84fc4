//! What opens a mailbox, and who refreshes it.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::store::error::{Result, StoreError};
use crate::store::{Store, Tx, columns, keys, millis};

/// What opens a mailbox.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A password.
    Password(SecretString),
    /// A grant.
    OAuth(Grant),
}

/// What a provider granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Opens the mailbox for about an hour.
    pub access_token: SecretString,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Gets the next access token.
    pub refresh_token: SecretString,
    /// What was consented to.
    pub scopes: Vec<String>,
    /// When the refresh token ends, if the provider has told.
    pub ends_at: Option<DateTime<Utc>>,
}

/// The document that is sealed.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Stored<'a> {
    Password {
        password: Cow<'a, str>,
    },
    OAuth {
        access_token: Cow<'a, str>,
        expires_at: DateTime<Utc>,
        refresh_token: Cow<'a, str>,
        scopes: Vec<String>,
        #[serde(default)]
        ends_at: Option<DateTime<Utc>>,
    },
}

impl Credentials {
    pub(super) fn expires_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Password(_) => None,
            Self::OAuth(grant) => Some(grant.expires_at),
        }
    }

    pub(super) fn ends_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Password(_) => None,
            Self::OAuth(grant) => grant.ends_at,
        }
    }

    pub(super) fn seal(&self, key: &OpenKey, channel: ChannelId) -> Result<Vec<u8>> {
        let stored = match self {
            Self::Password(password) => {
                Stored::Password { password: password.expose_secret().into() }
            }
            Self::OAuth(grant) => Stored::OAuth {
                access_token: grant.access_token.expose_secret().into(),
                expires_at: grant.expires_at,
                refresh_token: grant.refresh_token.expose_secret().into(),
                scopes: grant.scopes.clone(),
                ends_at: grant.ends_at,
            },
        };
        let document = Zeroizing::new(serde_json::to_vec(&stored)?);
        Ok(key.seal(columns::MAILBOX_CREDENTIALS.of(channel.0), &document))
    }

    fn open(key: &OpenKey, channel: ChannelId, sealed: &[u8]) -> Result<Self> {
        let document = key.open(columns::MAILBOX_CREDENTIALS.of(channel.0), sealed)?;
        Ok(match serde_json::from_slice(&document)? {
            Stored::Password { password } => Self::Password(password.into_owned().into()),
            Stored::OAuth { access_token, expires_at, refresh_token, scopes, ends_at } => {
                Self::OAuth(Grant {
                    access_token: access_token.into_owned().into(),
                    expires_at,
                    refresh_token: refresh_token.into_owned().into(),
                    scopes,
                    ends_at,
                })
            }
        })
    }
}

/// What opens the mailbox, if anything was stored.
pub async fn credentials(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<Option<Credentials>> {
    use entity::mailbox::Column;
    let sealed: Option<Vec<u8>> = entity::mailbox::Entity::find_by_id((organization_id.0, id.0))
        .select_only()
        .column(Column::Credentials)
        .into_tuple::<Option<Vec<u8>>>()
        .one(store.db().read())
        .await?
        .flatten();
    let Some(sealed) = sealed else { return Ok(None) };
    let key = keys::of_channel(store, organization_id, id).await?;
    Credentials::open(&key, id, &sealed).map(Some)
}

/// Stores what opens the mailbox, and ends the refresher's lease.
pub async fn store_credentials(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    id: ChannelId,
    credentials: &Credentials,
) -> Result<()> {
    use entity::mailbox::Column;
    super::channels::require_connected(tx, organization_id, id).await?;
    let changed = entity::mailbox::Entity::update_many()
        .col_expr(Column::Credentials, Expr::value(Some(credentials.seal(key, id)?)))
        .col_expr(
            Column::CredentialsExpireAt,
            Expr::value(credentials.expires_at().map(|at| millis(at).0)),
        )
        .col_expr(Column::GrantEndsAt, Expr::value(credentials.ends_at().map(|at| millis(at).0)))
        .col_expr(Column::RefreshLeaseUntil, Expr::value(None::<i64>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Forgets what opens the mailbox.
pub async fn remove_credentials(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::Credentials, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::CredentialsExpireAt, Expr::value(None::<i64>))
        .col_expr(Column::GrantEndsAt, Expr::value(None::<i64>))
        .col_expr(Column::RefreshLeaseUntil, Expr::value(None::<i64>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Becomes the one that refreshes the grant, for at most `lease`; false when somebody else,
/// here or in another instance, is at it.
pub async fn try_refresh_lease(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
    lease: Duration,
) -> Result<bool> {
    use entity::mailbox::Column;
    let now = store.now();
    let until = now + lease;
    let taken = entity::mailbox::Entity::update_many()
        .col_expr(Column::RefreshLeaseUntil, Expr::value(Some(millis(until).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .filter(
            Condition::any()
                .add(Column::RefreshLeaseUntil.is_null())
                .add(Column::RefreshLeaseUntil.lte(millis(now))),
        )
        .exec(store.db().write())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Gives the lease back without new credentials.
pub async fn end_refresh_lease(
    store: &Store,
    organization_id: OrganizationId,
    id: ChannelId,
) -> Result<()> {
    use entity::mailbox::Column;
    entity::mailbox::Entity::update_many()
        .col_expr(Column::RefreshLeaseUntil, Expr::value(None::<i64>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(id.0))
        .exec(store.db().write())
        .await?;
    Ok(())
}
