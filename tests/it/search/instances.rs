//! Several instances on the same databases: each has indexes of its own, and they say the same.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use loket::service::Services;
use loket::service::search::check::Depth;
use loket::service::search::feed::Feeder;
use loket::service::search::operate;
use loket::store::search_indexes;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::json;
use uuid::Uuid;

use super::{Shop, ask, numbers, settle};
use crate::forgetting::{advance, disconnect, owner};
use crate::support::app::{Browser, PASSWORD};
use crate::support::db::{On, on_both};

/// Another instance.
struct Other {
    services: Services,
    folder: std::path::PathBuf,
    browser: Browser,
}

impl Other {
    async fn of(shop: &Shop, name: &str) -> Self {
        let (services, folder, mut browser) = shop.app.beside(name).await;
        let user = json!({ "email": "owner@bakery.example", "password": PASSWORD });
        let answer = browser.post("/api/v1/session", &user).await;
        assert!(answer.status.is_success(), "{answer:?}");
        Self { services, folder, browser }
    }

    fn feeder(&self) -> Feeder {
        Feeder::begin(&self.services).expect("a folder of its own")
    }
}

fn indexes(folder: &Path) -> Vec<Uuid> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut ids: Vec<Uuid> =
        entries.filter_map(|name| Uuid::try_parse(name.to_str()?).ok()).collect();
    ids.sort_unstable();
    ids
}

/// Rows of instances' indexes and positions, and keys of indexes.
async fn counts(shop: &Shop) -> [i64; 2] {
    let data = Database::connect(&shop.app.home.data_url).await.unwrap();
    let mut counts = [0; 2];
    for (count, table) in counts.iter_mut().zip(["search_index", "search_feed"]) {
        let all = format!("SELECT count(*) AS n FROM {table}");
        let backend = data.get_database_backend();
        let row = data.query_one_raw(Statement::from_string(backend, all)).await.unwrap();
        *count = row.unwrap().try_get("", "n").unwrap();
    }
    data.close().await.unwrap();
    counts
}

/// What one takes in is found through both, and what is deleted through neither; a rebuild that the command
/// line asks for reaches both; a mailbox whose data goes vanishes from both.
async fn what_happens_reaches_every_instance(on: On) {
    let mut shop = Shop::new(on).await;
    let mut other = Other::of(&shop, "other").await;
    let (mut here, mut there) = (shop.feeder(), other.feeder());
    settle(&mut here).await;
    settle(&mut there).await;
    shop.day().await;
    let mut own = shop.app.signed_in("owner@bakery.example").await;
    settle(&mut here).await;
    assert_eq!(numbers(&ask(&mut own, "lighthouse").await), [1, 4]);
    assert_eq!(numbers(&ask(&mut other.browser, "lighthouse").await), [0; 0], "it has not read it");
    settle(&mut there).await;
    assert_eq!(numbers(&ask(&mut other.browser, "lighthouse").await), [1, 4]);
    // And the other way round.
    let noted = other.browser.post("/api/v1/tickets/3/notes", &json!({ "text": "tandem" })).await;
    assert!(noted.status.is_success(), "{noted:?}");
    settle(&mut here).await;
    settle(&mut there).await;
    for browser in [&mut own, &mut other.browser] {
        assert_eq!(numbers(&ask(browser, "tandem").await), [3]);
    }

    // The command line has no folder of its own here: both servers run.
    let (first, second) = (indexes(&shop.app.search()), indexes(&other.folder));
    assert_eq!((first.len(), second.len()), (2, 2));
    let services = shop.app.services.clone();
    let done = AtomicBool::new(false);
    let asked = async {
        let asked = operate::rebuild(&services, Some(shop.channel), |_| {}).await;
        done.store(true, Ordering::Relaxed);
        asked.unwrap()
    };
    let served = async {
        while !done.load(Ordering::Relaxed) {
            here.step().await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let (asked, ()) = tokio::join!(asked, served);
    assert_eq!(asked, 2, "one of each instance");
    settle(&mut there).await;
    for (before, folder) in [(&first, &shop.app.search()), (&second, &other.folder)] {
        let after = indexes(folder);
        assert_eq!(after.len(), 2);
        assert_eq!(after.iter().filter(|id| before.contains(id)).count(), 1, "the other mailbox's");
    }
    for services in [&shop.app.services, &other.services] {
        let found = operate::check(services, None, Depth::Words).await.unwrap();
        let same = |one: &operate::Checked| one.differences.is_some_and(|found| found.is_none());
        assert!(found.len() == 2 && found.iter().all(same), "{found:?}");
    }

    let mut browser = owner(&shop.app).await;
    disconnect(&mut browser, shop.channel).await;
    advance(&shop.app, TimeDelta::days(14)).await;
    settle(&mut here).await;
    settle(&mut there).await;
    assert_eq!((indexes(&shop.app.search()).len(), indexes(&other.folder).len()), (1, 1));
    let mut browser = owner(&shop.app).await;
    other.browser.cookie.clone_from(&browser.cookie);
    // What happens afterwards brings it back in neither.
    let noted = browser.post("/api/v1/tickets/4/notes", &json!({ "text": "tricycle" })).await;
    assert!(noted.status.is_success(), "{noted:?}");
    settle(&mut here).await;
    settle(&mut there).await;
    assert_eq!((indexes(&shop.app.search()).len(), indexes(&other.folder).len()), (1, 1));
    for browser in [&mut browser, &mut other.browser] {
        assert_eq!(numbers(&ask(browser, "lighthouse").await), [4]);
    }
}

/// An instance that is gone for a month leaves nothing behind, and one that was only quiet stays; when the
/// first comes back after all, it builds anew.
async fn an_instance_that_has_gone_leaves_nothing(on: On) {
    let mut shop = Shop::new(on).await;
    shop.day().await;
    let mut other = Other::of(&shop, "other").await;
    let (mut here, mut there) = (shop.feeder(), other.feeder());
    settle(&mut here).await;
    settle(&mut there).await;
    there.end().await;
    assert_eq!(counts(&shop).await, [4, 2]);
    for _ in 0..29 {
        shop.app.home.advance(TimeDelta::days(1));
        settle(&mut here).await;
    }
    assert_eq!(counts(&shop).await, [4, 2], "it may come back");
    let keys = search_indexes::list(
        shop.app.services.store(),
        other.services.search().instance().unwrap().unwrap(),
    );
    let keys: Vec<Uuid> = keys.await.unwrap().iter().map(|row| row.key_id).collect();
    assert_eq!(keys.len(), 2);
    shop.app.home.advance(TimeDelta::days(2));
    settle(&mut here).await;
    assert_eq!(counts(&shop).await, [2, 1]);
    for key in keys {
        assert!(shop.app.services.store().keyring().get(key).await.is_err(), "it is destroyed");
    }
    let mut own = owner(&shop.app).await;
    assert_eq!(numbers(&ask(&mut own, "lighthouse").await), [1, 4], "nothing was to be read");

    // It comes back with what it had in memory, as a machine does that slept; then with nothing.
    let old = indexes(&other.folder);
    other.browser.cookie.clone_from(&own.cookie);
    for _ in 0..2 {
        let mut there = other.feeder();
        settle(&mut there).await;
        assert_eq!(numbers(&ask(&mut other.browser, "lighthouse").await), [1, 4]);
        assert_eq!(counts(&shop).await, [4, 2]);
        there.end().await;
        other.services.search().close_all();
    }
    assert!(indexes(&other.folder).iter().all(|id| !old.contains(id)));
    assert_eq!(indexes(&other.folder).len(), 2);
}

on_both! {
    what_happens_reaches_every_instance,
    an_instance_that_has_gone_leaves_nothing,
}
