//! The search index of a channel on one instance.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_index")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// Also the name of its folder.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel_id: Uuid,
    pub instance_id: Uuid,
    pub key_id: Uuid,
    /// `building` or `ready`.
    pub state: String,
    pub format: i32,
    /// How often its list of segments was replaced, at least.
    pub number: i64,
    pub done: i64,
    pub total: i64,
    pub rebuild_asked_at: Option<UnixMillis>,
    /// When no words of what was deleted were in its files.
    pub expunged_at: UnixMillis,
    pub created_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
