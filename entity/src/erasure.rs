//! A person's data on its way out.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    /// Dies at the end, and with it what is known of the person.
    pub key_id: Uuid,
    /// Sealed: addresses and contacts; gone at the end.
    pub person: Option<Vec<u8>>,
    /// Sealed under the organization's key: where copies of the mail are yet.
    pub copies: Option<Vec<u8>>,
    pub requested_by: Option<Uuid>,
    pub requested_at: UnixMillis,
    pub planned_at: Option<UnixMillis>,
    pub keys_destroyed_at: Option<UnixMillis>,
    pub finished_at: Option<UnixMillis>,
    /// JSON: how many of each kind.
    pub counts: String,
    /// Messages that are gone already.
    pub removed: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
