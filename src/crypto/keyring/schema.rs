//! The keyring's own tables. A change is a further entry in [`STEPS`]; what has been released is
//! never edited. The same statements run on SQLite and on PostgreSQL, but for the names of types.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use super::super::KeyError;
use super::meta;

/// One entry per version, each the statements that lead to it.
const STEPS: &[&[&str]] = &[
    &[
        "CREATE TABLE keyring_key (
        id {uuid} NOT NULL PRIMARY KEY,
        kind {int} NOT NULL,
        organization_id {uuid} NOT NULL,
        channel_id {uuid},
        parent_id {uuid} REFERENCES keyring_key (id),
        parent_version {int} NOT NULL,
        version {int} NOT NULL,
        wrapped {bytes},
        created_at {bigint} NOT NULL,
        destroyed_at {bigint},
        CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
    ) {table}",
        "CREATE INDEX keyring_key_upper ON keyring_key (kind, organization_id)
        WHERE kind NOT IN (4, 5)",
        "CREATE TABLE keyring_forget_entry (
        number {bigint} NOT NULL PRIMARY KEY,
        at {bigint} NOT NULL,
        kind {int} NOT NULL,
        ids {bytes} NOT NULL,
        signing_key_id {uuid} NOT NULL,
        signature {bytes} NOT NULL
    ) {table}",
    ],
    &["CREATE TABLE keyring_retired (
        key_id {uuid} NOT NULL REFERENCES keyring_key (id),
        version {int} NOT NULL,
        wrapped {bytes},
        retired_at {bigint} NOT NULL,
        destroyed_at {bigint},
        PRIMARY KEY (key_id, version),
        CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
    ) {table}"],
];

/// The newest version that this build knows.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Makes the table of settings, which tells the version of all others.
pub(super) async fn create_meta(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let statement = "CREATE TABLE IF NOT EXISTS keyring_meta (
        name {text} NOT NULL PRIMARY KEY, value {text} NOT NULL) {table}";
    tx.execute_unprepared(&render(tx.get_database_backend(), statement)).await.map(drop)
}

/// Brings the tables to the newest version, within the caller's transaction.
pub(super) async fn migrate(tx: &DatabaseTransaction) -> Result<(), KeyError> {
    let found = meta::find_number(tx, meta::SCHEMA).await?.unwrap_or(0);
    let known = newest();
    if found > known {
        return Err(KeyError::NewerSchema { found, known });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        for statement in *step {
            tx.execute_unprepared(&render(tx.get_database_backend(), statement)).await?;
        }
    }
    if found < known {
        meta::set(tx, meta::SCHEMA, &known.to_string()).await?;
    }
    Ok(())
}

fn render(backend: DbBackend, statement: &str) -> String {
    let types = if backend == DbBackend::Postgres {
        [
            ("{uuid}", "uuid"),
            ("{int}", "integer"),
            ("{bigint}", "bigint"),
            ("{bytes}", "bytea"),
            ("{text}", "text"),
            ("{table}", ""),
        ]
    } else {
        [
            ("{uuid}", "BLOB"),
            ("{int}", "INTEGER"),
            ("{bigint}", "INTEGER"),
            ("{bytes}", "BLOB"),
            ("{text}", "TEXT"),
            ("{table}", "STRICT, WITHOUT ROWID"),
        ]
    };
    types.iter().fold(statement.to_owned(), |text, (from, to)| text.replace(from, to))
}
