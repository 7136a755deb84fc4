//! The first schema of the data database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// Ciphertext does not compress: keep it out of line and spare the attempt.
const EXTERNAL: &[(&str, &str)] = &[
    ("raw_message", "body"),
    ("message", "text"),
    ("message", "quoted"),
    ("message", "html"),
    ("attachment", "body"),
];

/// Children before parents.
const TABLES: &[&str] = &[
    "server_meta",
    "setting",
    "idempotency_key",
    "forget_entry",
    "job",
    "event",
    "outbox",
    "draft",
    "attachment",
    "message_reference",
    "message",
    "participant",
    "ticket_seen",
    "ticket",
    "contact_identity",
    "contact",
    "raw_message",
    "ledger",
    "folder",
    "provider_client",
    "mailbox",
    "channel_member",
    "channel",
    "team_member",
    "team",
    "membership",
    "session",
    "account",
    "organization_counter",
    "organization",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0001_data.sql")).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for (table, column) in EXTERNAL {
                let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL");
                manager.get_connection().execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(manager, TABLES).await
    }
}
