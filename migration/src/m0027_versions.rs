//! Which version of a thing somebody has changed, so that two who change it at once are told.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] =
    &["organization", "mailbox", "membership", "team", "tag", "saved_view", "retention"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0027_versions.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let back = format!("ALTER TABLE {table} DROP COLUMN version");
            manager.get_connection().execute_unprepared(&back).await?;
        }
        Ok(())
    }
}
