//! Erasing a person: how far each erasure is, and which mail must not come back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0013_erasure.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(manager, &["erased_mail", "erasure_ticket", "erasure"]).await?;
        let sql = "ALTER TABLE message DROP COLUMN erased_at";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
