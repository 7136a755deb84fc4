//! Messages as they went over the wire: sealed frames, in the database up to 64 KiB and in the
//! object store above.

use std::collections::HashMap;
use std::ops::Range;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, millis};
use crate::blob::{self, BlobName, BlobStore, BlobTable, SealedBlob};
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, MessageId, OrganizationId};

/// Sealed bodies up to this size live in the database.
pub const INLINE_LIMIT: usize = 64 * 1024;

/// A sealed raw message, ready to be stored.
#[derive(Debug, Clone)]
pub struct SealedRaw {
    /// The message whose raw form it is.
    pub message_id: MessageId,
    /// The content key that seals it.
    pub key_id: Uuid,
    /// The sealed table of frames.
    pub frame_table: Vec<u8>,
    /// The sealed frames, when they are small.
    pub body: Option<Vec<u8>>,
    /// The object that holds them, when they are large.
    pub object_name: Option<String>,
    /// Bytes of the raw message.
    pub size: u64,
    /// Bytes that are stored.
    pub stored_size: u64,
}

/// Puts a sealed blob where it belongs: large ones go to the object store now, before the row
/// that names them is committed.
pub async fn place(
    blobs: &BlobStore,
    message_id: MessageId,
    key: &OpenKey,
    sealed: SealedBlob,
) -> Result<SealedRaw> {
    let stored_size = (sealed.body.len() + sealed.table.len()) as u64;
    let (body, object_name) = if sealed.body.len() <= INLINE_LIMIT {
        (Some(sealed.body), None)
    } else {
        let name = BlobName::random();
        blobs.put(&name, sealed.body).await?;
        (None, Some(name.as_str().to_owned()))
    };
    Ok(SealedRaw {
        message_id,
        key_id: key.id(),
        frame_table: sealed.table,
        body,
        object_name,
        size: sealed.size,
        stored_size,
    })
}

/// Adds sealed raw messages of one channel.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    raws: Vec<SealedRaw>,
) -> Result<()> {
    let now = millis(tx.store().now());
    let models: Vec<_> = raws
        .into_iter()
        .map(|raw| entity::raw_message::ActiveModel {
            organization_id: Set(organization_id.0),
            message_id: Set(raw.message_id.0),
            channel_id: Set(channel_id.0),
            key_id: Set(raw.key_id),
            size: Set(i64::try_from(raw.size).unwrap_or(i64::MAX)),
            stored_size: Set(i64::try_from(raw.stored_size).unwrap_or(i64::MAX)),
            frame_table: Set(raw.frame_table),
            body: Set(raw.body),
            object_name: Set(raw.object_name),
            created_at: Set(now),
        })
        .collect();
    for chunk in super::chunks(models, 10) {
        entity::raw_message::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// How many bytes each of these raw messages has.
pub async fn sizes(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, i64>> {
    use entity::raw_message::Column;
    let mut sizes = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let found: Vec<(Uuid, i64)> = entity::raw_message::Entity::find()
            .select_only()
            .column(Column::MessageId)
            .column(Column::Size)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::MessageId.is_in(chunk.iter().map(|id| id.0)))
            .into_tuple()
            .all(store.db().read())
            .await?;
        sizes.extend(found.into_iter().map(|(id, size)| (MessageId(id), size)));
    }
    Ok(sizes)
}

/// Where a raw message is and how to read it.
#[derive(Debug, Clone)]
pub struct StoredRaw {
    row: entity::raw_message::Model,
}

impl StoredRaw {
    /// The channel that it came by or goes out by.
    #[must_use]
    pub fn channel_id(&self) -> ChannelId {
        ChannelId(self.row.channel_id)
    }

    /// The content key that seals it.
    #[must_use]
    pub fn key_id(&self) -> Uuid {
        self.row.key_id
    }

    /// The object that holds it, when it is large.
    #[must_use]
    pub fn object_name(&self) -> Option<&str> {
        self.row.object_name.as_deref()
    }

    /// Bytes of the raw message.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.row.size).unwrap_or(0)
    }

    /// Opens a range of the raw message, reading no more than the frames that it touches.
    pub async fn read(
        &self,
        store: &Store,
        blobs: &BlobStore,
        range: Range<u64>,
    ) -> Result<Vec<u8>> {
        let key = store.keyring().get(self.row.key_id).await?;
        let row = self.row.message_id;
        match (&self.row.body, &self.row.object_name) {
            (Some(body), _) => {
                let part = |range: Range<u64>| part_of(body, range);
                Ok(blob::open_range(&key, row, &self.row.frame_table, part, range)?)
            }
            (None, Some(name)) => {
                let table = BlobTable::open(&key, row, &self.row.frame_table)?;
                let name: BlobName = name.parse()?;
                Ok(blobs.open_range(&name, &table, range).await?)
            }
            (None, None) => {
                Err(StoreError::Corrupt { table: "raw_message", what: "neither body nor object" })
            }
        }
    }

    /// Opens all of it.
    pub async fn read_all(&self, store: &Store, blobs: &BlobStore) -> Result<Vec<u8>> {
        self.read(store, blobs, 0..self.size()).await
    }
}

/// The raw form of a message.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    message_id: MessageId,
) -> Result<Option<StoredRaw>> {
    let row = entity::raw_message::Entity::find_by_id((organization_id.0, message_id.0))
        .one(store.db().read())
        .await?;
    Ok(row.map(|row| StoredRaw { row }))
}

/// The raw forms of several messages.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, StoredRaw)>> {
    let rows = entity::raw_message::Entity::find()
        .filter(entity::raw_message::Column::OrganizationId.eq(organization_id.0))
        .filter(entity::raw_message::Column::MessageId.is_in(ids.iter().map(|id| id.0)))
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|row| (MessageId(row.message_id), StoredRaw { row })).collect())
}

/// Puts another raw form of a message in the place of the one that is there, if one is: the same
/// bytes but for what was blanked. The object of the old one is the caller's to clear.
pub async fn replace(tx: &Tx, organization_id: OrganizationId, raw: SealedRaw) -> Result<bool> {
    use entity::raw_message::{ActiveModel, Column, Entity};
    let changed = Entity::update_many()
        .set(ActiveModel {
            key_id: Set(raw.key_id),
            size: Set(i64::try_from(raw.size).unwrap_or(i64::MAX)),
            stored_size: Set(i64::try_from(raw.stored_size).unwrap_or(i64::MAX)),
            frame_table: Set(raw.frame_table),
            body: Set(raw.body),
            object_name: Set(raw.object_name),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::MessageId.eq(raw.message_id.0))
        .exec(tx.conn())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Removes the raw form of a message. Its key and its object are the caller's to clear.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: MessageId) -> Result<()> {
    entity::raw_message::Entity::delete_by_id((organization_id.0, id.0)).exec(tx.conn()).await?;
    Ok(())
}

fn part_of(body: &[u8], range: Range<u64>) -> Result<&[u8], StoreError> {
    let part = || {
        let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
        body.get(range)
    };
    part().ok_or(StoreError::Corrupt { table: "raw_message", what: "a body that is cut short" })
}
