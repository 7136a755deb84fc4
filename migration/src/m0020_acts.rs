//! What agents do with tickets: priority, tags, followers, snoozing, deleting for good, and acts
//! that can be undone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["act_ticket", "act", "follower", "ticket_tag", "tag"];

const INDEXES: &[&str] = &["ix_ticket_20", "ix_ticket_21", "ix_ticket_22", "ix_ticket_23"];

const COLUMNS: &[&str] = &["delete_at", "status_before", "priority"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0020_acts.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(manager, TABLES).await?;
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
