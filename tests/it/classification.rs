//! Every column of the live schema stands in `store::columns::TABLES`, under its own number and
//! in the class that its type allows. A column that nobody classified fails here.

use std::collections::{BTreeMap, BTreeSet};

use loket::store::columns::{Class, TABLES};
use loket::store::{Db, Location};
use migration::{AuditMigrator, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

use crate::support::db::{On, TestDatabase, new_database, on_both};

/// The tables in which sea-orm notes what it has migrated: versions and times.
const MIGRATIONS: &[&str] = &["seaql_migrations", "audit_migration"];

const SQLITE: &str = "SELECT s.name AS \"table\", c.name AS \"column\", c.type AS kind \
    FROM sqlite_schema s JOIN pragma_table_info(s.name) c \
    WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%'";
const POSTGRES: &str = "SELECT table_name::text AS \"table\", column_name::text AS \"column\", \
    data_type::text AS kind FROM information_schema.columns \
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema')";

/// A column as the database has it.
#[derive(Debug, Clone, FromQueryResult)]
struct Live {
    table: String,
    column: String,
    kind: String,
}

/// The classification table, to be altered.
#[derive(Debug, Clone)]
struct Known {
    number: u16,
    name: String,
    columns: Vec<(u16, String, Class)>,
}

fn known() -> Vec<Known> {
    let owned = |&(number, name, class): &(u16, &str, Class)| (number, name.to_owned(), class);
    TABLES
        .iter()
        .map(|table| Known {
            number: table.number,
            name: table.name.to_owned(),
            columns: table.columns.iter().map(owned).collect(),
        })
        .collect()
}

/// Two databases with the schema, which are gone when this is.
struct Schema {
    data: Db,
    audit: Db,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl Schema {
    async fn new(on: On) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut database = None;
        let (data, audit) = match on {
            On::Sqlite => {
                let file = |name| Location::Sqlite(folder.path().join(name));
                let (data, audit) = (file("loket.db"), file("audit.db"));
                (Db::open(&data).await.unwrap(), Db::open(&audit).await.unwrap())
            }
            On::Postgres => {
                let made = database.insert(new_database("LOKET_TEST_DATABASE_URL").await);
                let db = Db::open(&Location::Postgres(made.url.clone())).await.unwrap();
                (db.clone(), db)
            }
        };
        let schema = Self { data, audit, _folder: folder, _database: database };
        schema.up().await;
        schema
    }

    async fn up(&self) {
        Migrator::up(self.data.write(), None).await.unwrap();
        AuditMigrator::up(self.audit.write(), None).await.unwrap();
    }

    async fn down(&self) {
        AuditMigrator::down(self.audit.write(), None).await.unwrap();
        Migrator::down(self.data.write(), None).await.unwrap();
    }

    async fn columns(&self) -> Vec<Live> {
        let mut all = columns(&self.data).await;
        if self.data.backend() == DbBackend::Sqlite {
            all.extend(columns(&self.audit).await);
        }
        all
    }
}

async fn live(on: On) -> Vec<Live> {
    Schema::new(on).await.columns().await
}

/// Every migration can be taken back, and run again.
async fn migrations_go_down_and_up_again(on: On) {
    let schema = Schema::new(on).await;
    let before = schema.columns().await.len();
    schema.down().await;
    let left = schema.columns().await;
    assert!(left.iter().all(|it| MIGRATIONS.contains(&it.table.as_str())), "{left:?}");
    schema.up().await;
    assert_eq!(schema.columns().await.len(), before);
}

/// What names a thing without a foreign key: logs, which outlive what they tell of, and tables
/// whose rows go with a message.
const LOOSE: &[(&str, &str)] = &[
    ("event", "channel_id"),
    ("event", "ticket_id"),
    ("audit_entry", "channel_id"),
    ("message_reference", "channel_id"),
    ("message_reference", "ticket_id"),
    ("idempotency_key", "membership_id"),
    // The register outlives the ticket.
    ("data_request", "ticket_id"),
];

const SQLITE_KEYS: &str = "SELECT s.name AS \"table\", f.\"from\" AS \"column\", '' AS kind \
    FROM sqlite_schema s JOIN pragma_foreign_key_list(s.name) f WHERE s.type = 'table'";
const POSTGRES_KEYS: &str = "SELECT k.table_name::text AS \"table\", \
    k.column_name::text AS \"column\", '' AS kind FROM information_schema.key_column_usage k \
    JOIN information_schema.table_constraints c ON c.constraint_name = k.constraint_name \
    WHERE c.constraint_type = 'FOREIGN KEY'";

/// A purge deletes children before parents: the database itself must know who is whose.
async fn what_names_a_thing_has_a_foreign_key(on: On) {
    let schema = Schema::new(on).await;
    let sql = if on == On::Postgres { POSTGRES_KEYS } else { SQLITE_KEYS };
    let db = &schema.data;
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), sql)).await.unwrap();
    let tied: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| Live::from_query_result(row, "").unwrap())
        .map(|it| (it.table, it.column))
        .collect();
    let names = ["channel_id", "ticket_id", "membership_id", "contact_id", "name_channel_id"];
    let loose: Vec<_> = schema
        .columns()
        .await
        .into_iter()
        .filter(|it| names.contains(&it.column.as_str()) || it.column.ends_with("_to_id"))
        .map(|it| (it.table, it.column))
        .filter(|(table, column)| !LOOSE.contains(&(table.as_str(), column.as_str())))
        .filter(|it| !tied.contains(it))
        .collect();
    assert!(loose.is_empty(), "without a foreign key: {loose:?}");
}

async fn columns(db: &Db) -> Vec<Live> {
    let sql = if db.backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), sql)).await.unwrap();
    rows.iter().map(|row| Live::from_query_result(row, "").unwrap()).collect()
}

/// What does not fit, in words; nothing when all of it does.
fn differences(live: &[Live], known: &[Known]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut tables: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for Live { table, column, kind } in live {
        if !MIGRATIONS.contains(&table.as_str()) {
            tables.entry(table).or_default().insert(column, kind);
        }
    }
    let (mut numbers, mut names) = (BTreeSet::new(), BTreeSet::new());
    for Known { number, name, columns } in known {
        if !numbers.insert(*number) {
            wrong.push(format!("table {number} is there twice"));
        }
        if !names.insert(name) {
            wrong.push(format!("{name} is there twice"));
        }
        match tables.remove(name.as_str()) {
            Some(live) => compare(name, live, columns, &mut wrong),
            None => wrong.push(format!("{name} is no table")),
        }
    }
    wrong.extend(tables.keys().map(|table| format!("{table} is not classified")));
    wrong
}

fn compare(
    table: &str,
    mut live: BTreeMap<&str, &str>,
    columns: &[(u16, String, Class)],
    wrong: &mut Vec<String>,
) {
    let mut numbers = BTreeSet::new();
    for (number, column, class) in columns {
        if !numbers.insert(*number) {
            wrong.push(format!("{table}: column {number} is there twice"));
        }
        match live.remove(column.as_str()) {
            None => wrong.push(format!("{table}.{column} is no column, or there twice")),
            Some("BLOB" | "bytea") => {}
            Some(kind) if *class != Class::Plain => {
                wrong.push(format!("{table}.{column} is {class:?}, but its type is {kind}"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(live.keys().map(|column| format!("{table}.{column} is not classified")));
}

async fn every_column_is_classified(on: On) {
    assert_eq!(differences(&live(on).await, &known()), [""; 0]);
}

/// The comparison sees what it is there for.
async fn every_difference_is_noticed(on: On) {
    type Change = fn(&mut Vec<Known>);
    let live = live(on).await;
    let changes: [(Change, &str); 9] = [
        (|all| drop(table(all, "ticket").columns.pop()), "ticket.delete_at is not classified"),
        (|all| all.retain(|table| table.name != "audit_entry"), "audit_entry is not classified"),
        (|all| all.retain(|table| table.name != "draft"), "draft is not classified"),
        (|all| table(all, "draft").name.push('s'), "drafts is no table"),
        (|all| column(all, "subject").1.push('s'), "ticket.subjects is no column, or there twice"),
        (|all| column(all, "subject").0 = 11, "ticket: column 11 is there twice"),
        (|all| column(all, "subject").1 = "snippet".into(), "ticket.subject is not classified"),
        (|all| table(all, "draft").number = 23, "table 23 is there twice"),
        (|all| column(all, "status").2 = Class::Sealed, "ticket.status is Sealed, but its type is"),
    ];
    for (change, expected) in changes {
        let mut altered = known();
        change(&mut altered);
        let found = differences(&live, &altered);
        assert!(found.iter().any(|text| text.starts_with(expected)), "{expected}: {found:?}");
    }
    // A migration that nobody told the table of.
    for (table, column) in [("ticket", "summary"), ("memo", "text")] {
        let (table, column) = (table.to_owned(), column.to_owned());
        let more = [&live[..], &[Live { table, column, kind: "TEXT".into() }]].concat();
        assert_eq!(differences(&more, &known()).len(), 1);
    }
}

fn table<'a>(all: &'a mut [Known], name: &str) -> &'a mut Known {
    all.iter_mut().find(|table| table.name == name).unwrap()
}

fn column<'a>(all: &'a mut [Known], name: &str) -> &'a mut (u16, String, Class) {
    let columns = &mut table(all, "ticket").columns;
    columns.iter_mut().find(|(_, column, _)| column == name).unwrap()
}

on_both!(
    every_column_is_classified,
    every_difference_is_noticed,
    migrations_go_down_and_up_again,
    what_names_a_thing_has_a_foreign_key,
);

/// A constant with another column's numbers would bind values to the wrong place, for ever.
#[test]
fn constants_are_the_sealed_columns() {
    let source = include_str!("../../src/store/columns/places.rs");
    let mut constants = BTreeMap::new();
    for item in syn::parse_file(source).unwrap().items {
        let syn::Item::Const(item) = item else { continue };
        let syn::Expr::Struct(value) = *item.expr else { continue };
        let number = |field: &syn::FieldValue| match &field.expr {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(lit), .. }) => {
                lit.base10_parse::<u16>().unwrap()
            }
            _ => panic!("{} is not made of two numbers", item.ident),
        };
        let numbers: Vec<u16> = value.fields.iter().map(number).collect();
        constants.insert(item.ident.to_string(), (numbers[0], numbers[1]));
    }
    let mut sealed = BTreeMap::new();
    for table in TABLES {
        for (number, name, _) in table.columns.iter().filter(|(.., class)| *class == Class::Sealed)
        {
            let constant = format!("{}_{name}", table.name).to_uppercase();
            sealed.insert(constant, (table.number, *number));
        }
    }
    assert_eq!(constants, sealed);
}
