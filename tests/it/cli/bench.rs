//! The loader that benchmarks and later tests fill a database with.

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::Value;

use crate::support::command::Command;
use crate::support::db::{On, new_database, on_both};

async fn count(url: &str, table: &str) -> i64 {
    let database = Database::connect(url).await.unwrap();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let query = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(query).await.unwrap().unwrap();
    database.close().await.unwrap();
    row.try_get("", "n").unwrap()
}

async fn tickets_are_loaded_straight_into_the_database(on: On) {
    let mut loket = Command::new();
    let mut databases = Vec::new();
    let url = match on {
        On::Sqlite => format!("sqlite://{}", loket.folder().join("data/loket.db").display()),
        On::Postgres => {
            let data = new_database("LOKET_TEST_DATABASE_URL").await;
            let keys = new_database("LOKET_TEST_KEYRING_URL").await;
            loket.set("LOKET_DATABASE__URL", &data.url);
            loket.set("LOKET_DATABASE__KEYRING_URL", &keys.url);
            let url = data.url.clone();
            databases.extend([data, keys]);
            url
        }
    };
    let said = loket.run(&["bench", "load", "--tickets", "40", "--seed", "1", "--json"]);
    let loaded: Value = serde_json::from_str(said.out.trim()).unwrap();
    assert!(loaded["email"].is_string() && loaded["password"].is_string(), "{loaded}");
    assert_eq!(count(&url, "ticket").await, 40);
    let messages = count(&url, "message").await;
    assert!((160..=400).contains(&messages), "4 to 10 messages each, not {messages}");
    // Once more: an organization of its own, with one ticket more.
    let long = ["--long", "30"];
    let said = loket
        .run(&[&["bench", "load", "--tickets", "40", "--seed", "1", "--json"][..], &long].concat());
    let loaded: Value = serde_json::from_str(said.out.trim()).unwrap();
    assert_eq!(loaded["long_ticket"], 41);
    assert_eq!(count(&url, "organization").await, 2);
    assert_eq!(count(&url, "message").await, 2 * messages + 30, "the same seed draws the same");
}

on_both!(tickets_are_loaded_straight_into_the_database);
