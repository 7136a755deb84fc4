//! A sign-in, server-wide.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Sealed.
    pub email: Vec<u8>,
    /// Blind.
    pub email_blind: Vec<u8>,
    /// Sealed.
    pub name: Vec<u8>,
    /// Sealed.
    pub password_hash: Option<Vec<u8>>,
    pub locale: String,
    pub theme: String,
    /// An IANA zone; empty: that of the browser.
    pub time_zone: String,
    pub created_at: UnixMillis,
    pub disabled_at: Option<UnixMillis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
