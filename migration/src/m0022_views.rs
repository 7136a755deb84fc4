//! How somebody likes their pages, and lists of tickets that they keep.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0022_views.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["ix_draft_2", "ix_ticket_30"] {
            let drop = format!("DROP INDEX {index}");
            manager.get_connection().execute_unprepared(&drop).await?;
        }
        dialect::drop_all(manager, &["saved_view", "preference"]).await
    }
}
