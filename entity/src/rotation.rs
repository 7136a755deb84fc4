//! A key that got a new secret, and how far what the old one sealed is sealed anew.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rotation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// None for the server's key.
    pub organization_id: Option<Uuid>,
    pub channel_id: Option<Uuid>,
    pub key_id: Uuid,
    /// The version that the key has since.
    pub version: i32,
    pub state: String,
    /// Keys that were wrapped anew.
    pub children: i64,
    /// Rows that the key seals directly.
    pub total: i64,
    /// Those that are sealed anew.
    pub done: i64,
    pub started_at: UnixMillis,
    pub resealed_at: Option<UnixMillis>,
    /// When the old secret is to be destroyed.
    pub forget_at: Option<UnixMillis>,
    pub finished_at: Option<UnixMillis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
