//! What colleagues write down about a customer, and who is blocked.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const BACK: &[&str] = &[
    "DROP INDEX ix_ticket_replaced",
    "DROP INDEX ix_contact_blocked",
    "ALTER TABLE contact DROP COLUMN blocked_by",
    "ALTER TABLE contact DROP COLUMN blocked_at",
    "ALTER TABLE contact DROP COLUMN profile",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0023_contacts.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in BACK {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
