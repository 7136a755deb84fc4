//! A way in which customers reach the organization: the root of keys, members, retention and purge.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub key_id: Uuid,
    pub state: String,
    pub state_code: Option<String>,
    /// Sealed.
    pub state_detail: Option<Vec<u8>>,
    pub state_at: UnixMillis,
    /// When its admins were last told that it needs them.
    pub told_at: Option<UnixMillis>,
    pub created_at: UnixMillis,
    pub disconnected_at: Option<UnixMillis>,
    /// When an admin chose to keep the data of a mailbox that does not work.
    pub kept_at: Option<UnixMillis>,
    pub kept_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
