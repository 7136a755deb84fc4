//! A conversation with a customer.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: i64,
    pub channel_id: Uuid,
    pub contact_id: Option<Uuid>,
    pub key_id: Uuid,
    pub status: String,
    pub assignee_id: Option<Uuid>,
    pub team_id: Option<Uuid>,
    /// Sealed.
    pub subject: Vec<u8>,
    /// Sealed.
    pub snippet: Vec<u8>,
    /// Sealed.
    pub customer: Vec<u8>,
    pub message_count: i32,
    pub has_attachment: bool,
    pub is_history: bool,
    pub waiting_since: Option<UnixMillis>,
    pub queue_at: UnixMillis,
    pub last_inbound_at: Option<UnixMillis>,
    pub last_message_at: UnixMillis,
    pub closed_at: Option<UnixMillis>,
    pub snoozed_until: Option<UnixMillis>,
    pub merged_into_id: Option<Uuid>,
    pub related_to_id: Option<Uuid>,
    pub replaced_contact_id: Option<Uuid>,
    pub version: i32,
    pub inbound_version: i32,
    /// The version that the last message or note of anybody made.
    pub talk_version: i32,
    pub created_at: UnixMillis,
    /// Since when it has its status.
    pub status_at: UnixMillis,
    /// When it was exempted from retention.
    pub exempt_at: Option<UnixMillis>,
    pub exempt_by: Option<Uuid>,
    /// Sealed.
    pub exempt_reason: Option<Vec<u8>>,
    pub anonymized_at: Option<UnixMillis>,
    /// Kept by a hold although its channel is gone.
    pub is_held: bool,
    pub priority: String,
    /// The status that it had before it became spam or trash.
    pub status_before: Option<String>,
    /// When it will be deleted for good.
    pub delete_at: Option<UnixMillis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
