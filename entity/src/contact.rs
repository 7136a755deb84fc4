//! A customer.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub key_id: Uuid,
    /// Sealed.
    pub name: Option<Vec<u8>>,
    /// The channel that the name came by: it goes with that one.
    pub name_channel_id: Option<Uuid>,
    pub created_at: UnixMillis,
    /// When the person had it corrected.
    pub rectified_at: Option<UnixMillis>,
    /// Sealed.
    pub profile: Option<Vec<u8>>,
    /// Since when their mail goes to spam.
    pub blocked_at: Option<UnixMillis>,
    pub blocked_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
