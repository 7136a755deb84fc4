//! The browser's session: the cookie `__Host-loket`, and what is remembered under it.
//!
//! tower-sessions makes ids and cookies; [`SealedSessions`] keeps the data through
//! `service::sessions`, which stores a hash of the id and seals the rest. Signing in gives the
//! session a new id, so that one that somebody planted before is worth nothing.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, SessionStore};
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use super::device::Device;
use super::problem::Problem;
use crate::domain::ids::AccountId;
use crate::service::sign_in::SessionView;
use crate::service::{Services, sessions};

/// The account that is signed in.
pub const ACCOUNT: &str = "account";
/// The organization that it acts in.
pub const ORGANIZATION: &str = "organization";
/// The account in that organization.
pub const MEMBERSHIP: &str = "membership";
/// Whether a policy text waits to be read before anything else.
pub const UNREAD: &str = "unread";
/// What a consent that was begun waits for.
pub const CONNECT: &str = "connect";
/// When the session was last prolonged, in seconds since 1970.
pub const SEEN: &str = "seen";
/// When the browser signed in, in seconds since 1970.
pub const SINCE: &str = "since";
/// On what it was: a [`Device`]. No address is kept.
pub const DEVICE: &str = "device";

/// The cookie. The prefix makes browsers refuse it without `Secure`, with a `Domain`, or with
/// another path (RFC 6265bis, section 4.1.3.2).
pub const COOKIE: &str = "__Host-loket";

/// A session is prolonged at most this often: each time costs a write.
const PROLONG_AFTER_SECONDS: i64 = 3_600;

/// Keeps sessions through the use cases.
#[derive(Debug, Clone)]
pub struct SealedSessions {
    services: Services,
}

fn key(id: Id) -> [u8; 16] {
    id.0.to_le_bytes()
}

fn backend(error: &(dyn std::error::Error + 'static)) -> session_store::Error {
    tracing::error!(error, "a session could not be kept or read");
    session_store::Error::Backend("the session store failed".to_owned())
}

#[async_trait]
impl SessionStore for SealedSessions {
    /// Ids are 128 random bits: none comes twice.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let data = serde_json::to_vec(&record.data)
            .map_err(|error| session_store::Error::Encode(error.to_string()))?;
        let account = record
            .data
            .get(ACCOUNT)
            .and_then(|id| serde_json::from_value::<AccountId>(id.clone()).ok());
        sessions::save(&self.services, &key(record.id), account, data)
            .await
            .map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found =
            sessions::find(&self.services, &key(*id)).await.map_err(|error| backend(&error))?;
        let Some(session) = found else { return Ok(None) };
        let data = serde_json::from_slice(&session.data)
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(session.expires_at.timestamp())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sessions::remove(&self.services, &key(*id)).await.map_err(|error| backend(&error))
    }
}

/// Gives each request its session.
#[must_use]
pub fn layer(services: &Services) -> SessionManagerLayer<SealedSessions> {
    SessionManagerLayer::new(SealedSessions { services: services.clone() })
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(true)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(sessions::LIFE.num_seconds())))
}

/// Signs the browser in, under a new session id.
pub async fn sign_in(
    session: &Session,
    view: &SessionView,
    (device, now): (Device, DateTime<Utc>),
) -> Result<(), Problem> {
    sign_out(session).await?;
    write(session, ACCOUNT, view.account.id).await?;
    write(session, ORGANIZATION, view.organization.id).await?;
    write(session, MEMBERSHIP, view.actor.membership_id).await?;
    write(session, DEVICE, device).await?;
    write(session, SINCE, now.timestamp()).await?;
    write(session, SEEN, now.timestamp()).await?;
    if view.has_unread {
        write(session, UNREAD, true).await?;
    }
    session.cycle_id().await.map_err(|error| failed(&error))
}

/// Signs the browser out. One that has no session has nothing to be thrown away, and
/// tower-sessions 0.15 warns in the log of whoever tries.
pub async fn sign_out(session: &Session) -> Result<(), Problem> {
    match session.id() {
        Some(_) => session.flush().await.map_err(|error| failed(&error)),
        None => Ok(()),
    }
}

/// The bytes that the session is kept under.
#[must_use]
pub fn id_of(session: &Session) -> Option<[u8; 16]> {
    session.id().map(key)
}

/// What is remembered under a name.
pub async fn read<T: DeserializeOwned>(
    session: &Session,
    name: &str,
) -> Result<Option<T>, Problem> {
    session.get(name).await.map_err(|error| failed(&error))
}

/// Remembers something.
pub async fn write(session: &Session, name: &str, value: impl Serialize) -> Result<(), Problem> {
    session.insert(name, value).await.map_err(|error| failed(&error))
}

/// Takes something out: it can be used once.
pub async fn take<T: DeserializeOwned>(
    session: &Session,
    name: &str,
) -> Result<Option<T>, Problem> {
    session.remove(name).await.map_err(|error| failed(&error))
}

/// Puts off the end of a session that is in use.
pub async fn prolong(session: &Session, services: &Services) -> Result<(), Problem> {
    let now = services.store().now().timestamp();
    let seen: Option<i64> = read(session, SEEN).await?;
    if seen.is_none_or(|seen| now - seen >= PROLONG_AFTER_SECONDS) {
        write(session, SEEN, now).await?;
    }
    Ok(())
}

fn failed(error: &tower_sessions::session::Error) -> Problem {
    tracing::error!(error = error as &dyn std::error::Error, "a session could not be used");
    Problem::internal()
}
