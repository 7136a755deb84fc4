//! What agents write: a draft of each kind, letters to customers who have not written, saved replies,
//! and which message an agent must have seen before they answer.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0021_composer.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(
            manager,
            &["notice", "note_mention", "member_setting", "saved_reply", "letter"],
        )
        .await?;
        dialect::run(manager, include_str!("sql/m0021_composer_down.sql")).await
    }
}
