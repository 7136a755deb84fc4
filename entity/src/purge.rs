//! The way of a mailbox's data out: from the countdown to the statement.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel_id: Uuid,
    pub provider: String,
    pub state: String,
    pub cause: String,
    pub requested_by: Option<Uuid>,
    pub requested_at: UnixMillis,
    pub due_at: UnixMillis,
    /// Who asked for it before the window's end.
    pub early_by: Option<Uuid>,
    pub early_at: Option<UnixMillis>,
    /// The second admin who agreed.
    pub early_confirmed_by: Option<Uuid>,
    pub planned_at: Option<UnixMillis>,
    pub keys_destroyed_at: Option<UnixMillis>,
    pub finished_at: Option<UnixMillis>,
    /// When its admins were last told of it.
    pub told_at: Option<UnixMillis>,
    /// JSON: how many of each kind, and the range of dates.
    pub counts: String,
    /// Messages that are gone already.
    pub removed: i64,
    pub error_code: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
