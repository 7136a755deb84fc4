//! What an owner says of a host that the server talks to.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_host")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    pub id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub host_blind: Vec<u8>,
    pub content: Vec<u8>,
    pub changed_by: Uuid,
    pub changed_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
