//! The closing of an organization, from the question to the statement. It outlives the
//! organization.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub asked_by: Uuid,
    pub asked_at: UnixMillis,
    /// When whoever asked followed the link in their mail.
    pub confirmed_at: Option<UnixMillis>,
    pub second_by: Option<Uuid>,
    pub second_at: Option<UnixMillis>,
    pub export_id: Uuid,
    pub exported_at: Option<UnixMillis>,
    /// When an export of all of it was last downloaded.
    pub downloaded_at: Option<UnixMillis>,
    pub begun_at: Option<UnixMillis>,
    pub due_at: Option<UnixMillis>,
    pub planned_at: Option<UnixMillis>,
    pub keys_destroyed_at: Option<UnixMillis>,
    pub finished_at: Option<UnixMillis>,
    /// JSON: how many of each kind.
    pub counts: String,
    /// The id that the statement will have: who knows it reads it.
    pub statement_id: Uuid,
    /// The organization's key.
    pub key_id: Uuid,
    /// The organization's name, for the statement.
    pub name: String,
    pub error_code: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
