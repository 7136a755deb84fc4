//! The Message-IDs of a message (own) and those that it refers to, for threading in either order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_reference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: Uuid,
    /// Blind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blind: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    pub ticket_id: Uuid,
    pub own: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
