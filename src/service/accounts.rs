//! One's own account.

use secrecy::SecretString;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, organization, passwords, users};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::store::accounts;
use crate::store::sessions::{self, SessionHash};

pub use crate::store::accounts::Account;

/// What to change; `None` stays.
#[derive(Debug, Default)]
pub struct ProfileChange {
    /// The name that colleagues see.
    pub name: Option<String>,
    /// `en` or `nl`.
    pub locale: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
    /// An IANA zone; empty: that of the browser.
    pub time_zone: Option<String>,
    /// The present password, to set another.
    pub current_password: Option<SecretString>,
    /// The new password.
    pub new_password: Option<SecretString>,
}

/// One's own account.
pub async fn get(services: &Services, actor: &Actor) -> Result<Account> {
    accounts::find(services.store(), actor.account_id).await?.ok_or(ServiceError::Unauthenticated)
}

/// Changes one's own account. A new password ends all sessions but `session_id`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    session_id: Option<&[u8]>,
    change: ProfileChange,
) -> Result<Account> {
    let mut account = get(services, actor).await?;
    if let Some(name) = &change.name {
        account.name = users::check_name("name", name)?;
    }
    if let Some(locale) = change.locale {
        account.locale = locale;
    }
    if let Some(theme) = change.theme {
        account.theme = theme;
    }
    if let Some(zone) = change.time_zone {
        let zone = Some(zone).filter(|zone| !zone.is_empty());
        let check = |zone: String| organization::check_time_zone("time_zone", &zone);
        account.time_zone = zone.map(check).transpose()?;
    }
    let new_password = change.new_password.is_some();
    if let Some(password) = change.new_password {
        let current = change.current_password.ok_or_else(|| {
            ServiceError::invalid("current_password", "give your present password as well")
        })?;
        super::sign_in::attempt_password(services, &account)?;
        if !passwords::verify(account.password_hash.clone(), current).await? {
            return Err(ServiceError::invalid("current_password", "this is not your password"));
        }
        passwords::check("new_password", &password)?;
        account.password_hash = Some(passwords::hash(services, password).await?);
    }
    let changed = Object::new(ObjectKind::Membership, actor.membership_id.0);
    access::record_all(services, actor, &[(Action::ChangeAccount, changed)]).await?;
    let store = services.store();
    let key = store.keyring().server_key().await?;
    let tx = store.begin().await?;
    accounts::update(&tx, &key, &account).await?;
    if new_password {
        let but = session_id.map(SessionHash::of);
        sessions::remove_of_account(&tx, account.id, but).await?;
    }
    tx.commit().await?;
    Ok(account)
}
