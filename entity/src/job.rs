//! Work that waits for a worker; commits together with the change that causes it.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Option<Uuid>,
    pub kind: String,
    pub subject_id: Option<Uuid>,
    pub payload: String,
    pub unique_key: Option<String>,
    pub run_at: UnixMillis,
    pub attempts: i32,
    pub lease_until: Option<UnixMillis>,
    pub lease_token: Option<Uuid>,
    pub error_code: Option<String>,
    pub created_at: UnixMillis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
