//! An empty store of its own for each test, on `SQLite` or on `PostgreSQL`.

use std::sync::Arc;

use chrono::TimeDelta;
use loket::clock::{Clock, FakeClock, SystemClock};
use loket::crypto::{Keyring, KeyringLocation, KeyringOptions};
use loket::ids::{Ids, SystemIds};
use loket::store::{Db, Location, Store};
use sea_orm::{ConnectionTrait, Database, Statement};

const START: &str = "start the rig's PostgreSQL (tests/rig/bin/postgres.sh start) and set \
    LOKET_TEST_DATABASE_URL and LOKET_TEST_KEYRING_URL to superusers' URLs of its two clusters";

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// Makes one test per database of each function `async fn name(on: On)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite { $(#[tokio::test] async fn $name() { super::$name($crate::support::db::On::Sqlite).await; })+ }
        mod postgres { $(#[tokio::test] async fn $name() { super::$name($crate::support::db::On::Postgres).await; })+ }
    };
}
pub(crate) use on_both;

/// A store with its clock; its files go with it.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) clock: Arc<FakeClock>,
    on: On,
    audit_url: String,
    /// Where the data is, for a test that looks past the store.
    pub(crate) data_url: String,
    /// Where the keyring is.
    pub(crate) keys_url: String,
    folder: tempfile::TempDir,
    _databases: Vec<TestDatabase>,
}

/// Statements that a store ran.
type See = Arc<dyn Fn(&Statement) + Send + Sync>;

impl Home {
    pub(crate) async fn new(on: On) -> Self {
        Self::observed(on, None).await
    }

    /// `see` is shown every statement of the data database.
    pub(crate) async fn observed(on: On, see: Option<See>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::new("2026-03-02T09:00:00Z".parse().unwrap()));
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let (data_file, keys_file) = (data.join("loket.db"), folder.path().join("keys/keyring.db"));
        let mut databases = Vec::new();
        let (data_url, keys_url) = match on {
            On::Sqlite => (
                format!("sqlite://{}", data_file.display()),
                format!("sqlite://{}", keys_file.display()),
            ),
            On::Postgres => {
                let data = new_database("LOKET_TEST_DATABASE_URL").await;
                let keys = new_database("LOKET_TEST_KEYRING_URL").await;
                let urls = (data.url.clone(), keys.url.clone());
                databases.extend([data, keys]);
                urls
            }
        };
        let audit_url = match on {
            On::Sqlite => format!("sqlite://{}", data.join("audit.db").display()),
            On::Postgres => data_url.clone(),
        };
        let store = open(on, folder.path(), (&data_url, &keys_url), &clock, see).await;
        store.migrate().await.unwrap();
        Self { store, clock, on, audit_url, data_url, keys_url, folder, _databases: databases }
    }

    /// The store of another process over the same databases.
    pub(crate) async fn again(&self) -> Store {
        let urls = (self.data_url.as_str(), self.keys_url.as_str());
        open(self.on, self.folder.path(), urls, &self.clock, None).await
    }

    /// Where the audit log is, for a test that alters it.
    pub(crate) fn audit_url(&self) -> &str {
        &self.audit_url
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

async fn open(
    on: On,
    folder: &std::path::Path,
    (data_url, keys_url): (&str, &str),
    clock: &Arc<FakeClock>,
    see: Option<See>,
) -> Store {
    let data = folder.join("data");
    let (location, keys) = match on {
        On::Sqlite => (
            Location::Sqlite(data.join("loket.db")),
            KeyringLocation::Sqlite(folder.join("keys/keyring.db")),
        ),
        On::Postgres => (
            Location::Postgres(data_url.to_owned()),
            KeyringLocation::Postgres(keys_url.to_owned().into()),
        ),
    };
    let root = folder.join("keys/root.key");
    let options = KeyringOptions::new(keys, root, clock.clone(), Arc::new(SystemIds));
    let keyring = Keyring::open(options).await.unwrap();
    let mut db = Db::open(&location).await.unwrap();
    if let Some(see) = see {
        db.observe(move |statement| see(statement));
    }
    let audit = match on {
        On::Sqlite => Db::open(&Location::Sqlite(data.join("audit.db"))).await.unwrap(),
        On::Postgres => db.clone(),
    };
    Store::new(db, audit, keyring, clock.clone(), Arc::new(SystemIds))
}

/// An empty PostgreSQL database, which is gone when this is: some hundreds of them fill a disk.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    server: String,
    name: String,
}

/// Makes an empty database in the cluster that `variable` has the address of.
pub(crate) async fn new_database(variable: &str) -> TestDatabase {
    let server = std::env::var(variable).unwrap_or_else(|_| panic!("{START}"));
    let name = format!("loket_{}", SystemIds.uuid(SystemClock.now()).simple());
    run(&server, &format!("CREATE DATABASE {name}"))
        .await
        .unwrap_or_else(|e| panic!("{START}: {e}"));
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    TestDatabase { url: url.into(), server, name }
}

impl TestDatabase {
    /// Another one with the same in it; nobody may be connected to this.
    pub(crate) async fn copy(&self) -> Self {
        let name = format!("loket_{}", SystemIds.uuid(SystemClock.now()).simple());
        run(&self.server, &format!("CREATE DATABASE {name} TEMPLATE {}", self.name)).await.unwrap();
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&name);
        Self { url: url.into(), server: self.server.clone(), name }
    }
}

async fn run(server: &str, sql: &str) -> Result<(), sea_orm::DbErr> {
    let server = Database::connect(server).await?;
    server.execute_unprepared(sql).await?;
    server.close().await
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let server = self.server.clone();
        // FORCE: the test's own pools may still be open.
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(run(&server, &sql)).map_err(std::io::Error::other)
        })
        .join();
        if !std::thread::panicking() {
            dropped.unwrap().unwrap();
        }
    }
}
