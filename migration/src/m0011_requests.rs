//! Requests of people about their data: the register, its timeline, mails and what is withheld;
//! what a person objects to or has restricted; who is named in a mail without taking part.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("sql/m0011_requests.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "mention",
            "restriction_reader",
            "person_mark",
            "data_request_withheld",
            "data_request_mail",
            "data_request_event",
            "data_request",
        ];
        dialect::drop_all(manager, &tables).await?;
        manager.get_connection().execute_unprepared("DROP INDEX ix_message_4").await?;
        let sql = "ALTER TABLE contact DROP COLUMN rectified_at";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
