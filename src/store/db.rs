//! Opens a database: `SQLite` with one writer and several readers, or `PostgreSQL`.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor};

use super::error::{Result, StoreError};
use super::reader::{FileReader, Reader};

/// How long a statement waits for the writer before it fails; a transaction holds it for
/// milliseconds, so a longer wait means that something hangs.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request waits for a free connection; longer than a page load is no use.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Readers of a `SQLite` file: more than the cores of a small machine only cost memory.
const SQLITE_READERS: u32 = 4;

/// Connections to `PostgreSQL` from one instance, unless it is configured otherwise.
const POSTGRES_CONNECTIONS: u32 = 16;

/// A connection to `PostgreSQL` that was used so lately is not asked whether it is still there.
const TRUSTED: Duration = Duration::from_secs(5);

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file, made when it is not there.
    Sqlite(PathBuf),
    /// A connection string.
    Postgres(String),
}

/// An open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    write: DatabaseConnection,
    read: Reader,
}

impl Db {
    /// Opens the database at `location`; makes an empty `SQLite` file when there is none.
    pub async fn open(location: &Location) -> Result<Self> {
        Self::open_with(location, POSTGRES_CONNECTIONS).await
    }

    /// As [`Self::open`], with this many connections to `PostgreSQL` at most.
    pub async fn open_with(location: &Location, max_connections: u32) -> Result<Self> {
        let mut db = match location {
            Location::Sqlite(path) => Self::open_sqlite(path).await?,
            Location::Postgres(url) => Self::open_postgres(url, max_connections).await?,
        };
        crate::crash::watch(&mut db.write);
        if let Reader::Pool(pool) = &mut db.read {
            crate::crash::watch(pool);
        }
        Ok(db)
    }

    async fn open_sqlite(path: &Path) -> Result<Self> {
        prepare_sqlite(path).await?;
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            // It is in this process: there is nothing that could have hung up.
            .test_before_acquire(false)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(sqlite_options(path))
            .await?;
        let reading = sqlite_options(path).pragma("query_only", "ON");
        let read = FileReader::new(reading, SQLITE_READERS, ACQUIRE_TIMEOUT);
        let write = SqlxSqliteConnector::from_sqlx_sqlite_pool(write);
        Ok(Self { write, read: Reader::File(read) })
    }

    async fn open_postgres(url: &str, max_connections: u32) -> Result<Self> {
        let options: PgConnectOptions = url.parse::<PgConnectOptions>()?;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // One that was used a moment ago is there: to ask it each time doubles the way to the database.
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for > TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.application_name("loket").disable_statement_logging())
            .await?;
        let both = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self { write: both.clone(), read: Reader::Pool(both) })
    }

    /// Shows every statement of the connections that are cloned from this one, once it has run.
    pub fn observe(&mut self, see: impl Fn(&Statement) + Clone + Send + Sync + 'static) {
        self.read.observe(see.clone());
        self.write.set_metric_callback(move |ran| see(ran.statement));
    }

    /// The connection for reading outside a transaction.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// The connection for single statements that write.
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that may write. On `SQLite` it takes the writer at once
    /// (`BEGIN IMMEDIATE`), so that it never fails half-way for want of it.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// What names this `PostgreSQL` cluster among all; nothing on `SQLite`.
    pub async fn system_identifier(&self) -> Result<Option<String>> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let sql = "SELECT system_identifier::text AS id FROM pg_control_system()";
        let row = self.read.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        Ok(row.map(|row| row.try_get("", "id")).transpose()?)
    }

    /// What the clock of `PostgreSQL`'s machine says; nothing on `SQLite`, which has no other.
    pub async fn clock(&self) -> Result<Option<DateTime<Utc>>> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS millis";
        let row = self.read.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let millis: Option<i64> = row.map(|row| row.try_get("", "millis")).transpose()?;
        Ok(millis.and_then(DateTime::from_timestamp_millis))
    }

    /// The first damage in a `SQLite` file's structure; of `PostgreSQL` only that it answers.
    pub async fn quick_check(&self) -> Result<Option<String>> {
        let sql = match self.backend() {
            DbBackend::Sqlite => "PRAGMA quick_check(1)",
            _ => "SELECT 'ok'",
        };
        let row = self.read.query_one_raw(Statement::from_string(self.backend(), sql)).await?;
        let said: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(said.filter(|said| said != "ok"))
    }

    /// Gives the disk back what removed rows took, `pages` at most (`SQLite`). How many are left.
    pub async fn reclaim(&self, pages: u32) -> Result<i64> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(0);
        }
        // It frees a page with each row that is read.
        let vacuum = format!("PRAGMA incremental_vacuum({pages})");
        let statement = Statement::from_string(DbBackend::Sqlite, vacuum);
        self.write.query_all_raw(statement).await?;
        let left = Statement::from_string(DbBackend::Sqlite, "PRAGMA freelist_count");
        let row = self.write.query_one_raw(left).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
    }

    /// Writes the log back into the file and empties it (`SQLite`); removes dead rows of these
    /// tables (`PostgreSQL`). False when a reader stood in the way.
    pub async fn scrub(&self, tables: &[&str]) -> Result<bool> {
        if self.backend() == DbBackend::Sqlite {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let statement = Statement::from_string(DbBackend::Sqlite, sql);
            let row = self.write.query_one_raw(statement).await?;
            return Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()? == Some(0));
        }
        for table in tables {
            self.write.execute_unprepared(&format!("VACUUM {table}")).await?;
        }
        Ok(true)
    }

    /// Closes all connections; on `SQLite` the log is written back first.
    pub async fn close(&self) -> Result<()> {
        if self.backend() == DbBackend::Sqlite {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        self.read.close().await?;
        self.write.clone().close().await?;
        Ok(())
    }
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(256)
        // Nothing is ever sorted or spilled into a file outside the home folder.
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-8000")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
}

/// Makes the file where there is none, and leaves it to nobody but this user. `SQLite` gives its
/// `-wal` and `-shm` the same permissions.
fn own_only(path: &Path) -> Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(sqlx::Error::Io)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(sqlx::Error::Io)?;
    Ok(())
}

/// `auto_vacuum` is silently ignored once the first table or the WAL is there, so a new file
/// gets it first, and it is read back.
async fn prepare_sqlite(path: &Path) -> Result<()> {
    let new = !path.exists();
    own_only(path)?;
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .connect()
        .await?;
    if new {
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL").await?;
        connection.execute("PRAGMA journal_mode = WAL").await?;
        // Makes the first page, with which the setting becomes permanent.
        connection.execute("CREATE TABLE _first (x); DROP TABLE _first;").await?;
    }
    let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut connection).await?;
    connection.close().await?;
    if mode != 2 {
        return Err(StoreError::Corrupt {
            table: "sqlite_schema",
            what: "auto_vacuum is not INCREMENTAL: the file was not made by Loket",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_else_may_read_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loket.db");
        for _ in 0..2 {
            let db = Db::open(&Location::Sqlite(path.clone())).await.unwrap();
            db.write().execute_unprepared("CREATE TABLE IF NOT EXISTS t (x)").await.unwrap();
            let mut files = 0;
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                let mode = entry.unwrap().metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600);
                files += 1;
            }
            assert_eq!(files, 3, "the database, its log and the log's index");
            db.close().await.unwrap();
            // As an earlier version or a careless copy leaves it: mended at the next opening.
            std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        }
    }
}
