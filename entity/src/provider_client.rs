//! An OAuth client that an admin entered.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// Sealed.
    pub client_id: Vec<u8>,
    /// Sealed.
    pub client_secret: Vec<u8>,
    pub tenant: Option<String>,
    pub secret_ends_at: Option<UnixMillis>,
    pub updated_at: UnixMillis,
    pub id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
