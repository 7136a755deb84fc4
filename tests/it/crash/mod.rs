//! A process that dies, at every point where something was committed or removed: the next one takes up
//! what it left, nothing else is touched, and the numbers are right.
//!
//! A home is made once ([`world`]). For each point it is copied, a child process ([`child_process`], of
//! this very program) does the work there and dies at that point, and a server is started over what it
//! left. The points are those of [`loket::crash`]: before and after each commit, and with each file that
//! goes. A child that lives has passed them all.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use loket::app::{App, rotate};
use loket::clock::FakeClock;
use loket::config::{Config, load_from};
use loket::crash;
use loket::domain::ids::{ErasureId, OrganizationId, PurgeId};
use loket::domain::words::{ErasureState, PurgeState, RotationState};
use loket::ids::SystemIds;
use loket::jobs;
use loket::queue::{Worker, WorkerOptions};
use loket::service::outgoing::Outgoing;
use loket::service::rotation::{self, Of};
use loket::service::{Services, erasure, purge};
use loket::store::{erasures, purges, rotations};
use uuid::Uuid;

use crate::support::app::over;
use crate::support::db::{On, TestDatabase, new_database};
use crate::support::desk::FakeServer;
use world::World;

mod world;

/// Children at once: each waits for the disk most of the time.
const AT_ONCE: usize = 4;

/// No work passes so many points.
const MOST: u64 = 500;

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
    let app = App::open(config, Arc::new(FakeClock::new(now)), Arc::new(SystemIds)).await.unwrap();
    let services = over(app.services.store().clone(), app.services.blobs().clone());
    Open { app, services }
}

impl Open {
    pub(super) async fn close(self) {
        let store = self.app.services.store();
        store.close().await.unwrap();
        store.keyring().close().await.unwrap();
    }

    /// What a start does, and all that is due then.
    async fn start(&self) {
        let services = &self.services;
        purge::schedule(services).await.unwrap();
        erasure::schedule(services).await.unwrap();
        rotation::schedule(services).await.unwrap();
        // A worker that died lets its lease run out; here nobody waits for that.
        let server: Arc<dyn Outgoing> = Arc::new(FakeServer::default());
        let handlers = jobs::handlers(services, &server);
        let worker = Worker::new(services.store().clone(), handlers, WorkerOptions::default());
        worker.drain().await.unwrap();
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
    let point = of("POINT").unwrap().parse().unwrap();
    let what = of("WHAT").unwrap();
    if what == "root" {
        crash::at(point);
        let clock = Arc::new(FakeClock::new(now));
        rotate::root(&config, clock, Arc::new(SystemIds)).await.unwrap();
        return;
    }
    let open = open(&config, now).await;
    let services = &open.services;
    let organization = OrganizationId(ids[0]);
    crash::at(point);
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
        other => panic!("{other}"),
    }
}

/// Runs a child; whether it died at its point.
fn dies(home: &Home, work: &Work, point: u64) -> bool {
    let ids: Vec<String> = work.ids.iter().map(Uuid::to_string).collect();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["crash::child_process", "--exact", "--ignored", "--nocapture"])
        .env("CRASH_HOME", home.folder.path())
        .env("CRASH_WHAT", work.what)
        .env("CRASH_IDS", ids.join(" "))
        .env("CRASH_NOW", (home.now + work.after).to_rfc3339())
        .env("CRASH_POINT", point.to_string())
        .stdin(Stdio::null());
    for (name, value) in home.variables() {
        command.env(format!("CRASH_{name}"), value);
    }
    let output = command.output().unwrap();
    // A child that panics is an error of the work; one that aborts has died as it was to.
    let died = output.status.code().is_none();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(died || output.status.success(), "{work:?} at point {point}: {said}");
    died
}

/// Has the work die at each `every`th point, and `check` what the next start makes of it. Answers how
/// many points that were.
async fn everywhere<F>(base: &Home, work: &Work, every: u64, check: F) -> usize
where
    F: AsyncFn(&Open, u64),
{
    let mut point = 1;
    let mut count = 0;
    loop {
        // Copies and children side by side, checks one after the other.
        let points: Vec<u64> = (0..AT_ONCE as u64).map(|step| point + step * every).collect();
        let mut homes = Vec::new();
        for _ in &points {
            homes.push(base.copy().await);
        }
        let (outcomes, homes) = tokio::task::spawn_blocking({
            let (work, points) = (work.clone(), points.clone());
            move || {
                let outcomes: Vec<bool> = std::thread::scope(|scope| {
                    let running: Vec<_> = homes
                        .iter()
                        .zip(&points)
                        .map(|(home, point)| scope.spawn(|| dies(home, &work, *point)))
                        .collect();
                    running.into_iter().map(|one| one.join().unwrap()).collect()
                });
                (outcomes, homes)
            }
        })
        .await
        .unwrap();
        for ((home, died), at) in homes.into_iter().zip(&outcomes).zip(&points) {
            let later = Home { now: home.now + work.after, ..home };
            let open = later.open().await;
            open.start().await;
            check(&open, *at).await;
            open.close().await;
            count += usize::from(*died);
        }
        if outcomes.contains(&false) {
            return count;
        }
        point += AT_ONCE as u64 * every;
        assert!(point < MOST, "it ends");
    }
}

async fn a_purge(on: On, every: u64) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.disconnect(&open).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, id.0];
    let work = Work { what: "purge", ids, after: TimeDelta::days(15) };
    everywhere(&base, &work, every, async |open: &Open, at| {
        let store = open.services.store();
        let purge = purges::find(store, organization, id).await.unwrap().unwrap();
        assert_eq!(purge.state, PurgeState::Done, "point {at}");
        let counts = purge.counts;
        assert_eq!((counts.messages, counts.tickets), (6, 3), "point {at}: {counts:?}");
        let statements = purges::list_statements(store, organization).await.unwrap();
        assert_eq!(statements.len(), 1, "point {at}");
        let stated: serde_json::Value = serde_json::from_str(&statements[0].body).unwrap();
        assert_eq!(stated["deleted"]["messages"], 6, "point {at}");
        assert_eq!(world.text(open, &world.work).await, "", "point {at}");
        world.is_untouched(open, at).await;
    })
    .await
}

async fn an_erasure(on: On, every: u64) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let id = world.erase(&open).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, id.0];
    let work = Work { what: "erase", ids, after: TimeDelta::minutes(5) };
    everywhere(&base, &work, every, async |open: &Open, at| {
        let store = open.services.store();
        let erasure = erasures::find(store, organization, id).await.unwrap().unwrap();
        assert_eq!(erasure.state, ErasureState::Done, "point {at}");
        let counts = erasure.counts;
        assert_eq!((counts.messages, counts.tickets_redacted), (2, 1), "point {at}: {counts:?}");
        assert_eq!((counts.tickets_deleted, counts.unfiled), (1, 1), "point {at}: {counts:?}");
        assert_eq!(erasure.removed, counts.messages, "point {at}");
        let text = world.text(open, &world.work).await;
        assert!(!text.contains("zeekanarie") && !text.contains("anna"), "point {at}: {text}");
        let stays = ["bread", "cake", "our own words", "a note", "(erased)"];
        for word in stays {
            assert!(text.contains(word), "point {at}, {word}: {text}");
        }
        world.is_untouched(open, at).await;
    })
    .await
}

async fn a_rotation(on: On, every: u64) -> usize {
    let base = Home::new(on).await;
    let world = World::new(&base).await;
    let open = base.open().await;
    let before = world.text(&open, &world.work).await;
    open.close().await;
    let organization = world.work.owner.organization_id;
    let ids = vec![organization.0, world.work.channel.0];
    let work = Work { what: "rotate", ids, after: TimeDelta::minutes(5) };
    let mut count = everywhere(&base, &work, every, async |open: &Open, at| {
        for one in rotations::list(open.services.store()).await.unwrap() {
            assert_eq!((one.state, one.version), (RotationState::Waiting, 2), "point {at}");
            assert_eq!(one.done, one.total, "point {at}");
        }
        assert_eq!(world.text(open, &world.work).await, before, "point {at}");
        world.is_untouched(open, at).await;
    })
    .await;
    // The end of the old secrets.
    let done = base.copy().await;
    assert!(!dies(&done, &work, 0));
    let open = done.open().await;
    let rotations = rotations::list(open.services.store()).await.unwrap();
    open.close().await;
    assert_eq!(rotations.len(), 2);
    let ids = std::iter::once(organization.0).chain(rotations.iter().map(|one| one.id)).collect();
    let work = Work { what: "forget", ids, after: TimeDelta::days(31) };
    count += everywhere(&done, &work, every, async |open: &Open, at| {
        let store = open.services.store();
        for one in rotations::list(store).await.unwrap() {
            assert_eq!(one.state, RotationState::Done, "point {at}");
        }
        let keys = store.keyring().upper_keys().await.unwrap();
        assert!(keys.iter().all(|key| key.retired.is_empty()), "point {at}");
        assert_eq!(world.text(open, &world.work).await, before, "point {at}");
        world.is_untouched(open, at).await;
    })
    .await;
    // And the root key.
    let work = Work { what: "root", ids: Vec::new(), after: TimeDelta::days(31) };
    count += everywhere(&done, &work, 1, async |open: &Open, at| {
        assert_eq!(world.text(open, &world.work).await, before, "point {at}");
        world.is_untouched(open, at).await;
    })
    .await;
    count
}

#[tokio::test]
async fn a_purge_that_dies_anywhere_is_completed() {
    let points = a_purge(On::Sqlite, 1).await;
    println!("a purge was killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn an_erasure_that_dies_anywhere_is_completed() {
    let points = an_erasure(On::Sqlite, 1).await;
    println!("an erasure was killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn a_rotation_that_dies_anywhere_is_completed() {
    let points = a_rotation(On::Sqlite, 1).await;
    println!("rotations were killed at each of {points} points");
    assert!(points > 30, "{points}");
}

#[tokio::test]
async fn on_postgres_too() {
    let points = [
        a_purge(On::Postgres, 20).await,
        an_erasure(On::Postgres, 20).await,
        a_rotation(On::Postgres, 20).await,
    ];
    println!("on PostgreSQL a purge, an erasure and rotations were killed at {points:?} points");
    assert!(points.iter().all(|points| *points > 1), "{points:?}");
}
