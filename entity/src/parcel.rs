//! An export: a ZIP, sealed in parts, that is kept for a few days.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "parcel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    /// The mailbox, the organization, or the request that it is for.
    pub subject_id: Uuid,
    /// The mailbox that it is of.
    pub channel_id: Option<Uuid>,
    pub key_id: Uuid,
    pub state: String,
    /// What the names of its parts are made from; another for each attempt.
    pub object_name: Option<String>,
    /// How many parts may be in the object store.
    pub parts: i32,
    pub done: i64,
    pub total: i64,
    /// Bytes of the ZIP.
    pub size: i64,
    /// Sealed.
    pub content: Vec<u8>,
    pub error_code: Option<String>,
    pub made_by: Option<Uuid>,
    pub created_at: UnixMillis,
    pub ready_at: Option<UnixMillis>,
    pub expires_at: UnixMillis,
    pub downloads: i64,
    pub downloaded_at: Option<UnixMillis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
