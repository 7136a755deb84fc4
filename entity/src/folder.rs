//! A folder of a mailbox and how far it has been read (the folder cursor).

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "folder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub channel_id: Uuid,
    /// Sealed.
    pub name: Vec<u8>,
    /// Blind.
    pub name_blind: Vec<u8>,
    pub role: String,
    pub uid_validity: i64,
    pub last_uid: i64,
    pub backfill_uid: i64,
    pub updated_at: UnixMillis,
    /// When the server's UIDs were last held against the ledger, and what was found.
    pub compared_at: Option<UnixMillis>,
    pub on_server: i64,
    pub compared_imported: i64,
    pub compared_duplicates: i64,
    pub compared_left_out: i64,
    pub compared_missed: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
