//! A file of a message (a range of its raw mail) or an upload that waits for one.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub message_id: Option<Uuid>,
    pub channel_id: Uuid,
    pub key_id: Uuid,
    pub position: i32,
    /// Sealed.
    pub meta: Vec<u8>,
    pub size: i64,
    pub inline: bool,
    pub raw_start: Option<i64>,
    pub raw_end: Option<i64>,
    pub encoding: Option<String>,
    /// Sealed.
    pub frame_table: Option<Vec<u8>>,
    /// Sealed.
    pub body: Option<Vec<u8>>,
    pub object_name: Option<String>,
    pub uploaded_by: Option<Uuid>,
    pub held_by: Option<Uuid>,
    pub created_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
