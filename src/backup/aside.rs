//! What a restore moved aside. It is as old as a backup would be, and goes when one would: a
//! keyring that lies about holds keys that were destroyed since.

use std::path::Path;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use super::BackupError;

/// How the time stands in a name; PostgreSQL's are in lower case.
const TIME: &str = "%Y%m%dt%H%M%Sz";
/// What stands between a file's name and the time.
const FILE: &str = ".before-";
/// What a schema's name begins with.
const SCHEMA: &str = "loket_before_";

/// What tells this restore's things from those of others.
#[must_use]
pub fn stamp(now: DateTime<Utc>, id: Uuid) -> String {
    let digits: String = id.simple().to_string().chars().rev().take(8).collect();
    format!("{}_{digits}", now.format(TIME))
}

/// What is added to a file's name.
#[must_use]
pub fn suffix(stamp: &str) -> String {
    format!("{FILE}{stamp}")
}

/// What a schema is called.
#[must_use]
pub fn schema(stamp: &str) -> String {
    format!("{SCHEMA}{stamp}")
}

fn is_over(stamp: &str, now: DateTime<Utc>, keep: TimeDelta) -> bool {
    let time = stamp.split_once('_').map_or(stamp, |(time, _)| time);
    NaiveDateTime::parse_from_str(time, TIME).is_ok_and(|at| now - at.and_utc() > keep)
}

/// Removes what was moved aside of a SQLite file. Returns the names.
pub fn prune_file(
    file: &Path,
    now: DateTime<Utc>,
    keep: TimeDelta,
) -> Result<Vec<String>, BackupError> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return Ok(Vec::new());
    };
    let begin = format!("{}{FILE}", name.to_string_lossy());
    let mut removed = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(BackupError::at(folder))? {
        let entry = entry.map_err(BackupError::at(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.strip_prefix(&begin).is_some_and(|stamp| is_over(stamp, now, keep)) {
            std::fs::remove_file(entry.path()).map_err(BackupError::at(&entry.path()))?;
            removed.push(name);
        }
    }
    Ok(removed)
}

/// The same in a PostgreSQL database.
pub async fn prune_schemas(
    url: &SecretString,
    now: DateTime<Utc>,
    keep: TimeDelta,
) -> Result<Vec<String>, BackupError> {
    let mut connection = connect(url).await?;
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT nspname::text FROM pg_namespace WHERE starts_with(nspname::text, $1)",
    )
    .bind(SCHEMA)
    .fetch_all(&mut connection)
    .await
    .map_err(BackupError::Copy)?;
    let mut removed = Vec::new();
    for name in found {
        // The name goes into a statement: it is one of ours to the letter, or left alone.
        let ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let is_ours = name.bytes().all(ours);
        if is_ours && name.strip_prefix(SCHEMA).is_some_and(|stamp| is_over(stamp, now, keep)) {
            let sql = format!("DROP SCHEMA {name} CASCADE");
            let drop = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
            connection.execute(drop).await.map_err(BackupError::Copy)?;
            removed.push(name);
        }
    }
    connection.close().await.map_err(BackupError::Copy)?;
    Ok(removed)
}

/// One connection.
pub async fn connect(url: &SecretString) -> Result<PgConnection, BackupError> {
    let options: PgConnectOptions = url.expose_secret().parse().map_err(BackupError::Copy)?;
    let options = options.disable_statement_logging();
    PgConnection::connect_with(&options).await.map_err(BackupError::Copy)
}
