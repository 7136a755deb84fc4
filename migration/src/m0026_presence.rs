//! Who is at a ticket right now, for the other instances on the same database.
//!
//! A beat comes whenever it comes, also while its ticket is being removed: the row goes with the ticket by itself,
//! so that it holds nothing back.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0026_presence.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_all(manager, &["presence"]).await
    }
}
