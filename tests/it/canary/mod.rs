//! What people wrote leaves no readable trace outside the keys.
//!
//! A word goes in by every way that content comes in, until each sealed column of the schema has
//! held it. Then no file below the home folder, no dump of the databases, no line of the log (of
//! any level, before addresses are struck out), no metric and no line that the database servers
//! log may show it in any spelling.
//!
//! A new sealed column fails [`fill`] until something is written to it here.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use loket::crypto::SEAL_OVERHEAD;
use loket::domain::desk::DraftKind;
use loket::domain::words::{LedgerState, MessageKind, Provider, Status};
use loket::ids::{Ids as _, SeededIds};
use loket::service::drafts as service_drafts;
use loket::service::idempotency::{self, Known};
use loket::service::mailboxes::{Acknowledgement, MailboxChange};
use loket::service::outgoing::SendOutcome;
use loket::service::quarantine::QuarantineFilter;
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::tickets::{CustomerChange, ListQuery, TicketView};
use loket::service::uploads::{self, NewFile};
use loket::service::{
    Services, intake, mailboxes, messages, notes, providers, quarantine, sessions, sign_in, sync,
    tickets,
};
use loket::store::columns::{Class, TABLES};
use loket::store::drafts::Content;
use loket::store::messages::Party;
use loket::store::{keys, settings};
use loket::telemetry::Metrics;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::db::{On, on_both};
use crate::support::desk::{Desk, UNDO};
use crate::support::search::{Word, search_dump, search_files};
use crate::support::tenant::Tenant;
use outside::ServerLogs;

mod mails;
mod outside;
mod promises;

const WORD: &str = "zeekanarie";

const MAILBOX: &str = "hulp@zeekanarie.example";

async fn no_file_dump_or_log_shows_what_people_wrote(on: On) {
    let logs = Logs::get();
    let metrics = Metrics::install().unwrap();
    let servers = ServerLogs::begin(on);
    let desk = Desk::new(on).await;
    let tenant = Tenant::new(&desk.services, WORD, MAILBOX).await;
    fill(&desk, &tenant).await;
    let errors = Box::pin(read_and_fail(&desk, &tenant)).await;

    let database = Database::connect(&desk.home.data_url).await.unwrap();
    assert_eq!(columns_without_it(&database).await, [""; 0], "write to these columns in `fill`");
    assert_eq!(traces(&desk).await, [""; 0]);
    let word = Word::new(WORD);
    for error in &errors {
        assert_eq!(word.find(error.as_bytes()), [""; 0], "an error shows it");
    }
    let log = logs.all();
    assert!(String::from_utf8_lossy(&log).contains("an organization was made"), "no log was kept");
    assert_eq!(word.find(&log), [""; 0], "the log shows it");
    let shown = outside::metrics(&desk.services, metrics).await;
    assert!(shown.contains("loket_mails_total{result=\"imported\"} 4"), "{shown}");
    assert_eq!(word.find(shown.as_bytes()), [""; 0], "the metrics show it");
    outside::fail_in_the_database(&desk, &tenant.owner).await;
    servers.show_nothing_of(&desk, &word).await;

    // The search sees a single value that somebody forgot to seal.
    let forgotten = format!(
        "UPDATE ticket SET snippet = {}",
        match on {
            On::Sqlite => "CAST('Mijn zeekanarie' AS BLOB)",
            On::Postgres => "convert_to('Mijn zeekanarie', 'UTF8')",
        }
    );
    database.execute_unprepared(&forgotten).await.unwrap();
    assert_ne!(traces(&desk).await, [""; 0], "the search is blind");
}

on_both!(no_file_dump_or_log_shows_what_people_wrote);

/// Everything that comes in.
async fn fill(desk: &Desk, tenant: &Tenant) {
    let services = &desk.services;
    let mut noise = vec![0; 150_000];
    SeededIds::new(7).fill(&mut noise);
    let mails = [
        mails::full(MAILBOX),
        mails::large(MAILBOX, &noise),
        mails::broken(MAILBOX),
        mails::bounce(MAILBOX),
        mails::refused(MAILBOX),
    ];
    let report = tenant.take(services, &mails).await;
    // The report is about no mail of ours: it stays out, and its raw form is forgotten.
    let counts = (report.imported, report.skipped, report.quarantined);
    assert_eq!(counts, (3, 1, 1), "{report:?}");
    // The provider hands them out again.
    assert_eq!(tenant.take(services, &mails).await.duplicate, 5);

    let full = ticket(services, tenant).await.summary.ticket.number;
    let small = upload(services, tenant, full, b"zeekanarie".repeat(9)).await;
    let large = upload(services, tenant, full, [&noise[..], WORD.as_bytes()].concat()).await;
    desk.server.answers([
        SendOutcome::Sent,
        SendOutcome::Failed { words: format!("550 {WORD}@klant.example: no such user") },
    ]);
    for files in [vec![small], vec![large], Vec::new()] {
        desk.home.advance(UNDO);
        desk.drain().await;
        let seen_version = ticket(services, tenant).await.summary.ticket.version;
        let request = ReplyRequest {
            snooze_until: None,
            number: full,
            mode: Mode::ReplyAll,
            content: Content { attachment_ids: files, ..content() },
            then: Some(Status::Pending),
            seen_version,
            idempotency_key: Some(format!("{WORD} {seen_version}")),
        };
        replies::create(services, &tenant.owner, request).await.unwrap();
    }
    let sent = ticket(services, tenant).await.messages;
    let sent = sent.iter().find(|message| message.kind == MessageKind::Outbound).unwrap();
    let (id, to) = (sent.envelope.message_id.as_ref().unwrap(), &sent.envelope.to[0].address);
    let report = tenant.take(services, &[mails::returned(MAILBOX, id, to)]).await;
    assert_eq!((report.imported, report.tickets), (1, 0), "{report:?}");
    notes::create(services, &tenant.owner, full, &format!("Denk aan de {WORD}")).await.unwrap();
    let more = upload(services, tenant, full, b"Zeekanarie".to_vec()).await;
    let draft = Content { attachment_ids: vec![more], ..content() };
    service_drafts::put(
        services,
        &tenant.owner,
        full,
        DraftKind::Answer,
        (draft, service_drafts::Known::Any),
    )
    .await
    .unwrap();
    let name = Some(format!("Mevrouw {WORD}"));
    let change = CustomerChange::Address { address: format!("ander.{WORD}@klant.example"), name };
    tickets::set_customer(services, &tenant.owner, full, change).await.unwrap();
    configure(services, tenant).await;
    promises::write_down(services, tenant, full).await;
}

/// What admins enter, and what the server remembers by itself.
async fn configure(services: &Services, tenant: &Tenant) {
    let owner = &tenant.owner;
    let change = MailboxChange {
        display_name: Some(format!("Team {WORD}")),
        signature: Some(format!("Groeten van {WORD}")),
        acknowledgement: Some(Acknowledgement { enabled: true, text: format!("Dank, {WORD}") }),
        ..MailboxChange::default()
    };
    let version = mailboxes::get(services, owner, tenant.channel).await.unwrap().mailbox.version;
    mailboxes::update(services, owner, tenant.channel, version, change).await.unwrap();
    let secret = Some(format!("secret-{WORD}").into());
    let id = format!("{WORD}.apps.example");
    providers::update(services, owner, Provider::Google, &id, secret, None, None).await.unwrap();

    let data = format!(r#"{{"consent":"{WORD}"}}"#).into_bytes();
    sessions::save(services, WORD.as_bytes(), Some(owner.account_id), data).await.unwrap();
    let request: [&[u8]; 2] = [b"POST", WORD.as_bytes()];
    let Known::New(id) = idempotency::take(services, owner, WORD, &request).await.unwrap() else {
        panic!("the key was used before")
    };
    idempotency::answer(services, owner, id, 201, WORD.repeat(9).as_bytes()).await.unwrap();

    let (organization, channel) = (owner.organization_id, tenant.channel);
    let mailbox = sync::find(services, organization, channel).await.unwrap().unwrap();
    let words = Some(format!("LOGIN failed for {WORD}@klant.example"));
    let failure =
        sync::Failure { needs_reauthorization: false, code: "sign_in", words, retry_after: None };
    sync::report_failure(services, &mailbox, &failure).await.unwrap();

    // No use case keeps a setting yet: the store's own function is the way in.
    let store = services.store();
    let key = keys::of_organization(store, organization).await.unwrap();
    let tx = store.begin().await.unwrap();
    settings::set(&tx, &key, organization, "test", &WORD.repeat(9)).await.unwrap();
    tx.commit().await.unwrap();
}

/// Reads all of it, and fails in some ways; returns what the errors say.
async fn read_and_fail(desk: &Desk, tenant: &Tenant) -> Vec<String> {
    let (services, owner) = (&desk.services, &tenant.owner);
    for view in tenant.tickets(services).await {
        for message in view.messages {
            let _ = messages::html(services, owner, message.id, true).await;
            let _ = messages::original(services, owner, message.id).await;
            for file in view.attachments.get(&message.id).into_iter().flatten() {
                messages::attachment(services, owner, message.id, file.id).await.unwrap();
            }
        }
    }
    let find = Some(format!("ander.{WORD}@klant.example"));
    let query = ListQuery { find, ..ListQuery::default() };
    assert!(!tickets::list(services, owner, query).await.unwrap().items.is_empty());
    let quarantined =
        quarantine::list(services, owner, &QuarantineFilter::default(), None).await.unwrap().items;
    for item in quarantined {
        assert_eq!(item.entry.state, LedgerState::Quarantined);
        let organization = owner.organization_id;
        intake::retry(services, &tenant.target, organization, item.entry.id).await.unwrap();
    }

    let here = [127, 0, 0, 2].into();
    let mut errors = Vec::new();
    for email in [format!("owner@{WORD}.example"), format!("{WORD}@nowhere.example")] {
        let error = sign_in::sign_in(services, here, &email, WORD.into()).await.unwrap_err();
        errors.push(format!("{error} {error:?}"));
    }
    let number = ticket(services, tenant).await.summary.ticket.number;
    let request = ReplyRequest {
        snooze_until: None,
        number,
        mode: Mode::Reply,
        content: content(),
        then: Some(Status::Pending),
        seen_version: 0,
        idempotency_key: None,
    };
    let error = replies::create(services, owner, request).await.unwrap_err();
    errors.push(format!("{error} {error:?}"));
    let id = format!("{WORD} {WORD}");
    let error = providers::update(services, owner, Provider::Google, &id, None, None, None).await;
    errors.push(format!("{:?}", error.unwrap_err()));
    errors
}

/// The ticket of the well-made mail.
async fn ticket(services: &Services, tenant: &Tenant) -> TicketView {
    let all = tenant.tickets(services).await;
    let wanted = |view: &TicketView| view.summary.ticket.subject.starts_with("Mijn");
    all.into_iter().find(wanted).unwrap()
}

async fn upload(
    services: &Services,
    tenant: &Tenant,
    ticket: i64,
    bytes: Vec<u8>,
) -> loket::domain::ids::AttachmentId {
    let file = NewFile {
        name: Some(format!("{WORD}.png")),
        content_type: Some(format!("image/x-{WORD}")),
        bytes: bytes.into(),
        ticket: Some(ticket),
    };
    uploads::add(services, &tenant.owner, file).await.unwrap().id
}

fn content() -> Content {
    let party = |kind: &str| Party {
        name: Some(format!("Zeekanarie {kind}")),
        address: format!("{kind}.{WORD}@klant.example"),
    };
    Content {
        text: format!("Geef uw {WORD} een appel."),
        html: Some(format!("<p>Geef uw <b>{WORD}</b> een appel.</p>")),
        to: vec![party("aan")],
        cc: vec![party("kopie")],
        bcc: vec![party("blind")],
        attachment_ids: Vec::new(),
        ..Content::default()
    }
}

/// The sealed columns in which no value is long enough to hold the word.
async fn columns_without_it(database: &DatabaseConnection) -> Vec<String> {
    let backend = database.get_database_backend();
    let least = SEAL_OVERHEAD + WORD.len();
    let mut empty = Vec::new();
    for table in TABLES {
        for (_, column, _) in table.columns.iter().filter(|(.., class)| *class == Class::Sealed) {
            let table = table.name;
            let sql =
                format!("SELECT 1 FROM {table} WHERE length(\"{column}\") >= {least} LIMIT 1");
            let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
            if rows.is_empty() {
                empty.push(format!("{table}.{column}"));
            }
        }
    }
    empty
}

/// Where the word can be read.
async fn traces(desk: &Desk) -> Vec<String> {
    let word = Word::new(WORD);
    let mut found = Vec::new();
    let mut files = 0;
    for folder in [desk.home.folder(), desk.blobs.as_path()] {
        files += search_files(folder, &word, &mut found);
    }
    let database = Database::connect(&desk.home.data_url).await.unwrap();
    // The large mail, the large upload and the answer with it lie in the object store.
    let least = 3 + if database.get_database_backend() == DbBackend::Sqlite { 6 } else { 1 };
    assert!(files >= least, "only {files} files were searched");
    if database.get_database_backend() == DbBackend::Postgres {
        for url in [&desk.home.data_url, &desk.home.keys_url] {
            search_dump(url, &word, &mut found);
        }
    }
    found
}

/// Everything that the process logs from the first [`Logs::get`] on.
#[derive(Debug, Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    fn get() -> Self {
        static LOGS: LazyLock<Logs> = LazyLock::new(|| {
            let logs = Logs::default();
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(logs.clone());
            let filter = loket::telemetry::filter("trace").unwrap();
            tracing_subscriber::registry().with(filter).with(layer).init();
            logs
        });
        LOGS.clone()
    }

    fn all(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl MakeWriter<'_> for Logs {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
