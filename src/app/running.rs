//! Who has a home folder, or a PostgreSQL database, open. Whatever opens a server shares the lock;
//! a restore wants it alone, so that it never puts a database under a running server.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::fs::FlockOperation;
use secrecy::ExposeSecret as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::OpenError;
use crate::config::Config;
use crate::store::StoreError;

/// The lock's file, in the data folder.
const FILE: &str = "loket.lock";

/// The file that says that a restore has begun and has not ended.
pub(super) const UNFINISHED: &str = "restore.unfinished";

/// Any constant: what the advisory locks of PostgreSQL are told apart by.
const ADVISORY: i64 = 5_279_218_232;

/// How long to wait for a lock: PostgreSQL lets go of a session that has ended a moment later.
const PATIENCE: &str = "2s";

/// PostgreSQL's word for a lock that was waited for in vain: `lock_not_available`.
const NOT_AVAILABLE: &str = "55P03";

/// A lock; it ends with the value, or with the process.
#[derive(Debug)]
pub(super) struct Running {
    _file: File,
    _session: Vec<PgConnection>,
}

/// Shares the lock; refused while a restore has it, or has been broken off.
pub(super) async fn share(config: &Config) -> Result<Running, OpenError> {
    config.home.prepare()?;
    let locked = take(config, FlockOperation::NonBlockingLockShared, true).await?;
    let locked = locked.ok_or(OpenError::Restoring)?;
    if config.home.data().join(UNFINISHED).exists() {
        return Err(OpenError::RestoreUnfinished);
    }
    Ok(locked)
}

/// Takes the lock alone; nothing while anybody shares it.
pub(super) async fn alone(config: &Config) -> Result<Option<Running>, OpenError> {
    take(config, FlockOperation::NonBlockingLockExclusive, false).await
}

async fn take(
    config: &Config,
    operation: FlockOperation,
    shared: bool,
) -> Result<Option<Running>, OpenError> {
    let path = config.home.data().join(FILE);
    let unusable = |source| OpenError::Lock { path: path.clone(), source };
    let open = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = open.map_err(unusable)?;
    match rustix::fs::flock(&file, operation) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
        Err(error) => return Err(unusable(error.into())),
    }
    let mut sessions = Vec::new();
    let urls = [config.database.on_postgres(), config.database.keyring_on_postgres()];
    for url in urls.into_iter().flatten() {
        let Some(session) = advisory(url.expose_secret(), shared).await? else { return Ok(None) };
        sessions.push(session);
    }
    Ok(Some(Running { _file: file, _session: sessions }))
}

/// A connection that holds the lock of a PostgreSQL database for as long as it lives.
async fn advisory(url: &str, shared: bool) -> Result<Option<PgConnection>, OpenError> {
    let failed = |error: sqlx::Error| OpenError::Store(StoreError::from(error));
    let options: PgConnectOptions = url.parse().map_err(failed)?;
    let options = options
        .application_name("loket lock")
        .options([("lock_timeout", PATIENCE)])
        .disable_statement_logging();
    let mut session = PgConnection::connect_with(&options).await.map_err(failed)?;
    let query =
        if shared { "SELECT pg_advisory_lock_shared($1)" } else { "SELECT pg_advisory_lock($1)" };
    match sqlx::query(query).bind(ADVISORY).execute(&mut session).await {
        Ok(_) => Ok(Some(session)),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NOT_AVAILABLE) => {
            Ok(None)
        }
        Err(error) => Err(failed(error)),
    }
}
