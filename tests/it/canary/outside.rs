//! What others are told: whoever watches the server, and the log of each PostgreSQL cluster.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use loket::authz::Actor;
use loket::domain::ids::AccountId;
use loket::http::{HttpOptions, router};
use loket::service::Services;
use loket::store::accounts;
use loket::telemetry::Metrics;
use sea_orm::{ConnectionTrait, Database};
use tower::ServiceExt as _;

use crate::support::db::On;
use crate::support::desk::Desk;
use crate::support::rig::unique;
use crate::support::search::Word;

const TOKEN: &str = "watch-7f3a";

/// The answer of `/metrics`.
pub(super) async fn metrics(services: &Services, metrics: Metrics) -> String {
    let options = HttpOptions {
        metrics: Some(metrics),
        metrics_token: Some(TOKEN.into()),
        ..HttpOptions::default()
    };
    let request = Request::get("/metrics").header("authorization", format!("Bearer {TOKEN}"));
    let request = request.body(Body::empty()).unwrap();
    let answer = router(services.clone(), options).oneshot(request).await.unwrap();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// Has the data database refuse a row that holds what people wrote.
pub(super) async fn fail_in_the_database(desk: &Desk, owner: &Actor) {
    let store = desk.store();
    let mut account = accounts::find(store, owner.account_id).await.unwrap().unwrap();
    account.id = AccountId(store.new_id());
    let server_key = store.keyring().server_key().await.unwrap();
    let tx = store.begin().await.unwrap();
    accounts::add(&tx, &server_key, &account).await.unwrap_err();
}

/// What both clusters log from [`ServerLogs::begin`] on; nothing on `SQLite`.
pub(super) struct ServerLogs(Vec<(PathBuf, u64)>);

impl ServerLogs {
    pub(super) fn begin(on: On) -> Self {
        if on == On::Sqlite {
            return Self(Vec::new());
        }
        let rig = std::env::var("RIG_JSON").expect("RIG_JSON is not set; start the rig: make rig");
        let folder = Path::new(&rig).with_file_name("pg");
        let logs = ["data.log", "keys.log"].map(|name| folder.join(name));
        Self(logs.map(|log| (log.clone(), log.metadata().expect("the server's log").len())).into())
    }

    pub(super) async fn show_nothing_of(&self, desk: &Desk, word: &Word) {
        let urls = [&desk.home.data_url, &desk.home.keys_url];
        for ((log, from), url) in self.0.iter().zip(urls) {
            assert_eq!(word.find(&read(log, *from)), [""; 0], "{} shows it", log.display());

            // The search reads what the server logs: it sees a value that stands in a statement.
            let marker = format!("m{}", unique());
            let server = Database::connect(url).await.unwrap();
            let refused = server.execute_unprepared(&format!("SELECT '{marker}'::uuid")).await;
            refused.unwrap_err();
            let found = Word::new(&marker).find(&read(log, *from));
            assert_ne!(found, [""; 0], "the search is blind in {}", log.display());
        }
        if let Some((log, from)) = self.0.first() {
            let said = String::from_utf8_lossy(&read(log, *from)).into_owned();
            assert!(said.contains("ix_account_1"), "it did not log what it refused");
        }
    }
}

fn read(log: &Path, from: u64) -> Vec<u8> {
    let mut file = File::open(log).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    let mut said = Vec::new();
    file.read_to_end(&mut said).unwrap();
    said
}
