//! How long mail is kept, and what is kept longer: retention, exemptions, legal holds.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &["ix_ledger_7", "ix_ticket_11", "ix_ticket_10", "ix_ticket_12"];

const COLUMNS: &[&str] =
    &["is_held", "anonymized_at", "exempt_reason", "exempt_by", "exempt_at", "status_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0003_retention.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(manager, &["hold_person", "hold", "retention_run", "retention"]).await?;
        let db = manager.get_connection();
        for index in INDEXES {
            db.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        for column in COLUMNS {
            db.execute_unprepared(&format!("ALTER TABLE ticket DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}
