//! An answer on its way out. `restore` is what undo brings back.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel_id: Uuid,
    pub ticket_id: Uuid,
    pub message_id: Uuid,
    pub state: String,
    pub not_before: UnixMillis,
    pub attempts: i32,
    pub lease_until: Option<UnixMillis>,
    pub last_attempt_at: Option<UnixMillis>,
    pub confirmed_at: Option<UnixMillis>,
    pub seen_version: i32,
    /// Sealed.
    pub restore: Option<Vec<u8>>,
    pub error_code: Option<String>,
    /// Sealed.
    pub error: Option<Vec<u8>>,
    /// Sealed.
    pub bounced: Option<Vec<u8>>,
    pub sent_at: Option<UnixMillis>,
    pub created_at: UnixMillis,
    /// Nobody wrote it: the mailbox answered by itself.
    pub is_automatic: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
