//! A message as it went over the wire: sealed frames, here or in the object store.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "raw_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    pub channel_id: Uuid,
    pub key_id: Uuid,
    pub size: i64,
    pub stored_size: i64,
    /// Sealed.
    pub frame_table: Vec<u8>,
    /// Sealed.
    pub body: Option<Vec<u8>>,
    pub object_name: Option<String>,
    pub created_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
