//! Keeps what `http` wants to remember of a browser.

use chrono::TimeDelta;
use zeroize::Zeroizing;

use super::{Result, Services};
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
