//! How long the mail of a channel is kept.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: Uuid,
    pub months: i32,
    pub then_what: String,
    pub spam_days: i32,
    pub trash_days: i32,
    pub quarantine_days: i32,
    pub waits: bool,
    pub changed_by: Option<Uuid>,
    pub changed_at: UnixMillis,
    pub last_run_at: Option<UnixMillis>,
    /// Rises with each change that somebody makes.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
