//! A channel of kind mailbox: provider, connection and import.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: Uuid,
    pub provider: String,
    /// Sealed.
    pub address: Vec<u8>,
    /// Blind.
    pub address_blind: Vec<u8>,
    /// Sealed.
    pub display_name: Vec<u8>,
    /// Sealed.
    pub signature: Option<Vec<u8>>,
    pub language: String,
    /// Sealed.
    pub settings: Vec<u8>,
    /// Sealed.
    pub credentials: Option<Vec<u8>>,
    pub credentials_expire_at: Option<UnixMillis>,
    /// When the grant ends that gets new credentials, if the provider has told.
    pub grant_ends_at: Option<UnixMillis>,
    pub refresh_lease_until: Option<UnixMillis>,
    /// Who reads it now.
    pub reader_id: Option<Uuid>,
    pub reader_until: Option<UnixMillis>,
    /// Somebody wants it to be looked at, since then.
    pub look_wanted_at: Option<UnixMillis>,
    pub import_mode: String,
    pub import_since: Option<UnixMillis>,
    pub history_before: Option<UnixMillis>,
    pub import_read: i64,
    pub import_total: Option<i64>,
    pub import_waits_until: Option<UnixMillis>,
    /// What was downloaded on the latest day, in days since 1970 (UTC).
    pub read_day: i64,
    pub read_bytes: i64,
    pub last_sync_at: Option<UnixMillis>,
    pub last_mail_at: Option<UnixMillis>,
    pub created_at: UnixMillis,
    /// Whether whoever begins a conversation is answered at once.
    pub acknowledges: bool,
    /// Sealed.
    pub acknowledgement: Option<Vec<u8>>,
    /// Rises with each change that somebody makes.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
