//! What was stored and not filed is taken up again: nothing is lost, nothing comes in twice.

use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use loket::service::ServiceError;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

use super::*;
use crate::support::command::Command;

on_both!(
    what_was_stored_is_filed_at_the_next_start,
    one_mail_that_always_fails_is_set_aside_alone,
    a_store_that_is_away_is_no_attempt,
);

/// Looks past the store, into its database.
async fn behind(desk: &Desk) -> DatabaseConnection {
    Database::connect(&desk.home.data_url).await.unwrap()
}

/// Makes the database refuse messages, all or the one of this id.
async fn refuse(on: On, desk: &Desk, only: Option<MessageId>) {
    let id = only.map(|id| id.0.simple().to_string());
    let sql = match (on, id) {
        (On::Sqlite, id) => {
            let when = id.map_or(String::new(), |id| format!("WHEN NEW.id = X'{id}'"));
            format!(
                "CREATE TRIGGER refuse BEFORE INSERT ON message {when} \
                 BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        (On::Postgres, id) => {
            let when = id.map_or(String::new(), |id| format!("WHEN (NEW.id = '{id}')"));
            format!(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$BEGIN RAISE EXCEPTION 'no'; END$$; \
                 CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW {when} \
                 EXECUTE FUNCTION refuse()"
            )
        }
    };
    behind(desk).await.execute_unprepared(&sql).await.unwrap();
}

async fn accept(on: On, desk: &Desk) {
    let sql = match on {
        On::Sqlite => "DROP TRIGGER refuse",
        On::Postgres => "DROP FUNCTION refuse CASCADE",
    };
    behind(desk).await.execute_unprepared(sql).await.unwrap();
}

async fn try_to_take(desk: &Desk, mails: Vec<Bytes>) -> Result<Report, ServiceError> {
    let target = target(desk);
    let folder = sync::folder(&desk.services, &target, "INBOX", FolderRole::Inbox).await.unwrap();
    let now = desk.store().now();
    let mails: Vec<Incoming> = (folder.last_uid + 1..)
        .zip(mails)
        .map(|(uid, raw)| Incoming { uid, raw, received_at: Some(now), is_history: false })
        .collect();
    let last_uid = folder.last_uid + i64::try_from(mails.len()).unwrap();
    let cursor = Cursor { uid_validity: 7, last_uid, backfill_uid: 0 };
    let batch = Batch { folder, mails, missing: Vec::new(), skipped: Vec::new(), cursor };
    intake::take(&desk.services, &target, batch).await
}

async fn pending(desk: &Desk) -> Vec<ledger::Entry> {
    let (organization, channel) = (desk.organization(), desk.channel);
    let folder = sync::folder(&desk.services, &target(desk), "INBOX", FolderRole::Inbox).await;
    let of = ledger::Pending { folder_id: folder.unwrap().id, seen_before: None, after: None };
    ledger::list_pending(desk.store(), organization, channel, of, 100).await.unwrap()
}

async fn resume(desk: &Desk) -> Result<Report, ServiceError> {
    intake::resume(&desk.services, &target(desk)).await
}

fn three() -> Vec<Bytes> {
    ["a", "b", "c"]
        .map(|name| mail(&format!("{name}@k.test"), &format!("{name}@k"), "", "Hallo"))
        .into()
}

async fn what_was_stored_is_filed_at_the_next_start(on: On) {
    let desk = Desk::new(on).await;
    refuse(on, &desk, None).await;
    assert!(try_to_take(&desk, three()).await.is_err());
    assert_eq!(pending(&desk).await.len(), 3, "stored, and not filed");
    accept(on, &desk).await;
    assert_eq!(
        resume(&desk).await.unwrap(),
        Report { imported: 3, tickets: 3, ..Report::default() }
    );
    assert_eq!(resume(&desk).await.unwrap(), Report::default());
    assert_eq!(numbers(&desk).await.len(), 3);
    assert!(pending(&desk).await.is_empty());
}

async fn one_mail_that_always_fails_is_set_aside_alone(on: On) {
    let desk = Desk::new(on).await;
    refuse(on, &desk, None).await;
    assert!(try_to_take(&desk, three()).await.is_err());
    accept(on, &desk).await;
    // The first of them goes on failing.
    let bad = pending(&desk).await.remove(0);
    assert_eq!(bad.attempts, 1);
    refuse(on, &desk, bad.message_id).await;
    assert!(resume(&desk).await.is_err(), "it is told");
    assert_eq!(numbers(&desk).await.len(), 2, "those behind it came in");
    assert_eq!(pending(&desk).await[0].attempts, 2);
    assert!(resume(&desk).await.is_err());
    assert_eq!(resume(&desk).await.unwrap(), Report { quarantined: 1, ..Report::default() });
    let listed = {
        let scope = Scope::whole(desk.organization());
        ledger::list_quarantined(desk.store(), &scope, &QuarantineFilter::default(), None, 10)
            .await
            .unwrap()
    };
    assert_eq!(listed[0].id, bad.id);
    assert_eq!(listed[0].reason.as_deref(), Some("tried_too_often"));
    accept(on, &desk).await;
    let again = intake::retry(&desk.services, &target(&desk), desk.organization(), bad.id).await;
    assert_eq!(again.unwrap(), Report { imported: 1, tickets: 1, ..Report::default() });
    assert_eq!(numbers(&desk).await.len(), 3);
}

async fn a_store_that_is_away_is_no_attempt(on: On) {
    let desk = Desk::new(on).await;
    refuse(on, &desk, None).await;
    // Too large for the database, and not to be compressed.
    let noise: Vec<String> = (0_u64..40_000)
        .map(|n| format!("{:x}", n.wrapping_mul(n ^ 0x9e37_79b9_7f4a_7c15)))
        .collect();
    let noise = noise.concat();
    let large = mail("d@k.test", "d@k", "", &noise);
    assert!(try_to_take(&desk, [vec![large], three()].concat()).await.is_err());
    accept(on, &desk).await;
    let away = desk.blobs.with_extension("away");
    std::fs::rename(&desk.blobs, &away).unwrap();
    for _ in 0..5 {
        resume(&desk).await.unwrap();
    }
    assert_eq!(numbers(&desk).await.len(), 3, "the others came in");
    let waiting = pending(&desk).await;
    assert_eq!((waiting.len(), waiting[0].attempts), (1, 1));
    let _ = std::fs::remove_dir_all(&desk.blobs);
    std::fs::rename(&away, &desk.blobs).unwrap();
    assert_eq!(resume(&desk).await.unwrap().imported, 1);
    assert_eq!(numbers(&desk).await.len(), 4);
}

/// The program is killed (SIGKILL) after it has stored mail and before it has filed it.
#[tokio::test]
async fn a_killed_process_loses_nothing_and_doubles_nothing() {
    let loket = Command::with_mailbox("hulp@acme.test");
    let folder = loket.folder().join("letters");
    std::fs::create_dir(&folder).unwrap();
    for n in 0..40 {
        let text = format!(
            "From: k{n}@k.test\nTo: hulp@acme.test\nSubject: {n}\nMessage-ID: <{n}@k>\n\
             Date: Mon, 2 Feb 2026 09:00:00 +0000\n\nHallo\n"
        );
        std::fs::write(folder.join(format!("{n}.eml")), text).unwrap();
    }
    let file = loket.folder().join("data/loket.db");
    let behind = Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
    // Filing takes forever.
    for sql in [
        "CREATE VIEW endless AS WITH RECURSIVE n(x) AS \
         (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "CREATE TRIGGER endless_message BEFORE INSERT ON message \
         BEGIN SELECT count(*) FROM endless; END",
    ] {
        behind.execute_unprepared(sql).await.unwrap();
    }
    let path = folder.to_str().unwrap();
    let arguments = ["import", path, "--mailbox", "hulp@acme.test", "--json"];
    let mut process = Process::new(env!("CARGO_BIN_EXE_loket"))
        .env_remove("DATABASE_URL")
        .env("LOKET_HOME", loket.folder())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let count = async |what: &str| -> i64 {
        let statement = sea_orm::Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            format!("SELECT count(*) AS n FROM {what}"),
        );
        let row = behind.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    };
    let until = Instant::now() + Duration::from_secs(60);
    while count("ledger WHERE state = 'pending'").await < 40 {
        assert!(Instant::now() < until, "it was to store the mails");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!((count("message").await, count("raw_message").await), (0, 40));
    for sql in ["DROP TRIGGER endless_message", "DROP VIEW endless"] {
        behind.execute_unprepared(sql).await.unwrap();
    }
    let said = loket.run(&arguments);
    let counts: serde_json::Value = serde_json::from_str(said.out.lines().last().unwrap()).unwrap();
    assert_eq!((&counts["imported"], &counts["tickets"]), (&40.into(), &40.into()), "{counts}");
    assert_eq!((count("message").await, count("ticket").await), (40, 40));
    assert_eq!(count("ledger WHERE state = 'imported'").await, 40);
    let again = loket.run(&arguments);
    let counts: serde_json::Value =
        serde_json::from_str(again.out.lines().last().unwrap()).unwrap();
    assert_eq!((&counts["imported"], &counts["duplicate"]), (&0.into(), &40.into()), "{counts}");
    assert_eq!(count("message").await, 40);
}
