//! One line for every mail that was ever seen at the provider.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel_id: Uuid,
    pub folder_id: Uuid,
    pub uid_validity: i64,
    pub uid: i64,
    pub state: String,
    pub reason: Option<String>,
    pub message_id: Option<Uuid>,
    /// Blind.
    pub content_blind: Option<Vec<u8>>,
    /// Blind.
    pub id_blind: Option<Vec<u8>>,
    pub attempts: i32,
    pub is_history: bool,
    pub received_at: Option<UnixMillis>,
    pub seen_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
