//! Puts databases where they belong, and moves aside what is there. Until the end it can all be
//! taken back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::{Connection as _, Executor as _};
use uuid::Uuid;

use super::RestoreError;
use crate::backup::{BackupError, aside, copy, sync_folder};
use crate::config::Config;
use crate::service::backup as names;

/// What is there before a restore.
#[derive(Debug, Clone, Copy)]
pub(super) struct There {
    pub(super) data: bool,
    pub(super) keyring: bool,
}

/// Looks what is there.
pub(super) async fn look(config: &Config) -> Result<There, RestoreError> {
    let data = match config.database.on_postgres() {
        Some(url) => has_table(url, "server_meta").await?,
        None => config.home.database().exists() || config.home.audit().exists(),
    };
    let keyring = match config.database.keyring_on_postgres() {
        Some(url) => has_table(url, "keyring_meta").await?,
        None => config.home.keyring().exists(),
    };
    Ok(There { data, keyring })
}

/// What SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// What was moved, to be moved back.
enum Moved {
    /// A file, and what it is called now.
    File { was: PathBuf, is: PathBuf },
    /// A file that was not there before.
    New(PathBuf),
    /// A schema of PostgreSQL, and what it is called now.
    Schema { url: SecretString, is: String },
}

/// What was put in its place.
pub(super) struct Placed<'a> {
    config: &'a Config,
    stamp: String,
    moved: Vec<Moved>,
}

impl<'a> Placed<'a> {
    pub(super) fn new(config: &'a Config, now: DateTime<Utc>, id: Uuid) -> Self {
        Self { config, stamp: aside::stamp(now, id), moved: Vec::new() }
    }

    /// Puts a backup of the keyring in its place.
    pub(super) async fn keyring(&mut self, folder: &Path) -> Result<(), RestoreError> {
        match self.config.database.keyring_on_postgres() {
            Some(url) => self.schema(url, &folder.join(names::KEYRING_DUMP)).await,
            None => self.file(&folder.join(names::KEYRING), &self.config.home.keyring()),
        }
    }

    /// Puts a backup of the data in its place.
    pub(super) async fn data(&mut self, folder: &Path) -> Result<(), RestoreError> {
        if let Some(url) = self.config.database.on_postgres() {
            return self.schema(url, &folder.join(names::DATA_DUMP)).await;
        }
        self.file(&folder.join(names::DATA), &self.config.home.database())?;
        self.file(&folder.join(names::AUDIT), &self.config.home.audit())
    }

    fn file(&mut self, from: &Path, to: &Path) -> Result<(), RestoreError> {
        for suffix in BESIDE {
            let was = with_suffix(to, suffix);
            if was.exists() {
                let is = with_suffix(to, &(aside::suffix(&self.stamp) + suffix));
                rename(&was, &is)?;
                self.moved.push(Moved::File { was, is });
            }
        }
        self.moved.push(Moved::New(to.to_owned()));
        Ok(copy::place(from, to)?)
    }

    async fn schema(&mut self, url: &SecretString, dump: &Path) -> Result<(), RestoreError> {
        let is = aside::schema(&self.stamp);
        let sql = format!("ALTER SCHEMA public RENAME TO {is}; CREATE SCHEMA public;");
        execute(url, &sql).await?;
        self.moved.push(Moved::Schema { url: url.clone(), is });
        let tools = self.config.backup.postgres_tools.as_deref();
        Ok(copy::fill(url, tools, dump).await?)
    }

    /// It is to stay. Returns where what was there before is now.
    pub(super) fn keep(self) -> Vec<String> {
        self.moved
            .into_iter()
            .filter_map(|moved| match moved {
                Moved::File { is, .. } => Some(is.display().to_string()),
                Moved::Schema { is, .. } => Some(format!("the schema {is} of the database")),
                Moved::New(_) => None,
            })
            .collect()
    }

    /// Everything as it was.
    pub(super) async fn take_back(self) -> Result<(), RestoreError> {
        for moved in self.moved.into_iter().rev() {
            match moved {
                Moved::New(path) => {
                    for suffix in BESIDE {
                        let path = with_suffix(&path, suffix);
                        match std::fs::remove_file(&path) {
                            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                                return Err(BackupError::Io { path, source: error }.into());
                            }
                            _ => {}
                        }
                    }
                }
                Moved::File { was, is } => rename(&is, &was)?,
                Moved::Schema { url, is } => {
                    let sql =
                        format!("DROP SCHEMA public CASCADE; ALTER SCHEMA {is} RENAME TO public;");
                    execute(&url, &sql).await?;
                }
            }
        }
        Ok(())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn rename(from: &Path, to: &Path) -> Result<(), RestoreError> {
    let failed = |source| BackupError::Io { path: from.to_owned(), source };
    std::fs::rename(from, to).map_err(failed)?;
    Ok(sync_folder(to.parent().unwrap_or(Path::new(".")))?)
}

async fn execute(url: &SecretString, sql: &str) -> Result<(), BackupError> {
    let mut connection = aside::connect(url).await?;
    // Both or neither: PostgreSQL runs what comes as one text as one transaction.
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.map_err(BackupError::Copy)?;
    connection.close().await.map_err(BackupError::Copy)
}

async fn has_table(url: &SecretString, name: &str) -> Result<bool, BackupError> {
    let mut connection = aside::connect(url).await?;
    let found: Option<String> = sqlx::query_scalar("SELECT to_regclass('public.' || $1)::text")
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .map_err(BackupError::Copy)?;
    connection.close().await.map_err(BackupError::Copy)?;
    Ok(found.is_some())
}
