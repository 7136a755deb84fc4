//! What a mailbox answers by itself to whoever begins a conversation.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const BACK: &[&str] = &[
    "DROP INDEX ix_message_5",
    "DROP INDEX ix_outbox_6",
    "ALTER TABLE outbox DROP COLUMN is_automatic",
    "ALTER TABLE mailbox DROP COLUMN acknowledgement",
    "ALTER TABLE mailbox DROP COLUMN acknowledges",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0024_acknowledgement.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in BACK {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
