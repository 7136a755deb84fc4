//! The register of processing: made from what is configured, completed by an owner.

use axum::http::{Method, StatusCode};
use loket::audit::Action;
use loket::domain::words::{Provider, Role};
use loket::service::mailboxes::{self, Deliver, Link, MailServer, MailboxSettings, Tls};
use loket::store::audit;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

use crate::support::app::{OWN_MAIL_HOST, TestApp, maildir_link};
use crate::support::db::{On, on_both};

const REGISTER: &str = "/api/v1/register";

fn hosts(register: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    register["hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|host| {
            let uses = host["uses"].as_array().unwrap().iter().map(text).collect();
            (text(&host["host"]), uses)
        })
        .collect()
}

fn imap_link(address: &str, host: &str) -> Link {
    let server = |port| Some(MailServer { host: host.to_owned(), port, tls: Tls::Implicit });
    Link {
        provider: Provider::Imap,
        settings: MailboxSettings {
            imap: server(993),
            smtp: server(465),
            ..MailboxSettings::default()
        },
        password: Some("a password".into()),
        ..maildir_link(address)
    }
}

/// Each host is there because something is: none of a provider that nobody uses.
async fn the_hosts_are_those_in_use(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    let other = app.org("florist").await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let known = |pairs: &[(&str, &[&str])]| -> Vec<(String, Vec<String>)> {
        pairs
            .iter()
            .map(|(host, uses)| {
                ((*host).to_owned(), uses.iter().map(|&word| word.to_owned()).collect())
            })
            .collect()
    };
    let own: (&str, &[&str]) = (OWN_MAIL_HOST, &["own_mail"]);
    assert_eq!(hosts(&owner.get(REGISTER).await.json()), known(&[own]));

    let link = imap_link("hulp@bakery.example", "Mail.Bakery.example");
    mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
    let link = imap_link("hulp@florist.example", "mail.florist.example");
    mailboxes::create_for(&app.services, other.id, &[other.owner], link).await.unwrap();
    let register = owner.get(REGISTER).await.json();
    let bakery: (&str, &[&str]) = ("mail.bakery.example", &["read_mail", "send_mail"]);
    assert_eq!(hosts(&register), known(&[bakery, own]));
    assert_eq!(register["uses_google"], false);

    let client = json!({ "client_id": "id", "client_secret": "secret" });
    let put = owner.request(Method::PUT, "/api/v1/providers/google", &client).await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    let register = owner.get(REGISTER).await.json();
    let google: (&str, &[&str]) = ("oauth.google.example", &["mailbox_sign_in"]);
    let mail: (&str, &[&str]) = ("mail.invalid", &["read_mail", "send_mail"]);
    assert_eq!(hosts(&register), known(&[bakery, mail, google, own]));
    assert_eq!(
        (&register["uses_google"], &register["uses_microsoft"]),
        (&json!(true), &json!(false))
    );
    let unnamed = ["remote_images", "connection_test"];
    assert_eq!(register["unnamed_hosts"], json!(unnamed));

    let mut link = maildir_link("local@bakery.example");
    link.settings.deliver = Some(Deliver::Sendmail { command: None });
    mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
    let register = owner.get(REGISTER).await.json();
    assert_eq!(register["unnamed_hosts"][2], "local_mail_program");
}

/// Retention, the undo window and backups are those in force, each mailbox's own.
async fn what_is_in_force_is_told(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.mailbox(&org, &[org.owner]).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let register = owner.get(REGISTER).await.json();
    let rule = &register["retention"][0];
    assert_eq!((&rule["mailbox"], &rule["months"]), (&json!("Support"), &json!(18)));
    assert_eq!((&rule["then"], &rule["quarantine_days"]), (&json!("delete"), &json!(90)));
    assert_eq!((&register["undo_days"], &register["keyring_backup_days"]), (&json!(14), &json!(7)));
    assert_eq!(register["delivery_months"], 13);
    let measures = register["measures"].as_array().unwrap();
    for measure in ["sealed_at_rest", "keyring_in_own_file", "private_hosts_refused"] {
        assert!(measures.contains(&json!(measure)), "{measure}: {measures:?}");
    }
    let purposes: Vec<&Value> =
        register["activities"].as_array().unwrap().iter().map(|of| &of["purpose"]).collect();
    assert_eq!(purposes, ["answer_customers", "let_users_in", "accountability", "continuity"]);

    let link = maildir_link("two@bakery.example");
    let two = mailboxes::create_for(&app.services, org.id, &[org.owner], link).await.unwrap();
    let rule = loket::domain::retention::Rule { months: 24, ..Default::default() };
    let store = &app.home.store;
    let of = loket::store::purge_rows::Of { organization_id: org.id, channel_id: two };
    let tx = store.begin().await.unwrap();
    let stored = loket::store::retention::Stored {
        rule,
        waits: true,
        changed_by: None,
        changed_at: store.now(),
        last_run_at: None,
        version: 0,
    };
    loket::store::retention::ensure(&tx, of, &stored).await.unwrap();
    tx.commit().await.unwrap();
    let register = owner.get(REGISTER).await.json();
    let mut months: Vec<(i64, bool)> = register["retention"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| (of["months"].as_i64().unwrap(), of["waits"].as_bool().unwrap()))
        .collect();
    months.sort_unstable();
    assert_eq!(months, [(18, false), (24, true)]);
}

/// What an owner says of a host stays with it, is theirs alone, and lies sealed.
async fn an_owner_completes_a_host(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.org("florist").await;
    app.user(&org, Role::Admin).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut admin = app.signed_in("admin@bakery.example").await;
    let mut stranger = app.signed_in("owner@florist.example").await;
    let path = format!("{REGISTER}/hosts/{OWN_MAIL_HOST}");
    let said = json!({ "country": " Utopia ", "safeguard": "", "contract": "DPA of 1 March" });
    assert_eq!(admin.request(Method::PUT, &path, &said).await.status, StatusCode::FORBIDDEN);
    let put = owner.request(Method::PUT, &path, &said).await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    for register in [put.json(), admin.get(REGISTER).await.json()] {
        let host = &register["hosts"][0];
        assert_eq!((&host["country"], &host["safeguard"]), (&json!("Utopia"), &Value::Null));
        assert_eq!(host["contract"], "DPA of 1 March");
    }
    assert_eq!(stranger.get(REGISTER).await.json()["hosts"][0]["country"], Value::Null);

    let again = json!({ "country": "Ruritania" });
    let put = owner.request(Method::PUT, &path, &again).await.json();
    assert_eq!(put["hosts"][0]["country"], "Ruritania");
    assert_eq!(put["hosts"][0]["contract"], Value::Null);

    let nowhere = format!("{REGISTER}/hosts/nowhere.example");
    assert_eq!(owner.request(Method::PUT, &nowhere, &said).await.status, StatusCode::NOT_FOUND);
    let long = json!({ "country": "x".repeat(101) });
    let refused = owner.request(Method::PUT, &path, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["field"], "country");

    for (table, word) in [("register_host", "Ruritania"), ("register_host", OWN_MAIL_HOST)] {
        assert!(!stored(&app, table).await.contains(word), "{word} lies open in {table}");
    }
}

/// A disclosure is there for good: there is no route that changes it.
async fn a_disclosure_is_recorded_for_good(on: On) {
    let app = TestApp::new(on).await;
    let org = app.org("bakery").await;
    app.user(&org, Role::Auditor).await;
    let mut owner = app.signed_in("owner@bakery.example").await;
    let mut auditor = app.signed_in("auditor@bakery.example").await;
    let path = format!("{REGISTER}/disclosures");
    let told = |date: &str, what: &str| {
        json!({
            "date": date,
            "authority": "Police of Utopia",
            "legal_basis": "Order 12/2026",
            "what": what,
            "decided_by": "Ada Owner",
        })
    };
    let first = owner.post(&path, &told("2026-02-27", "The mail of ticket 12")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    app.home.advance(chrono::TimeDelta::minutes(1));
    owner.post(&path, &told("2026-02-28", "The mail of ticket 13")).await;
    let refused = owner.post(&path, &told("2126-02-28", "The future")).await;
    assert_eq!(refused.json()["errors"][0]["field"], "date", "{refused:?}");
    let refused = owner.post(&path, &told("2026-02-28", " ")).await;
    assert_eq!(refused.json()["errors"][0]["field"], "what", "{refused:?}");

    let register = auditor.get(REGISTER).await.json();
    let disclosures = register["disclosures"].as_array().unwrap();
    let whats: Vec<&Value> = disclosures.iter().map(|one| &one["what"]).collect();
    assert_eq!(whats, ["The mail of ticket 13", "The mail of ticket 12"]);
    assert_eq!(disclosures[1]["authority"], "Police of Utopia");
    assert_eq!(disclosures[1]["recorded_by"], "Owner of bakery");
    let id = disclosures[0]["id"].as_str().unwrap();
    for method in [Method::DELETE, Method::PUT, Method::PATCH] {
        let answer = owner.request(method, &format!("{path}/{id}"), &json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    assert!(!stored(&app, "disclosure").await.contains("Police"));
    let written = audit::list(&app.home.store, org.id, None, 10).await.unwrap();
    let count = |action| written.iter().filter(|entry| entry.action == action).count();
    assert_eq!((count(Action::RecordDisclosure), count(Action::ReadRegister)), (2, 1));
}

/// Everything that is in a table, as text.
async fn stored(app: &TestApp, table: &str) -> String {
    let data = Database::connect(&app.home.data_url).await.unwrap();
    let sql = match data.get_database_backend() {
        DbBackend::Postgres => format!("SELECT encode(content, 'escape') AS c FROM {table}"),
        _ => format!("SELECT hex(content) AS c FROM {table}"),
    };
    let rows =
        data.query_all_raw(Statement::from_string(data.get_database_backend(), sql)).await.unwrap();
    assert!(!rows.is_empty());
    let texts = rows.iter().map(|row| row.try_get::<String>("", "c").unwrap());
    texts.map(|text| unhex(&text).unwrap_or(text)).collect()
}

fn unhex(text: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect();
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

on_both!(
    the_hosts_are_those_in_use,
    what_is_in_force_is_told,
    an_owner_completes_a_host,
    a_disclosure_is_recorded_for_good,
);
