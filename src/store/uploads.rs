//! Uploads: files that wait for an answer. Each is sealed under a content key of its own.
//!
//! `held_by` names the draft or the outbox entry that needs the upload; what nothing holds is
//! swept after a day. Once an answer is sent its files are ranges of its raw form.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Set,
    Statement,
};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::messages::attachments::Meta;
use super::outbox::Leftover;
use super::raw::SealedRaw;
use super::{Scope, Store, Tx, columns, from_millis, millis};
use crate::blob::{self, BlobStore, BlobTable};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{AttachmentId, ChannelId, MembershipId, OrganizationId};

/// An upload to be added.
#[derive(Debug)]
pub struct NewUpload<'a> {
    /// Its id.
    pub id: AttachmentId,
    /// The channel whose keys it hangs on.
    pub channel_id: ChannelId,
    /// Its content key.
    pub key: &'a OpenKey,
    /// Name and type.
    pub meta: &'a Meta,
    /// The sealed file, placed.
    pub sealed: SealedRaw,
    /// Who uploaded it.
    pub uploaded_by: MembershipId,
}

/// An upload, opened as far as its description.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: AttachmentId,
    /// Name and type.
    pub meta: Meta,
    /// Bytes.
    pub size: u64,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    key: OpenKey,
    row: entity::attachment::Model,
}

/// Who may use which uploads: their own, and those that their draft holds.
#[derive(Debug, Clone, Copy)]
pub struct User {
    /// The member.
    pub membership_id: MembershipId,
    /// Their draft on the ticket.
    pub draft_id: Option<Uuid>,
}

/// Adds an upload.
pub async fn add(tx: &Tx, organization_id: OrganizationId, new: NewUpload<'_>) -> Result<()> {
    let place = Place { column: columns::ATTACHMENT_META, row: new.id.0 };
    entity::attachment::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(new.id.0),
        message_id: Set(None),
        channel_id: Set(new.channel_id.0),
        key_id: Set(new.key.id()),
        position: Set(0),
        meta: Set(new.key.seal(place, &serde_json::to_vec(new.meta)?)),
        size: Set(i64::try_from(new.sealed.size).unwrap_or(i64::MAX)),
        inline: Set(false),
        raw_start: Set(None),
        raw_end: Set(None),
        encoding: Set(None),
        frame_table: Set(Some(new.sealed.frame_table)),
        body: Set(new.sealed.body),
        object_name: Set(new.sealed.object_name),
        uploaded_by: Set(Some(new.uploaded_by.0)),
        held_by: Set(None),
        created_at: Set(millis(tx.store().now())),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Those of these uploads that the user may use, in the order of `ids`.
pub async fn list(
    store: &Store,
    scope: &Scope,
    user: User,
    ids: &[AttachmentId],
) -> Result<Vec<Upload>> {
    use entity::attachment::{Column, Entity};
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut usable = Condition::any().add(Column::UploadedBy.eq(user.membership_id.0));
    if let Some(draft) = user.draft_id {
        usable = usable.add(Column::HeldBy.eq(draft));
    }
    let rows = Entity::find()
        .filter(scope.limit(Column::OrganizationId, Column::ChannelId))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::MessageId.is_null())
        .filter(usable)
        .all(store.db().read())
        .await?;
    let key_ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&key_ids).await?;
    let mut uploads = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(key) = keys.get(&row.key_id) {
            uploads.push(open(row, key.clone())?);
        }
    }
    let position = |id: AttachmentId| ids.iter().position(|wanted| *wanted == id);
    uploads.sort_by_key(|upload| position(upload.id));
    Ok(uploads)
}

/// An upload of the member's own, or one that a draft of theirs holds, with its channel.
pub async fn find(
    store: &Store,
    scope: &Scope,
    member: MembershipId,
    id: AttachmentId,
) -> Result<Option<(Upload, ChannelId)>> {
    use entity::attachment::{Column, Entity};
    let row = Entity::find()
        .filter(scope.limit(Column::OrganizationId, Column::ChannelId))
        .filter(Column::Id.eq(id.0))
        .filter(Column::MessageId.is_null())
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.uploaded_by != Some(member.0) {
        let Some(holder) = row.held_by else { return Ok(None) };
        let draft = entity::draft::Entity::find_by_id((row.organization_id, holder));
        let draft = draft.one(store.db().read()).await?.map(|draft| draft.membership_id);
        let letter = entity::letter::Entity::find_by_id((row.organization_id, holder));
        let letter = letter.one(store.db().read()).await?.map(|letter| letter.membership_id);
        if draft.or(letter) != Some(member.0) {
            return Ok(None);
        }
    }
    let key = store.keyring().get(row.key_id).await?;
    let channel_id = ChannelId(row.channel_id);
    Ok(Some((open(row, key)?, channel_id)))
}

fn open(row: entity::attachment::Model, key: OpenKey) -> Result<Upload> {
    let meta = key.open(Place { column: columns::ATTACHMENT_META, row: row.id }, &row.meta)?;
    Ok(Upload {
        id: AttachmentId(row.id),
        meta: serde_json::from_slice(&meta)?,
        size: u64::try_from(row.size).unwrap_or(0),
        created_at: from_millis(row.created_at),
        key,
        row,
    })
}

impl Upload {
    /// The file.
    pub async fn read(&self, blobs: &BlobStore) -> Result<Vec<u8>> {
        const DAMAGED: StoreError =
            StoreError::Corrupt { table: "attachment", what: "an upload without a body" };
        let table = self.row.frame_table.as_ref().ok_or(DAMAGED)?;
        match (&self.row.body, &self.row.object_name) {
            (Some(body), _) => Ok(blob::open_blob(&self.key, self.row.id, table, body)?),
            (None, Some(name)) => {
                let table = BlobTable::open(&self.key, self.row.id, table)?;
                Ok(blobs.open_range(&name.parse()?, &table, 0..table.size()).await?)
            }
            (None, None) => Err(DAMAGED),
        }
    }
}

/// These uploads, and none else, are held by `holder`.
pub async fn hold(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[AttachmentId],
    holder: Uuid,
) -> Result<()> {
    use entity::attachment::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::HeldBy, Expr::value(None::<Uuid>))
        // What is let go has a day again, to be put back.
        .col_expr(Column::CreatedAt, Expr::value(millis(tx.store().now())))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::HeldBy.eq(holder))
        .filter(Column::Id.is_not_in(ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    if ids.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::HeldBy, Expr::value(Some(holder)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::MessageId.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes up to `limit` uploads from before `before` that no draft and no answer on its way
/// needs. The caller clears what is left over after the commit.
pub async fn remove_stale(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<Leftover> {
    let sql = "DELETE FROM attachment WHERE (organization_id, id) IN (\
               SELECT a.organization_id, a.id FROM attachment a \
               WHERE a.message_id IS NULL AND a.created_at < $1 \
               AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.organization_id = a.organization_id \
               AND d.id = a.held_by) \
               AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.organization_id = a.organization_id \
               AND l.id = a.held_by) \
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.organization_id = a.organization_id \
               AND o.id = a.held_by AND o.state NOT IN ('sent', 'cancelled')) \
               ORDER BY a.created_at LIMIT $2) RETURNING key_id, object_name";
    let statement = Statement::from_sql_and_values(
        tx.conn().get_database_backend(),
        sql,
        [before.timestamp_millis().into(), i64::try_from(limit).unwrap_or(i64::MAX).into()],
    );
    let mut leftover = Leftover::default();
    for row in tx.conn().query_all_raw(statement).await? {
        leftover.keys.push(row.try_get("", "key_id")?);
        leftover.objects.extend(row.try_get::<Option<String>>("", "object_name")?);
    }
    Ok(leftover)
}
