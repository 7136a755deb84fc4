//! A process that dies, at every point where something was committed or removed: the next one takes up
//! what it left, nothing else is touched, and the numbers are right.
//!
//! A home is made once ([`world`]). For each point it is copied, a child process ([`child_process`], of
//! this very program) does the work there and dies at that point, and a server is started over what it
//! left. The points are those of [`loket::crash`]: before and after each commit, and with each file that
//! comes or goes. A child that lives has passed them all. Steps are more: most are in the midst of a
//! transaction. Of those, some are drawn at random ([`deaths`]).

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use loket::app::{App, rotate};
use loket::clock::FakeClock;
use loket::config::{Config, load_from};
use loket::crash;
use loket::domain::ids::{ErasureId, OrganizationId, ParcelId, PurgeId};
use loket::ids::SystemIds;
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use loket::service::outgoing::Outgoing;
use loket::service::rotation::{self, Of};
use loket::service::{Services, closing, erasure, parcels, purge};
use uuid::Uuid;

use crate::support::app::over;
use crate::support::db::{On, TestDatabase, new_database};
use crate::support::desk::FakeServer;
use deaths::{Death, Deaths};

mod deaths;
mod indexing;
mod works;
mod world;

/// Children at once: each waits for the disk most of the time.
const AT_ONCE: usize = 4;

/// What waits looks again after so long; a lease runs out before.
const LATER: TimeDelta = TimeDelta::minutes(20);

/// A home folder, its databases, and the time there.
pub(super) struct Home {
    folder: tempfile::TempDir,
    databases: Vec<TestDatabase>,
    now: DateTime<Utc>,
}

/// A server that is open, over fake networks.
pub(super) struct Open {
    app: App,
    pub(super) services: Services,
    clock: Arc<FakeClock>,
}

impl Home {
    async fn new(on: On) -> Self {
        let mut databases = Vec::new();
        if on == On::Postgres {
            for cluster in ["LOKET_TEST_DATABASE_URL", "LOKET_TEST_KEYRING_URL"] {
                databases.push(new_database(cluster).await);
            }
        }
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        Self { folder: tempfile::tempdir().unwrap(), databases, now }
    }

    async fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), folder.path());
        let mut databases = Vec::new();
        for database in &self.databases {
            databases.push(database.copy().await);
        }
        Self { folder, databases, now: self.now }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let names = ["LOKET_DATABASE__URL", "LOKET_DATABASE__KEYRING_URL"];
        let urls = self.databases.iter().map(|database| database.url.clone());
        names.into_iter().map(str::to_owned).zip(urls).collect()
    }

    async fn open(&self) -> Open {
        open(&load_from(self.folder.path(), &self.variables()).unwrap().config, self.now).await
    }
}

async fn open(config: &Config, now: DateTime<Utc>) -> Open {
    let clock = Arc::new(FakeClock::new(now));
    let app = App::open(config, clock.clone(), Arc::new(SystemIds)).await.unwrap();
    let services = over(app.services.store().clone(), app.services.blobs().clone());
    Open { app, services, clock }
}

impl Open {
    pub(super) async fn close(self) {
        let store = self.app.services.store();
        store.close().await.unwrap();
        store.keyring().close().await.unwrap();
    }

    /// What a start does, and all that is due then and soon after.
    async fn start(&self) {
        let services = &self.services;
        parcels::sweep(services).await.unwrap();
        purge::schedule(services).await.unwrap();
        erasure::schedule(services).await.unwrap();
        rotation::schedule(services).await.unwrap();
        closing::schedule(services).await.unwrap();
        parcels::schedule(services).await.unwrap();
        self.work().await;
    }

    /// Does all that is due, and what waits for a moment.
    pub(super) async fn work(&self) {
        for _ in 0..3 {
            let server: Arc<dyn Outgoing> = Arc::new(FakeServer::default());
            let handlers = jobs::handlers(&self.services, &server);
            let store = self.services.store().clone();
            Worker::new(store, handlers, WorkerOptions::default()).drain().await.unwrap();
            self.clock.advance(LATER);
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir_all(to).unwrap();
    let mode = std::fs::metadata(from).unwrap().permissions().mode();
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(mode)).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a child does: a word, and ids.
#[derive(Debug, Clone)]
struct Work {
    what: &'static str,
    ids: Vec<Uuid>,
    /// So much later than the home was made.
    after: TimeDelta,
}

/// The child: does nothing unless it is told to.
#[tokio::test]
#[ignore = "the child of the other tests here"]
async fn child_process() {
    let of = |name: &str| std::env::var(format!("CRASH_{name}")).ok();
    let Some(home) = of("HOME") else { return };
    let ids: Vec<Uuid> =
        of("IDS").unwrap().split_whitespace().map(|id| id.parse().unwrap()).collect();
    let now: DateTime<Utc> = of("NOW").unwrap().parse().unwrap();
    let variables: Vec<(String, String)> = std::env::vars()
        .filter_map(|(name, value)| Some((name.strip_prefix("CRASH_LOKET_")?.to_owned(), value)))
        .map(|(name, value)| (format!("LOKET_{name}"), value))
        .collect();
    let config = load_from(Path::new(&home), &variables).unwrap().config;
    let what = of("WHAT").unwrap();
    let death: Death = of("DEATH").unwrap().parse().unwrap();
    if what == "root" {
        death.comes();
        let clock = Arc::new(FakeClock::new(now));
        rotate::root(&config, clock, Arc::new(SystemIds)).await.unwrap();
        println!("{STEPS}{}", crash::steps());
        return;
    }
    let open = open(&config, now).await;
    let services = &open.services;
    let organization = OrganizationId(ids[0]);
    death.comes();
    match what.as_str() {
        "purge" => {
            let id = PurgeId(ids[1]);
            while purge::run(services, organization, id).await.unwrap() != purge::Progress::Ended {}
        }
        "erase" => {
            let id = ErasureId(ids[1]);
            while erasure::run(services, organization, id).await.unwrap()
                != erasure::Progress::Ended
            {}
        }
        "rotate" => {
            for of in [Of::Channel(organization, ids[1].into()), Of::Organization(organization)] {
                let begun = rotation::begin(services, of).await.unwrap();
                while rotation::run(services, begun.id).await.unwrap() == rotation::Progress::Goes {
                }
            }
        }
        "forget" => {
            for id in &ids[1..] {
                while rotation::run(services, *id).await.unwrap() != rotation::Progress::Ended {}
            }
        }
        "close" => open.work().await,
        "export" => {
            let made = parcels::make(services, organization, ParcelId(ids[1]), 1).await.unwrap();
            assert_eq!(made, parcels::Made::Ready);
        }
        "index" => indexing::index(&open, &ids).await,
        "remove" => indexing::remove(&open, &ids).await,
        "sweep" => assert_eq!(parcels::sweep(services).await.unwrap(), 1),
        other => panic!("{other}"),
    }
    println!("{STEPS}{}", crash::steps());
}

/// What a child that lives says before the number of its steps.
const STEPS: &str = "steps passed: ";

/// Runs a child. None when it died as it was to; otherwise, how many steps it passed.
fn run(home: &Home, work: &Work, death: Death) -> Option<u64> {
    let ids: Vec<String> = work.ids.iter().map(Uuid::to_string).collect();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["crash::child_process", "--exact", "--ignored", "--nocapture"])
        .env("CRASH_HOME", home.folder.path())
        .env("CRASH_WHAT", work.what)
        .env("CRASH_IDS", ids.join(" "))
        .env("CRASH_NOW", (home.now + work.after).to_rfc3339())
        .env("CRASH_DEATH", death.to_string())
        .stdin(Stdio::null());
    for (name, value) in home.variables() {
        command.env(format!("CRASH_{name}"), value);
    }
    let output = command.output().unwrap();
    // A child that panics is an error of the work; one that aborts has died as it was to.
    output.status.code()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{work:?} at {death}: {said}");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, steps) = printed.split_once(STEPS).expect("it says how many steps it passed");
    Some(steps.lines().next().unwrap().parse().unwrap())
}

/// Has the work die at each of `deaths`, and `check` what the next start makes of it. Answers what [`run`] did of each.
async fn each<F>(base: &Home, work: &Work, deaths: &[Death], check: &F) -> Vec<Option<u64>>
where
    F: AsyncFn(&Open, Death),
{
    let mut all = Vec::new();
    for some in deaths.chunks(AT_ONCE) {
        // Copies and children side by side, checks one after the other.
        let mut homes = Vec::new();
        for _ in some {
            homes.push(base.copy().await);
        }
        let (outcomes, homes) = tokio::task::spawn_blocking({
            let (work, some) = (work.clone(), some.to_vec());
            move || {
                let outcomes: Vec<Option<u64>> = std::thread::scope(|scope| {
                    let running: Vec<_> = homes
                        .iter()
                        .zip(&some)
                        .map(|(home, death)| scope.spawn(|| run(home, &work, *death)))
                        .collect();
                    running.into_iter().map(|one| one.join().unwrap()).collect()
                });
                (outcomes, homes)
            }
        })
        .await
        .unwrap();
        for ((home, outcome), death) in homes.into_iter().zip(outcomes).zip(some) {
            let later = Home { now: home.now + work.after, ..home };
            let open = later.open().await;
            open.start().await;
            check(&open, *death).await;
            open.close().await;
            all.push(outcome);
        }
    }
    all
}

/// At each point.
const ALL: Deaths = Deaths::Each(1);

/// Where many points were on SQLite, some on PostgreSQL, whose databases are copied slowly.
const SOME: Deaths = Deaths::Each(20);

#[tokio::test]
async fn a_purge_that_dies_anywhere_is_completed() {
    let points = works::a_purge(On::Sqlite, ALL).await;
    println!("a purge was killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn an_erasure_that_dies_anywhere_is_completed() {
    let points = works::an_erasure(On::Sqlite, ALL).await;
    println!("an erasure was killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn a_rotation_that_dies_anywhere_is_completed() {
    let points = works::a_rotation(On::Sqlite, [ALL; 3]).await;
    println!("rotations were killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn a_closing_that_dies_anywhere_is_completed() {
    let points = works::a_closing(On::Sqlite, Deaths::Each(2)).await;
    println!("a closing was killed at {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn an_export_that_dies_anywhere_is_completed() {
    let points = works::an_export(On::Sqlite, ALL).await;
    println!("an export and its end were killed at each of {points} points");
    assert!(points > 8, "{points}");
}

#[tokio::test]
async fn indexing_that_dies_at_200_random_steps_is_completed() {
    assert_eq!(indexing::indexes(On::Sqlite, Deaths::Drawn(200)).await, 200);
}

#[tokio::test]
async fn a_deletion_that_dies_anywhere_leaves_nothing_in_the_indexes() {
    let points = indexing::removals(On::Sqlite, ALL).await;
    println!("a deletion was killed at each of {points} points");
    assert!(points > 8, "{points}");
    let points = indexing::removals(On::Postgres, Deaths::Each(4)).await;
    assert!(points > 2, "{points}");
}

#[tokio::test]
async fn indexing_that_dies_on_postgres_is_completed() {
    assert_eq!(indexing::indexes(On::Postgres, Deaths::Drawn(5)).await, 5);
}

#[tokio::test]
async fn on_postgres_too() {
    let points = [
        works::a_purge(On::Postgres, SOME).await,
        works::an_erasure(On::Postgres, SOME).await,
        works::a_rotation(On::Postgres, [SOME, SOME, ALL]).await,
        works::a_closing(On::Postgres, SOME).await,
        works::an_export(On::Postgres, SOME).await,
    ];
    println!(
        "on PostgreSQL purge, erasure, rotations, closing and export were killed at {points:?} points"
    );
    assert!(points.iter().all(|points| *points > 1), "{points:?}");
}

#[tokio::test]
async fn a_purge_that_dies_at_67_random_steps_is_completed() {
    assert_eq!(works::a_purge(On::Sqlite, Deaths::Drawn(67)).await, 67);
}

#[tokio::test]
async fn an_erasure_that_dies_at_67_random_steps_is_completed() {
    assert_eq!(works::an_erasure(On::Sqlite, Deaths::Drawn(67)).await, 67);
}

#[tokio::test]
async fn rotations_that_die_at_66_random_steps_are_completed() {
    let deaths = [Deaths::Drawn(42), Deaths::Drawn(18), Deaths::Drawn(6)];
    assert_eq!(works::a_rotation(On::Sqlite, deaths).await, 66);
}

#[tokio::test]
async fn random_steps_on_postgres_too() {
    let some = Deaths::Drawn(5);
    let died = [
        works::a_purge(On::Postgres, some).await,
        works::an_erasure(On::Postgres, some).await,
        works::a_rotation(On::Postgres, [some; 3]).await,
    ];
    assert_eq!(died, [5, 5, 15]);
}
