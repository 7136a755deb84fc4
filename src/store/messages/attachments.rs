//! Files of messages. Those of received mail are ranges of its raw form.

use std::ops::Range;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{AttachmentId, ChannelId, MessageId, OrganizationId};
use crate::store::error::{Result, StoreError};
use crate::store::{Scope, Store, Tx, columns, millis};

/// What is said of a file: sealed as one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// A safe name.
    pub name: String,
    /// The media type, as the sender gave it.
    pub content_type: String,
    /// The Content-ID by which HTML shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
}

/// A file to be added to a message.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// Its message.
    pub message_id: MessageId,
    /// The content key of the message.
    pub key: OpenKey,
    /// Name, type, Content-ID.
    pub meta: Meta,
    /// Bytes when decoded.
    pub size: u64,
    /// Whether it is shown within the text.
    pub inline: bool,
    /// Where it is in the raw mail.
    pub raw_range: Range<u64>,
    /// How it is encoded there: `identity`, `base64` or `quoted_printable`.
    pub encoding: &'static str,
}

/// A file, opened as far as its description.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Its message.
    pub message_id: MessageId,
    /// Name, type, Content-ID.
    pub meta: Meta,
    /// Bytes when decoded.
    pub size: u64,
    /// Whether it is shown within the text.
    pub inline: bool,
    /// Where it is in the raw mail, and how it is encoded there.
    pub raw: Option<(Range<u64>, String)>,
}

/// Adds the files of received or composed mail.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    attachments: &[NewAttachment],
) -> Result<()> {
    let now = millis(tx.store().now());
    let mut rows = Vec::with_capacity(attachments.len());
    for (position, attachment) in attachments.iter().enumerate() {
        let id = tx.store().new_id();
        let meta = serde_json::to_vec(&attachment.meta)?;
        let place = Place { column: columns::ATTACHMENT_META, row: id };
        rows.push(entity::attachment::ActiveModel {
            organization_id: Set(organization_id.0),
            id: Set(id),
            message_id: Set(Some(attachment.message_id.0)),
            channel_id: Set(channel_id.0),
            key_id: Set(attachment.key.id()),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            meta: Set(attachment.key.seal(place, &meta)),
            size: Set(i64::try_from(attachment.size).unwrap_or(i64::MAX)),
            inline: Set(attachment.inline),
            raw_start: Set(i64::try_from(attachment.raw_range.start).ok()),
            raw_end: Set(i64::try_from(attachment.raw_range.end).ok()),
            encoding: Set(Some(attachment.encoding.to_owned())),
            frame_table: Set(None),
            body: Set(None),
            object_name: Set(None),
            uploaded_by: Set(None),
            held_by: Set(None),
            created_at: Set(now),
        });
    }
    for chunk in crate::store::chunks(rows, 18) {
        entity::attachment::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

fn open(row: &entity::attachment::Model, key: &OpenKey) -> Result<Attachment> {
    let message_id = row
        .message_id
        .ok_or(StoreError::Corrupt { table: "attachment", what: "a file without a message" })?;
    let place = Place { column: columns::ATTACHMENT_META, row: row.id };
    let raw = match (row.raw_start, row.raw_end, &row.encoding) {
        (Some(start), Some(end), Some(encoding)) => Some((
            u64::try_from(start).unwrap_or(0)..u64::try_from(end).unwrap_or(0),
            encoding.clone(),
        )),
        _ => None,
    };
    Ok(Attachment {
        id: AttachmentId(row.id),
        message_id: MessageId(message_id),
        meta: serde_json::from_slice(&key.open(place, &row.meta)?)?,
        size: u64::try_from(row.size).unwrap_or(0),
        inline: row.inline,
        raw,
    })
}

/// The files of these messages, in their order.
pub async fn list(store: &Store, scope: &Scope, messages: &[MessageId]) -> Result<Vec<Attachment>> {
    use entity::attachment::{Column, Entity};
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(scope.limit_parts(Column::OrganizationId, Column::ChannelId, || {
            use entity::message;
            let of_messages = message::Entity::find()
                .select_only()
                .column(message::Column::Id)
                .filter(scope.limit_messages())
                .filter(message::Column::Id.is_in(messages.iter().map(|id| id.0)));
            let of_messages = sea_orm::QueryTrait::into_query(of_messages);
            Condition::all().add(Column::MessageId.in_subquery(of_messages))
        }))
        .filter(Column::MessageId.is_in(messages.iter().map(|id| id.0)))
        .order_by_asc(Column::MessageId)
        .order_by_asc(Column::Position)
        .all(store.db().read())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    rows.iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}
