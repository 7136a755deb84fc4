//! One message of a ticket: inbound, outbound, note or event.

use sea_orm::entity::prelude::*;

use crate::UnixMillis;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub channel_id: Uuid,
    pub contact_id: Option<Uuid>,
    pub author_id: Option<Uuid>,
    pub kind: String,
    pub key_id: Uuid,
    pub at: UnixMillis,
    pub is_auto: bool,
    pub is_bounce: bool,
    pub has_html: bool,
    pub has_remote_images: bool,
    pub flags: String,
    /// Sealed.
    pub envelope: Vec<u8>,
    /// Sealed.
    pub text: Vec<u8>,
    /// Sealed.
    pub quoted: Option<Vec<u8>>,
    /// Sealed.
    pub html: Option<Vec<u8>>,
    pub created_at: UnixMillis,
    /// When it was removed at the request of a person; what stays says just that.
    pub erased_at: Option<UnixMillis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
