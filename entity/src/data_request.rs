//! A person asks something about their data.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub state: String,
    pub is_known: bool,
    pub membership_id: Option<Uuid>,
    pub ticket_id: Option<Uuid>,
    pub channel_id: Option<Uuid>,
    pub language: String,
    pub key_id: Uuid,
    /// Sealed.
    pub content: Option<Vec<u8>>,
    pub received_at: UnixMillis,
    pub due_at: UnixMillis,
    pub extended_months: i32,
    pub opened_by: Uuid,
    pub opened_at: UnixMillis,
    pub handler_id: Option<Uuid>,
    /// Blind.
    pub code_blind: Option<Vec<u8>>,
    pub code_at: Option<UnixMillis>,
    pub code_tries: i32,
    pub identified_at: Option<UnixMillis>,
    pub parcel_id: Option<Uuid>,
    pub parcel_until: Option<UnixMillis>,
    pub erasure_id: Option<Uuid>,
    pub acted_at: Option<UnixMillis>,
    pub lift_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
    pub closed_at: Option<UnixMillis>,
    pub told_at: Option<UnixMillis>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
