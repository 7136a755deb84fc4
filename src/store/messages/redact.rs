//! A message loses what it quotes: what stays is sealed under a new key. The mail as it went over
//! the wire and the files in it hold the quote as well, so they go. Or its head loses a person, and
//! everything else stays.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{Message, place};
use crate::crypto::OpenKey;
use crate::domain::words::EventKind;
use crate::store::error::Result;
use crate::store::events::NewEvent;
use crate::store::packed::pack;
use crate::store::removal::remove;
use crate::store::{Tx, columns};

/// The word that marks a message of which a part was removed.
pub const REDACTED: &str = "redacted";

/// Keeps of the message what its author wrote. The caller has deleted its objects, and destroys its
/// old key.
pub async fn keep_own_text(tx: &Tx, message: &Message, new: &OpenKey) -> Result<()> {
    use entity::message::{ActiveModel, Column, Entity};
    let (organization_id, id) = (message.organization_id, message.id);
    let mut flags = message.flags.clone();
    if !flags.iter().any(|flag| flag == REDACTED) {
        flags.push(REDACTED.to_owned());
    }
    let envelope = serde_json::to_vec(&message.envelope)?;
    Entity::update_many()
        .set(ActiveModel {
            key_id: Set(new.id()),
            has_html: Set(false),
            has_remote_images: Set(false),
            flags: Set(flags.join(",")),
            envelope: Set(new.seal(place(columns::MESSAGE_ENVELOPE, id), &pack(&envelope))),
            text: Set(new.seal(place(columns::MESSAGE_TEXT, id), &pack(message.text.as_bytes()))),
            quoted: Set(None),
            html: Set(None),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    remove!(tx, attachment, organization_id, entity::attachment::Column::MessageId.eq(id.0));
    remove!(tx, raw_message, organization_id, entity::raw_message::Column::MessageId.eq(id.0));
    entity::outbox::Entity::update_many()
        .set(entity::outbox::ActiveModel {
            restore: Set(None),
            error: Set(None),
            bounced: Set(None),
            ..Default::default()
        })
        .filter(entity::outbox::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::outbox::Column::MessageId.eq(id.0))
        .exec(tx.conn())
        .await?;
    tell(tx, message);
    Ok(())
}

/// Another head, under the same key: what others wrote stays readable in backups too.
pub async fn set_envelope(tx: &Tx, message: &Message, key: &OpenKey) -> Result<()> {
    use entity::message::{ActiveModel, Column, Entity};
    let envelope = serde_json::to_vec(&message.envelope)?;
    Entity::update_many()
        .set(ActiveModel {
            envelope: Set(key.seal(place(columns::MESSAGE_ENVELOPE, message.id), &pack(&envelope))),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(message.organization_id.0))
        .filter(Column::Id.eq(message.id.0))
        .filter(Column::KeyId.eq(key.id()))
        .exec(tx.conn())
        .await?;
    tell(tx, message);
    Ok(())
}

/// What was taken out is not found any more.
fn tell(tx: &Tx, message: &Message) {
    let Message { organization_id, channel_id, ticket_id, id, .. } = message;
    let changed = EventKind::MessageChanged;
    tx.event(NewEvent::ticket(*organization_id, changed, *channel_id, *ticket_id).message(*id));
}
