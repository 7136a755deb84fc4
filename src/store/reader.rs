//! Connections that only read.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, Statement, Value,
};
use sea_query_sqlx::SqlxValues;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Sqlite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type See = Arc<dyn Fn(&Statement) + Send + Sync>;

/// Where statements that only read go.
#[derive(Debug, Clone)]
pub enum Reader {
    /// A `SQLite` file.
    File(FileReader),
    /// The connections to `PostgreSQL`, which write too.
    Pool(DatabaseConnection),
}

impl Reader {
    /// Shows every statement, once it has run.
    pub(super) fn observe(&mut self, see: impl Fn(&Statement) + Send + Sync + 'static) {
        match self {
            Self::File(file) => file.see = Some(Arc::new(see)),
            Self::Pool(pool) => pool.set_metric_callback(move |ran| see(ran.statement)),
        }
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::File(file) => file.close().await,
            Self::Pool(pool) => pool.clone().close().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::File(_) => DbBackend::Sqlite,
            Self::Pool(pool) => pool.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::File(file) => file.execute(statement).await,
            Self::Pool(pool) => pool.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::File(file) => file.execute_unprepared(sql).await,
            Self::Pool(pool) => pool.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::File(file) => file.one(statement).await,
            Self::Pool(pool) => pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::File(file) => file.all(statement).await,
            Self::Pool(pool) => pool.query_all_raw(statement).await,
        }
    }
}

/// A few connections to a `SQLite` file. They are in this process and cannot hang up, so none is
/// asked whether it is still there: the pool of sqlx does that each time that it takes one back, in
/// a task of its own, which costs more than most of the statements do. The one that was used last is
/// used next: what it has in its page cache is what is wanted most.
#[derive(Clone)]
pub struct FileReader {
    shared: Arc<Shared>,
    see: Option<See>,
}

struct Shared {
    options: SqliteConnectOptions,
    free: Arc<Semaphore>,
    patience: Duration,
    most: u32,
    idle: Mutex<Vec<SqliteConnection>>,
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader").field("free", &self.shared.free).finish_non_exhaustive()
    }
}

impl FileReader {
    /// `most` connections, opened as they are needed; who waits longer than `patience` for one is
    /// told so.
    pub(super) fn new(options: SqliteConnectOptions, most: u32, patience: Duration) -> Self {
        let free = Arc::new(Semaphore::new(most as usize));
        let shared = Shared { options, free, patience, most, idle: Mutex::default() };
        Self { shared: Arc::new(shared), see: None }
    }

    async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let statement = with_limit(statement);
        let mut lent = self.lend().await?;
        let found = query(&statement).fetch_all(lent.connection()?).await;
        let rows = self.finish(lent, Some(&statement), found).map_err(query_error)?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }

    async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let statement = with_limit(statement);
        let mut lent = self.lend().await?;
        let found = query(&statement).fetch_optional(lent.connection()?).await;
        let row = self.finish(lent, Some(&statement), found).map_err(query_error)?;
        Ok(row.map(QueryResult::from))
    }

    async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut lent = self.lend().await?;
        let done = query(&statement).execute(lent.connection()?).await;
        let done = self.finish(lent, Some(&statement), done).map_err(exec_error)?;
        Ok(done.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut lent = self.lend().await?;
        let done = lent.connection()?.execute(AssertSqlSafe(sql.to_owned())).await;
        Ok(self.finish(lent, None, done).map_err(exec_error)?.into())
    }

    async fn lend(&self) -> Result<Lent, DbErr> {
        let Shared { free, patience, options, .. } = &*self.shared;
        let permit = match free.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => tokio::time::timeout(*patience, free.clone().acquire_owned())
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?,
        };
        let known = self.shared.idle().pop();
        let connection = match known {
            Some(connection) => connection,
            None => options.connect().await.map_err(connection_error)?,
        };
        let shared = self.shared.clone();
        Ok(Lent { connection: Some(connection), is_still: false, permit: Some(permit), shared })
    }

    /// Whoever waited for an answer has got it.
    fn finish<T>(
        &self,
        mut lent: Lent,
        statement: Option<&Statement>,
        answer: Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        crate::crash::step();
        if let (Some(see), Some(statement)) = (&self.see, statement) {
            see(statement);
        }
        lent.is_still = true;
        if matches!(answer, Err(sqlx::Error::WorkerCrashed)) {
            // The next statement gets a new one.
            lent.connection = None;
        }
        answer
    }

    async fn close(&self) -> Result<(), DbErr> {
        let Shared { free, most, .. } = &*self.shared;
        // Each of them has come back by then.
        let all = free.acquire_many(*most).await;
        free.close();
        drop(all);
        let idle = std::mem::take(&mut *self.shared.idle());
        for connection in idle {
            connection.close().await.map_err(connection_error)?;
        }
        Ok(())
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        // A list of connections is whole whatever panicked.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection until it goes back.
struct Lent {
    connection: Option<SqliteConnection>,
    /// Nothing runs on it.
    is_still: bool,
    permit: Option<OwnedSemaphorePermit>,
    shared: Arc<Shared>,
}

impl Lent {
    fn connection(&mut self) -> Result<&mut SqliteConnection, DbErr> {
        self.connection.as_mut().ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.is_still {
            self.shared.idle().push(connection);
            return;
        }
        // Nobody waits for the answer any more, and yet the statement runs to its next row.
        let (permit, shared) = (self.permit.take(), self.shared.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if connection.ping().await.is_ok() {
                    shared.idle().push(connection);
                }
                drop(permit);
            });
        }
    }
}

fn query(statement: &Statement) -> Query<'_, Sqlite, SqlxValues> {
    let values = statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new()));
    // As sea-orm does it: every value is bound.
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

/// Its limit as a part of it. `SQLite` plans by the value that is bound to one, and so prepares the statement anew each
/// time that it is bound.
fn with_limit(mut statement: Statement) -> Statement {
    let Some(values) = &mut statement.values else { return statement };
    if let Some(sql) = statement.sql.strip_suffix("LIMIT ?")
        && let Some(Value::BigUnsigned(Some(limit))) = values.0.last()
    {
        statement.sql = format!("{sql}LIMIT {limit}");
        values.0.pop();
    }
    statement
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn statement(sql: &str) -> Statement {
        Statement::from_string(DbBackend::Sqlite, sql)
    }

    fn reader(patience: Duration) -> FileReader {
        FileReader::new(SqliteConnectOptions::new(), 1, patience)
    }

    #[tokio::test]
    async fn one_that_was_left_in_the_midst_of_a_statement_serves_again() {
        let reader = reader(Duration::from_secs(10));
        // Only this connection knows: another one has an empty database of its own.
        reader.execute_unprepared("PRAGMA user_version = 7").await.unwrap();
        let long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000) \
                    SELECT i FROM n";
        assert!(reader.all(statement(long)).now_or_never().is_none(), "it takes its time");
        let row = reader.one(statement("PRAGMA user_version")).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), 7);
    }

    #[tokio::test]
    async fn a_limit_is_a_part_of_the_statement() {
        let with = |sql: &str, values: Vec<Value>| {
            Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
        };
        let both =
            "SELECT * FROM (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) WHERE ? < 5 LIMIT ?";
        let limited = with_limit(with(both, vec![4.into(), 2_u64.into()]));
        assert_eq!(limited.sql, both.replace("LIMIT ?", "LIMIT 2"));
        assert_eq!(limited.values.as_ref().unwrap().0, [4.into()]);
        assert_eq!(reader(Duration::from_secs(10)).all(limited).await.unwrap().len(), 2);
        for (sql, values) in [("SELECT 1", vec![]), ("SELECT ?", vec![7_u64.into()])] {
            let other = with(sql, values);
            assert_eq!(with_limit(other.clone()), other);
        }
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_so_and_nobody_gets_one_once_it_is_closed() {
        let reader = reader(Duration::from_millis(20));
        let lent = reader.lend().await.unwrap();
        let late = reader.one(statement("SELECT 1")).await;
        assert_eq!(late.err(), Some(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)));
        drop(lent);
        reader.close().await.unwrap();
        let closed = reader.one(statement("SELECT 1")).await;
        let wanted = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        assert_eq!(closed.err(), Some(wanted));
    }
}
