//! Keeps what `http` wants to remember of a browser.

use chrono::TimeDelta;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::access::{self, Object};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::AccountId;
use crate::store::sessions::{self, Session, SessionHash};

/// A session that nobody uses for this long ends.
pub const LIFE: TimeDelta = TimeDelta::days(14);

/// Keeps the data under the session's id, of which only a hash is stored.
pub async fn save(
    services: &Services,
    session_id: &[u8],
    account_id: Option<AccountId>,
    data: Vec<u8>,
) -> Result<()> {
    let store = services.store();
    let session =
        Session { account_id, data: Zeroizing::new(data), expires_at: store.now() + LIFE };
    Ok(sessions::save(store, SessionHash::of(session_id), &session).await?)
}

/// The data, if the session has not ended.
pub async fn find(services: &Services, session_id: &[u8]) -> Result<Option<Session>> {
    Ok(sessions::find(services.store(), SessionHash::of(session_id)).await?)
}

/// Ends the session.
pub async fn remove(services: &Services, session_id: &[u8]) -> Result<()> {
    Ok(sessions::remove(services.store(), SessionHash::of(session_id)).await?)
}

/// One of one's own sessions.
#[derive(Debug)]
pub struct OwnSession {
    /// By what it is told apart.
    pub id: Uuid,
    /// What `http` keeps in it.
    pub data: Zeroizing<Vec<u8>>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// The sessions of the actor's account, in no order.
pub async fn list(
    services: &Services,
    actor: &Actor,
    session_id: Option<&[u8]>,
) -> Result<Vec<OwnSession>> {
    let current = session_id.map(SessionHash::of);
    let found = sessions::list_of_account(services.store(), actor.account_id).await?;
    let of = |(hash, session): (SessionHash, Session)| OwnSession {
        id: hash.id(),
        data: session.data,
        is_current: current == Some(hash),
    };
    Ok(found.into_iter().map(of).collect())
}

/// Ends one of the actor's own sessions.
pub async fn end(services: &Services, actor: &Actor, id: Uuid) -> Result<()> {
    let store = services.store();
    let found = sessions::list_of_account(store, actor.account_id).await?;
    let found = found.into_iter().find(|(hash, _)| hash.id() == id);
    let (hash, _) = found.ok_or(ServiceError::NotFound)?;
    let object = Object::new(ObjectKind::Session, id);
    access::record_all(services, actor, &[(Action::SignOut, object)]).await?;
    Ok(sessions::remove(store, hash).await?)
}

/// Ends all sessions of the actor's account but the one that asks.
pub async fn end_others(
    services: &Services,
    actor: &Actor,
    session_id: Option<&[u8]>,
) -> Result<()> {
    let object = Object::new(ObjectKind::Membership, actor.membership_id.0);
    access::record_all(services, actor, &[(Action::SignOut, object)]).await?;
    let tx = services.store().begin().await?;
    let but = session_id.map(SessionHash::of);
    sessions::remove_of_account(&tx, actor.account_id, but).await?;
    Ok(tx.commit().await?)
}
