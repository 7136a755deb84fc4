//! A message is gone at the request of a person, and stays in its ticket as a line that says so.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{Envelope, place};
use crate::crypto::OpenKey;
use crate::domain::ids::{MessageId, OrganizationId};
use crate::store::error::Result;
use crate::store::packed::pack;
use crate::store::removal::remove;
use crate::store::{Tx, columns, millis};

/// Of the message stays what it was and when, under a key of the tombstone's own. The ids by which
/// mail finds its ticket stay as well: they are blind, and answers to it join where they belong.
pub async fn set(
    tx: &Tx,
    organization_id: OrganizationId,
    id: MessageId,
    key: &OpenKey,
    at: DateTime<Utc>,
) -> Result<()> {
    use entity::message::{ActiveModel, Column, Entity};
    let envelope = serde_json::to_vec(&Envelope::default())?;
    Entity::update_many()
        .set(ActiveModel {
            key_id: Set(key.id()),
            contact_id: Set(None),
            is_bounce: Set(false),
            has_html: Set(false),
            has_remote_images: Set(false),
            flags: Set(String::new()),
            envelope: Set(key.seal(place(columns::MESSAGE_ENVELOPE, id), &pack(&envelope))),
            text: Set(key.seal(place(columns::MESSAGE_TEXT, id), &pack(b""))),
            quoted: Set(None),
            html: Set(None),
            erased_at: Set(Some(millis(at))),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    remove!(tx, attachment, organization_id, entity::attachment::Column::MessageId.eq(id.0));
    remove!(tx, raw_message, organization_id, entity::raw_message::Column::MessageId.eq(id.0));
    Ok(())
}
