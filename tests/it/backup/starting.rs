//! Databases that somebody put back by hand.

use loket::store::{forget, reconcile};
use sea_orm::{ConnectionTrait as _, Database};

use super::*;

on_both!(
    a_start_replays_what_either_database_lacks,
    a_start_over_lists_that_contradict_each_other_is_refused,
);

/// A statement against the keyring (true) or the data.
async fn execute(site: &Site, keyring: bool, sql: &str) {
    use secrecy::ExposeSecret as _;
    let database = site.config().database;
    let url = if keyring { database.keyring_url } else { database.url };
    let file = site.at(if keyring { "keys/keyring.db" } else { "data/loket.db" });
    let url = match url {
        Some(url) => url.expose_secret().to_owned(),
        None => format!("sqlite://{}", file.display()),
    };
    let database = Database::connect(url).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

async fn a_start_replays_what_either_database_lacks(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    mail.forget(&open).await;
    open.close().await;

    // Data of before the last two entries, still with all its rows.
    execute(&site, false, "DELETE FROM forget_entry WHERE number > 1").await;
    let open = site.open().await;
    let store = open.services.store();
    assert_eq!(forget::last_number(store).await.unwrap(), 3);
    assert_eq!(readable(&open.services).await, [KEPT]);
    let named: Vec<_> = mail.ticket_keys.clone();
    let named = loket::store::prune::named_keys(store, &named).await.unwrap();
    assert!(named.is_empty(), "the rows went as well");
    open.close().await;

    // A keyring that knows nothing yet.
    execute(&site, true, "DELETE FROM keyring_forget_entry").await;
    let open = site.open().await;
    let keyring = open.services.store().keyring();
    assert_eq!(keyring.last_forgotten().await.unwrap(), 3);
    open.close().await;

    // Both: the files beside the backups are left.
    execute(&site, true, "DELETE FROM keyring_forget_entry").await;
    execute(&site, false, "DELETE FROM forget_entry").await;
    let open = site.open().await;
    let store = open.services.store();
    assert_eq!(store.keyring().last_forgotten().await.unwrap(), 3);
    assert_eq!(reconcile::all_of_data(store).await.unwrap().len(), 3);
    open.close().await;
}

async fn a_start_over_lists_that_contradict_each_other_is_refused(on: On) {
    let site = Site::new(on).await;
    let open = site.open().await;
    let mail = Mail::new(&open.services).await;
    mail.forget(&open).await;
    open.close().await;
    execute(&site, false, "UPDATE forget_entry SET at = at + 1 WHERE number = 2").await;
    let said = site.try_open().await.err().unwrap();
    assert!(said.contains("contradict each other in entry 2"), "{said}");
    execute(&site, false, "UPDATE forget_entry SET at = at - 1 WHERE number = 2").await;
    site.open().await.close().await;

    // A gap, and nobody who could fill it.
    for folder in ["backups", "keyring-backups"] {
        std::fs::remove_file(site.at(folder).join("forget-list")).unwrap();
    }
    execute(&site, true, "DELETE FROM keyring_forget_entry WHERE number > 1").await;
    execute(&site, false, "DELETE FROM forget_entry WHERE number = 2").await;
    let said = site.try_open().await.err().unwrap();
    assert!(said.contains("lacks entry 2 of 3"), "{said}");
}
