//! Purges, statements of deletion, and the indexes without which each removed row would go through
//! a whole table to see whether another names it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// Indexes of tables that stay.
const INDEXES: &[&str] = &[
    "ix_contact_1",
    "ix_contact_identity_3",
    "ix_ticket_9",
    "ix_ticket_8",
    "ix_message_3",
    "ix_message_2",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0002_forgetting.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in INDEXES {
            let sql = format!("DROP INDEX {index}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        dialect::drop_all(manager, &["deletion_statement", "purge"]).await
    }
}
