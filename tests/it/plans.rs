//! No statement goes through all rows of a table that grows with the mail.
//!
//! The statements are those that the store ran while a helpdesk worked, as both databases plan
//! them. A plan counts as a search only if an index is entered by more than the organization and
//! the mailbox, which on most servers is everything; an index of few rows may be gone through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use chrono::DateTime;
use loket::authz::Actor;
use loket::domain::desk::PresenceState;
use loket::domain::words::{FolderRole, Priority, Provider, Role, Status, TagColor};
use loket::service::acts::bulk::{self, BulkChange};
use loket::service::acts::change::Patch;
use loket::service::acts::{due, undo};
use loket::service::data_requests::person;
use loket::service::quarantine::{self, QuarantineFilter};
use loket::service::replies::{self, Mode, ReplyRequest};
use loket::service::tickets::{self, AssigneeFilter, ListQuery, StatusFilter};
use loket::service::{
    Services, intake, load, messages, presence, prune, retention, sign_in, sync, tags, teams,
};
use loket::store::drafts::Content;
use loket::store::keys::of_channel;
use loket::store::mailboxes::{self, Change};
use loket::store::messages::Party;
use loket::store::prune as keys;
use loket::store::retention as retained;
use regex::Regex;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Values,
};
use serde_json::Value;

use crate::support::db::{Home, On, on_both};
use crate::support::desk::Desk;
use crate::support::tenant::Tenant;

/// The tables that grow with the mail.
const GROWING: &[&str] = &[
    "attachment",
    "contact",
    "contact_identity",
    "event",
    "job",
    "ledger",
    "mention",
    "message",
    "message_reference",
    "outbox",
    "participant",
    "raw_message",
    "ticket",
    "ticket_seen",
    "ticket_tag",
    "follower",
    "act",
    "act_ticket",
];

/// Indexes of what is to be done, which is soon done, or of what few tickets have.
const OF_FEW: &[&str] = &[
    "ix_attachment_2",
    "ix_ledger_3",
    "ix_ledger_4",
    "ix_ledger_6",
    "ix_outbox_2",
    "ix_outbox_4",
    "ix_job_1",
    "ix_ticket_8",
    "ix_ticket_9",
    "ix_ticket_20",
    "ix_ticket_21",
];

/// The index in whose order a page of all tickets is read, which ends where the page does; and that of the
/// event log, of which one end is read.
const OF_A_PAGE: &[&str] =
    &["ix_ticket_3", "ix_ticket_10", "sqlite_autoindex_event_1", "event_pkey"];

/// The index that holds what the sidebar counts.
const OF_COUNTS: &str = "ix_ticket_6";

/// Columns that by themselves tell nothing apart on a server of one mailbox.
const WIDE: &[&str] = &["organization_id", "channel_id"];

/// Statements, one of each text.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<String, Option<Values>>>>);

impl Seen {
    fn all(&self) -> BTreeMap<String, Option<Values>> {
        self.0.lock().unwrap().clone()
    }
}

async fn no_statement_goes_through_all_mail(on: On) {
    let seen = Seen::default();
    let into = seen.clone();
    let see = move |ran: &Statement| {
        let explained = ["SELECT ", "UPDATE ", "DELETE ", "WITH "];
        // An empty list is written as a condition that is never met.
        let is_empty = [" AND ? = ?", " AND $3 = $4", " AND $5 = $6"];
        if explained.iter().any(|word| ran.sql.starts_with(word))
            && !is_empty.iter().any(|end| ran.sql.ends_with(end))
        {
            let mut seen = into.0.lock().unwrap();
            seen.entry(ran.sql.clone()).or_insert_with(|| ran.values.clone());
        }
    };
    let home = Home::observed(on, Some(Arc::new(see))).await;
    let desk = Desk::in_home(home, Provider::Google).await;
    Box::pin(work(&desk)).await;

    // One connection, so that a setting is that of all plans.
    let mut options = ConnectOptions::new(&desk.home.data_url);
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await.unwrap();
    if on == On::Postgres {
        multiply(&database).await;
        // Only what cannot be searched is then gone through.
        database.execute_unprepared("ANALYZE; SET enable_seqscan = off").await.unwrap();
    }
    let plans = Plans { database };
    let mut searched = BTreeSet::new();
    let mut bad = Vec::new();
    for (sql, values) in seen.all() {
        for step in plans.of(&sql, values).await {
            if !GROWING.contains(&step.table.as_str()) {
                continue;
            }
            let narrowed = sql.contains("\"assignee_id\" =") || sql.contains("\"contact_id\" =");
            let page = sql.contains(" LIMIT ") && !narrowed;
            let counts = sql.ends_with("GROUP BY \"ticket\".\"status\"");
            let may = match step.index.as_deref() {
                Some(index) if OF_A_PAGE.contains(&index) => page,
                Some(OF_COUNTS) => counts,
                _ => false,
            };
            if !may && !step.is_search() {
                bad.push(format!("{step:?} of {sql}"));
            }
            searched.insert(step.table);
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(searched.len(), GROWING.len(), "only these were searched: {searched:?}");
    let steps = plans.of("SELECT id FROM ticket WHERE message_count = 7", None).await;
    assert!(steps.iter().any(|step| !step.is_search()), "the test is blind: {steps:?}");
}

on_both!(no_statement_goes_through_all_mail);

/// What a helpdesk does all day, and its server at night.
async fn work(desk: &Desk) {
    let (services, agent) = (&desk.services, &desk.agent);
    let (password, here) = ("correct horse battery", [127, 0, 0, 1].into());
    let plan = load::Plan { tickets: 300, messages: None, long: 0, seed: 1 };
    let loaded = load::run(services, plan, password.into(), |_| {}).await.unwrap();
    let busy = sign_in::sign_in(services, here, &loaded.email, password.into()).await.unwrap();
    let busy = &busy.actor;
    let tenant = Tenant::new(services, "acme", "help@acme.example").await;
    let mail = |number: u32, more: &str| {
        format!(
            "From: <klant{}@elders.test>\r\nTo: <help@acme.example>\r\nSubject: Vraag {number}\r\n\
            Message-ID: <{number}@elders.test>\r\n{more}\r\n\r\nDag {number}\r\n",
            number % 7
        )
        .into_bytes()
    };
    let file = "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf";
    let mut mails: Vec<_> = (1..9).map(|number| mail(number, file)).collect();
    mails.push(mail(101, &"X-Much: x\r\n".repeat(10_001)));
    assert_eq!(tenant.take(services, &mails).await.quarantined, 1);
    mails.push(mail(99, "References: <1@elders.test> <x@elders.test>"));
    assert_eq!(tenant.take(services, &mails).await.imported, 1);
    intake::resume(services, &tenant.target).await.unwrap();
    let (organization, owner) = (tenant.owner.organization_id, &tenant.owner);
    let dated = format!("Date: {}", services.store().now().to_rfc2822());
    acknowledge(desk, &tenant, mail(98, &dated)).await;
    try_again(services, &tenant).await;
    let folder = sync::folder(services, &tenant.target, &tenant.folder, FolderRole::Inbox);
    let folder = folder.await.unwrap();
    sync::wanted(services, &folder).await.unwrap();

    for number in [1, 2] {
        let view = tickets::get(services, owner, number).await.unwrap();
        tickets::mark_read(services, owner, number).await.unwrap();
        messages::original(services, owner, view.messages[0].id).await.unwrap();
    }
    let number = desk.ticket().await.number;
    tickets::get(services, agent, number).await.unwrap();
    let only = [Status::Open, Status::Pending, Status::Closed].map(StatusFilter::Only);
    for status in [StatusFilter::All].into_iter().chain(only) {
        for assignee in [None, Some(AssigneeFilter::Me), Some(AssigneeFilter::Nobody)] {
            for find in [None, Some("customer000001@customers.example.net".to_owned())] {
                let query = ListQuery { status, assignee, find, ..ListQuery::default() };
                tickets::list(services, busy, query.clone()).await.unwrap();
                let limit = Some(1);
                let page = ListQuery { limit, ..query.clone() };
                let page = tickets::list(services, busy, page).await.unwrap();
                let query = ListQuery { limit, cursor: page.next_cursor, ..query };
                tickets::list(services, busy, query).await.unwrap();
            }
        }
    }
    list_own(services, busy).await;
    tickets::counts(services, busy).await.unwrap();
    mark(services, owner).await;
    ask(services, owner).await;

    let sent = desk.reply("Morgen").await;
    desk.after_undo().await;
    desk.delivery(sent).await;
    desk.reply("Toch niet").await;
    desk.customer_writes("Wacht", true).await;
    desk.after(chrono::TimeDelta::days(40)).await;
    prune::run(services).await.unwrap();
    // Two years later everything is due; what is not the tenant's waits for an admin.
    desk.after(chrono::TimeDelta::days(730)).await;
    for of in retained::channels(desk.store()).await.unwrap() {
        if of.channel_id != tenant.channel {
            retention::wait(services, of.organization_id, of.channel_id).await.unwrap();
        }
    }
    retention::run(services).await.unwrap();
    // So that there is something to multiply.
    let file = &format!("Sender: <post@elders.test>\r\n{file}");
    let mut later: Vec<_> = (201..209).map(|number| mail(number, file)).collect();
    later.push(mail(299, "References: <201@elders.test> <x@elders.test>"));
    assert_eq!(tenant.take(services, &later).await.imported, 9);
    let ticket = tenant.tickets(services).await.remove(0).summary.ticket;
    tickets::mark_read(services, owner, ticket.number).await.unwrap();
    let to = Party { name: None, address: "klant@elders.test".to_owned() };
    let content = Content { text: "Morgen".to_owned(), to: vec![to], ..Content::default() };
    let reply = ReplyRequest {
        snooze_until: None,
        number: ticket.number,
        mode: Mode::Reply,
        content,
        then: Some(Status::Pending),
        seen_version: ticket.version,
        idempotency_key: None,
    };
    replies::create(services, owner, reply).await.unwrap();
    let tag = tags::create(services, owner, "Later", TagColor::Blue).await.unwrap();
    let views = tenant.tickets(services).await;
    let numbers = views.iter().map(|view| view.summary.ticket.number).collect();
    let patch = Patch { tags_add: vec![tag.id], ..Patch::default() };
    bulk::bulk(services, owner, numbers, BulkChange::Patch(patch)).await.unwrap();
    tickets::follow(services, owner, ticket.number, true).await.unwrap();
    // Where there is no tag at all, any index of tags is as good as another.
    let manager = Actor { role: Role::Owner, ..busy.clone() };
    let tag = tags::create(services, &manager, "Later", TagColor::Blue).await.unwrap();
    let change = BulkChange::Patch(Patch { tags_add: vec![tag.id], ..Patch::default() });
    bulk::bulk(services, &manager, vec![1, 2, 3, 4, 5], change).await.unwrap();
    keys::named_keys(desk.store(), &[organization.0, agent.account_id.0]).await.unwrap();
}

/// What concerns one agent.
async fn list_own(services: &Services, agent: &Actor) {
    for query in [
        ListQuery { mentioned: true, ..ListQuery::default() },
        ListQuery { draft: true, ..ListQuery::default() },
        ListQuery { unread: true, ..ListQuery::default() },
        ListQuery { snoozed: true, ..ListQuery::default() },
    ] {
        tickets::list(services, agent, query).await.unwrap();
    }
}

/// What an admin found in quarantine.
async fn try_again(services: &Services, tenant: &Tenant) {
    let owner = &tenant.owner;
    let narrow = QuarantineFilter {
        channel_id: Some(tenant.target.channel_id),
        reason: Some("too_many_headers".to_owned()),
        from: Some(DateTime::UNIX_EPOCH),
        to: None,
    };
    for item in quarantine::list(services, owner, &narrow, None).await.unwrap().items {
        intake::retry(services, &tenant.target, owner.organization_id, item.entry.id)
            .await
            .unwrap();
    }
}

/// The mailbox answers a mail by itself.
async fn acknowledge(desk: &Desk, tenant: &Tenant, mail: Vec<u8>) {
    let organization = tenant.owner.organization_id;
    let key = of_channel(desk.store(), organization, tenant.channel).await.unwrap();
    let thanks = Some(Some("Dank".to_owned()));
    let change = Change { acknowledges: Some(true), acknowledgement: thanks, ..Change::default() };
    let tx = desk.store().begin().await.unwrap();
    mailboxes::update(&tx, &key, organization, tenant.channel, &change).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tenant.take(&desk.services, &[mail]).await.tickets, 1);
    desk.drain().await;
    assert_eq!(desk.server.sent().len(), 1, "the customer is told");
}

/// Agents come to a ticket, mark tickets, look for the marks, and take it back.
async fn mark(services: &Services, owner: &Actor) {
    presence::tell(services, owner, 3, PresenceState::Viewing).await.unwrap();
    presence::list(services, owner).await.unwrap();
    let manager = Actor { role: Role::Owner, ..owner.clone() };
    let tag = tags::create(services, &manager, "Spoed", TagColor::Red).await.unwrap();
    let members = vec![owner.membership_id];
    let team = teams::create(services, &manager, "Balie", members).await.unwrap();
    let until = services.store().now() + chrono::TimeDelta::days(1);
    let patch = Patch {
        priority: Some(Priority::High),
        team: Some(Some(team.id)),
        tags_add: vec![tag.id],
        snoozed_until: Some(Some(until)),
        ..Patch::default()
    };
    let change = BulkChange::Patch(patch);
    let done = bulk::bulk(services, owner, vec![3, 4, 5], change).await.unwrap();
    tickets::follow(services, owner, 3, true).await.unwrap();
    let marks = [
        ListQuery { snoozed: true, ..ListQuery::default() },
        ListQuery { priority: Some(Priority::High), ..ListQuery::default() },
        ListQuery { team: Some(Some(team.id)), ..ListQuery::default() },
        ListQuery { tag: Some(tag.id), ..ListQuery::default() },
    ];
    for query in marks {
        for status in [StatusFilter::All, StatusFilter::Only(Status::Open)] {
            let query = ListQuery { status, ..query.clone() };
            tickets::list(services, owner, query).await.unwrap();
        }
    }
    undo::undo(services, owner, done.act.unwrap()).await.unwrap();
    tags::remove(services, &manager, tag.id).await.unwrap();
    teams::remove(services, &manager, team.id).await.unwrap();
    due::run(services).await.unwrap();
}

/// A customer asks about their data, and what others may then read.
async fn ask(services: &Services, owner: &Actor) {
    let person = person::look_up(services, owner, "klant1@elders.test").await.unwrap();
    let hidden = person.traces.contacts.into();
    let other = Actor { hidden, ..owner.clone() };
    tickets::list(services, &other, ListQuery::default()).await.unwrap();
    tickets::counts(services, &other).await.unwrap();
    let shown = tickets::list(services, &other, ListQuery::default()).await.unwrap();
    let number = shown.items[0].ticket.number;
    tickets::get(services, &other, number).await.unwrap();
}

/// Makes thousands of rows of each organization's in each table, so that an index is worth its while.
async fn multiply(database: &DatabaseConnection) {
    let rows = async |sql: String| {
        database.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap()
    };
    database.execute_unprepared("SET session_replication_role = replica").await.unwrap();
    for table in GROWING {
        let columns = rows(format!(
            "SELECT column_name::text AS name, data_type::text AS kind \
            FROM information_schema.columns WHERE table_name = '{table}'"
        ));
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for row in columns.await {
            let name: String = row.try_get("", "name").unwrap();
            let kind: String = row.try_get("", "kind").unwrap();
            values.push(match kind.as_str() {
                "uuid" if !WIDE.contains(&name.as_str()) => {
                    format!("CASE WHEN {name} IS NOT NULL THEN gen_random_uuid() END")
                }
                "bytea" if name.ends_with("blind") => "uuid_send(gen_random_uuid())".to_owned(),
                "bytea" => "''".to_owned(),
                "bigint" => format!("{name} + 1000000 * copy"),
                _ if name == "unique_key" => "NULL".to_owned(),
                _ => name.clone(),
            });
            names.push(name);
        }
        let (names, values) = (names.join(", "), values.join(", "));
        let copy = format!(
            "INSERT INTO {table} ({names}) SELECT {values} FROM \
            (SELECT *, count(*) OVER (PARTITION BY organization_id) AS share FROM {table}) AS few, \
            generate_series(1, 5000 / share) AS copy"
        );
        database.execute_unprepared(&copy).await.unwrap();
    }
}

/// How a statement finds the rows of a table.
#[derive(Debug)]
struct Step {
    table: String,
    /// None: it goes through the table.
    index: Option<String>,
    /// What of the index is known before.
    condition: String,
}

impl Step {
    fn is_search(&self) -> bool {
        static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[a-z_]+").unwrap());
        let Some(index) = &self.index else { return false };
        let narrows = |found: regex::Match<'_>| {
            !WIDE.contains(&found.as_str())
                && self
                    .condition
                    .get(found.end()..)
                    .is_some_and(|rest| rest.starts_with([' ', '=', '<', '>']))
        };
        OF_FEW.contains(&index.as_str()) || NAME.find_iter(&self.condition).any(narrows)
    }
}

/// Asks a database for its plans.
struct Plans {
    database: DatabaseConnection,
}

impl Plans {
    async fn of(&self, sql: &str, values: Option<Values>) -> Vec<Step> {
        let backend = self.database.get_database_backend();
        let how = match backend {
            DbBackend::Sqlite => "EXPLAIN QUERY PLAN",
            _ => "EXPLAIN (FORMAT JSON)",
        };
        let explain = Statement { sql: format!("{how} {sql}"), values, db_backend: backend };
        let rows = self.database.query_all_raw(explain).await.unwrap();
        let mut steps = Vec::new();
        for row in rows {
            if backend == DbBackend::Sqlite {
                steps.extend(of_sqlite(&row.try_get::<String>("", "detail").unwrap(), sql));
            } else {
                let plan: Value = row.try_get_by_index(0).unwrap();
                of_postgres(&plan[0]["Plan"], &mut steps);
            }
        }
        steps
    }
}

/// `SEARCH ticket USING INDEX ix_ticket_2 (organization_id=? AND status=?)`, or `SCAN ticket`.
fn of_sqlite(detail: &str, sql: &str) -> Option<Step> {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|(\w+ PRIMARY KEY)))?(?: \((.*)\))?")
            .unwrap()
    });
    let found = LINE.captures(detail)?;
    let text = |at| found.get(at).map(|text| text.as_str().to_owned());
    let table = text(2)?;
    assert!(!sql.contains(&format!(" AS \"{table}\"")), "an alias: {sql}");
    Some(Step { table, index: text(3).or(text(4)), condition: text(5).unwrap_or_default() })
}

fn of_postgres(node: &Value, steps: &mut Vec<Step>) {
    static CONDITION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"'[^']*'(::\w+)?").unwrap());
    let text = |node: &Value, name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let children = node["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let kind = text(node, "Node Type");
    if kind.ends_with("Scan") && !node["Relation Name"].is_null() {
        let table = text(node, "Relation Name");
        let from = if kind == "Bitmap Heap Scan" { parts(&children[0]) } else { vec![node] };
        steps.extend(from.into_iter().map(|from| {
            let condition = CONDITION.replace_all(&text(from, "Index Cond"), "?").into_owned();
            let index = from["Index Name"].as_str().map(str::to_owned);
            Step { table: table.clone(), index, condition }
        }));
    }
    for child in children {
        of_postgres(child, steps);
    }
}

/// The scans of indexes that a bitmap is made of; of those that narrow each other, the first.
fn parts(node: &Value) -> Vec<&Value> {
    let children = node["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    match node["Node Type"].as_str() {
        Some("BitmapOr") => children.iter().flat_map(parts).collect(),
        Some("BitmapAnd") => parts(&children[0]),
        _ => vec![node],
    }
}
