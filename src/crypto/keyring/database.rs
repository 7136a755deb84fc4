//! Connections of the keyring: one writer and a few readers on SQLite, a pool on PostgreSQL.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::KeyError;
use super::super::root;
use super::meta;

/// How long a statement waits for another process's write.
const BUSY: Duration = Duration::from_secs(10);
/// How long to wait for a connection of the pool: longer means that the server is overloaded.
const ACQUIRE: Duration = Duration::from_secs(20);
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL, unless it is said otherwise.
pub(super) const POSTGRES_CONNECTIONS: u32 = 8;

/// The keyring's database.
#[derive(Debug, Clone)]
pub(super) struct KeyringDatabase {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl KeyringDatabase {
    /// Opens (and makes) the SQLite file `path`, private to its owner.
    pub(super) async fn open_sqlite(path: &Path) -> Result<Self, KeyError> {
        root::private_folder(&root::folder_of(path))?;
        root::private_file(path)?;
        let writer = connect_sqlite(path, 1, false).await?;
        // What a deleted key leaves in the file must be zeros, and what is committed must last.
        for (name, wanted) in [
            ("secure_delete", "1"),
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
        ] {
            let found = pragma(&writer, name).await?;
            if found != wanted {
                return Err(KeyError::Setting { name, found });
            }
        }
        let reader = connect_sqlite(path, SQLITE_READERS, true).await?;
        Ok(Self::watched(writer, reader))
    }

    /// Connects to PostgreSQL.
    pub(super) async fn open_postgres(
        url: &SecretString,
        max_connections: u32,
    ) -> Result<Self, KeyError> {
        let mut options = ConnectOptions::new(url.expose_secret());
        options.max_connections(max_connections).acquire_timeout(ACQUIRE).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Self::watched(pool.clone(), pool))
    }

    fn watched(mut writer: DatabaseConnection, mut reader: DatabaseConnection) -> Self {
        crate::crash::watch(&mut writer);
        crate::crash::watch(&mut reader);
        Self { writer, reader }
    }

    /// For reading only.
    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A transaction that may write: it waits for the one writer first, so that it never fails
    /// half-way for want of a lock.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let mode =
            (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: mode,
                ..TransactionOptions::default()
            })
            .await
    }

    /// As [`Self::begin`], and alone: for what counts on or makes something that must be unique.
    pub(super) async fn begin_alone(&self) -> Result<DatabaseTransaction, DbErr> {
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            tx.execute_unprepared("LOCK TABLE keyring_meta IN SHARE ROW EXCLUSIVE MODE").await?;
        }
        Ok(tx)
    }

    /// As [`Self::begin`], before the tables are known to be there.
    pub(super) async fn begin_first(&self) -> Result<DatabaseTransaction, DbErr> {
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            // Any constant: two first starts at once must not both make the tables.
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(5279218231)").await?;
        }
        Ok(tx)
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Removes what destroyed keys have left behind: on SQLite the write-ahead log, on PostgreSQL
    /// dead rows. False when a reader stood in the way; then it is to be tried again.
    pub(super) async fn scrub(&self) -> Result<bool, DbErr> {
        if self.backend() == DbBackend::Postgres {
            self.writer.execute_unprepared("VACUUM keyring_key").await?;
            return Ok(true);
        }
        let row = self
            .writer
            .query_one_raw(statement(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)"))
            .await?;
        Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()? == Some(0))
    }

    /// What of [`Self::scrub`] is cheap enough to follow each destruction.
    pub(super) async fn scrub_after_commit(&self) -> Result<bool, DbErr> {
        if self.backend() == DbBackend::Sqlite { self.scrub().await } else { Ok(true) }
    }

    /// Closes all connections.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.reader.clone().close().await?;
        self.writer.clone().close().await
    }

    /// What names this PostgreSQL cluster among all; nothing on SQLite.
    pub(super) async fn system_identifier(&self) -> Result<Option<String>, DbErr> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let query = "SELECT system_identifier::text FROM pg_control_system()";
        let row = self.reader.query_one_raw(statement(DbBackend::Postgres, query)).await?;
        row.map(|row| row.try_get_by_index(0)).transpose()
    }

    /// Whether this database has been a keyring before.
    pub(super) async fn is_founded(&self) -> Result<bool, DbErr> {
        let query = if self.backend() == DbBackend::Postgres {
            "SELECT 1 WHERE to_regclass('keyring_meta') IS NOT NULL"
        } else {
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'keyring_meta'"
        };
        if self.reader.query_one_raw(statement(self.backend(), query)).await?.is_none() {
            return Ok(false);
        }
        Ok(meta::find(&self.reader, meta::ROOT_CHECK).await?.is_some())
    }
}

async fn connect_sqlite(
    path: &Path,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    let file = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |_| {
            // auto_vacuum has to come before WAL and the first table, else it is ignored.
            let options = SqliteConnectOptions::new()
                .filename(&file)
                .auto_vacuum(SqliteAutoVacuum::Incremental)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                .pragma("secure_delete", "ON");
            if read_only { options.pragma("query_only", "ON") } else { options }
        });
    Database::connect(options).await
}

async fn pragma(db: &DatabaseConnection, name: &str) -> Result<String, DbErr> {
    let row = db.query_one_raw(statement(DbBackend::Sqlite, &format!("PRAGMA {name}"))).await?;
    let Some(row) = row else { return Ok(String::new()) };
    row.try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
}

fn statement(backend: DbBackend, sql: &str) -> Statement {
    Statement::from_string(backend, sql)
}
