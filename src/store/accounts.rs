//! Accounts: sign-ins, server-wide. Sealed under the server key.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use secrecy::{ExposeSecret, SecretString};

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{BlindDomain, OpenKey};
use crate::domain::ids::AccountId;

/// A sign-in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address to sign in with.
    pub email: String,
    /// The name that colleagues see.
    pub name: String,
    /// Argon2id, as a PHC string; `None` when only another way of signing in is set.
    pub password_hash: Option<SecretString>,
    /// The language of the pages: `en`, `nl`.
    pub locale: String,
    /// `system`, `light`, `dark`.
    pub theme: String,
    /// An IANA zone; nothing: that of the browser.
    pub time_zone: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was shut, if it is.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// What an account is looked up by: the same for every spelling of its case.
#[must_use]
pub fn email_blind(server_key: &OpenKey, email: &str) -> Vec<u8> {
    server_key.blind(BlindDomain::SignIn, email.trim().to_lowercase().as_bytes()).to_vec()
}

fn open(key: &OpenKey, row: entity::account::Model) -> Result<Account> {
    Ok(Account {
        id: AccountId(row.id),
        email: key.open_string(columns::ACCOUNT_EMAIL.of(row.id), &row.email)?,
        name: key.open_string(columns::ACCOUNT_NAME.of(row.id), &row.name)?,
        password_hash: row
            .password_hash
            .map(|hash| key.open_string(columns::ACCOUNT_PASSWORD_HASH.of(row.id), &hash))
            .transpose()?
            .map(SecretString::from),
        locale: row.locale,
        theme: row.theme,
        time_zone: Some(row.time_zone).filter(|zone| !zone.is_empty()),
        created_at: from_millis(row.created_at),
        disabled_at: row.disabled_at.map(from_millis),
    })
}

fn sealed_hash(key: &OpenKey, account: &Account) -> Option<Vec<u8>> {
    let place = columns::ACCOUNT_PASSWORD_HASH.of(account.id.0);
    let hash = account.password_hash.as_ref()?;
    Some(key.seal(place, hash.expose_secret().as_bytes()))
}

/// Adds an account. [`StoreError::Duplicate`] when there is one with that address.
pub async fn add(tx: &Tx, server_key: &OpenKey, account: &Account) -> Result<()> {
    let id = account.id.0;
    entity::account::ActiveModel {
        id: Set(id),
        email: Set(server_key.seal(columns::ACCOUNT_EMAIL.of(id), account.email.as_bytes())),
        email_blind: Set(email_blind(server_key, &account.email)),
        name: Set(server_key.seal(columns::ACCOUNT_NAME.of(id), account.name.as_bytes())),
        password_hash: Set(sealed_hash(server_key, account)),
        locale: Set(account.locale.clone()),
        theme: Set(account.theme.clone()),
        time_zone: Set(account.time_zone.clone().unwrap_or_default()),
        created_at: Set(millis(account.created_at)),
        disabled_at: Set(account.disabled_at.map(millis)),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The account with that id.
pub async fn find(store: &Store, id: AccountId) -> Result<Option<Account>> {
    let row = entity::account::Entity::find_by_id(id.0).one(store.db().read()).await?;
    let Some(row) = row else { return Ok(None) };
    open(&store.keyring().server_key().await?, row).map(Some)
}

/// The account with that address.
pub async fn find_by_email(store: &Store, email: &str) -> Result<Option<Account>> {
    let key = store.keyring().server_key().await?;
    let row = entity::account::Entity::find()
        .filter(entity::account::Column::EmailBlind.eq(email_blind(&key, email)))
        .one(store.db().read())
        .await?;
    row.map(|row| open(&key, row)).transpose()
}

/// The accounts with these ids, in no order.
pub async fn list(store: &Store, ids: &[AccountId]) -> Result<Vec<Account>> {
    let key = store.keyring().server_key().await?;
    let mut accounts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let rows = entity::account::Entity::find()
            .filter(entity::account::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .all(store.db().read())
            .await?;
        for row in rows {
            accounts.push(open(&key, row)?);
        }
    }
    Ok(accounts)
}

/// Changes name, language, theme, time zone and, if given, the password.
pub async fn update(tx: &Tx, server_key: &OpenKey, account: &Account) -> Result<()> {
    use entity::account::Column;
    let id = account.id.0;
    let name = server_key.seal(columns::ACCOUNT_NAME.of(id), account.name.as_bytes());
    let hash = sealed_hash(server_key, account);
    let changed = entity::account::Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .col_expr(Column::Locale, Expr::value(account.locale.as_str()))
        .col_expr(Column::Theme, Expr::value(account.theme.as_str()))
        .col_expr(Column::TimeZone, Expr::value(account.time_zone.as_deref().unwrap_or_default()))
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}
