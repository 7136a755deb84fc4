//! Exports: the row of each, from the order to its end. The bytes are in the object store.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, ParcelId};
use crate::domain::words::{ParcelKind, ParcelState};
use crate::store::StoreError;

/// What is sealed of an export: its file's name, and what its parts are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The name of the file.
    pub name: String,
    /// Bytes of the ZIP; nothing before it is ready.
    #[serde(default)]
    pub size: u64,
    /// How many parts it has.
    #[serde(default)]
    pub parts: u32,
}

/// An export.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ParcelId,
    /// What it is of.
    pub kind: ParcelKind,
    /// Which one.
    pub subject_id: Uuid,
    /// The mailbox that it is of.
    pub channel_id: Option<ChannelId>,
    /// Its key.
    pub key_id: Uuid,
    /// How far it is.
    pub state: ParcelState,
    /// What the names of its parts are made from.
    pub object_name: Option<String>,
    /// How many parts may be in the object store.
    pub parts: u32,
    /// How much is written, in tickets.
    pub done: i64,
    /// Of how much.
    pub total: i64,
    /// Bytes of the ZIP.
    pub size: u64,
    /// Why it failed, as a stable word.
    pub error_code: Option<String>,
    /// Who ordered it, if a person did.
    pub made_by: Option<MembershipId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it could be downloaded.
    pub ready_at: Option<DateTime<Utc>>,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
    /// How often it was downloaded.
    pub downloads: i64,
    /// When last.
    pub downloaded_at: Option<DateTime<Utc>>,
    content: Vec<u8>,
}

fn place(id: Uuid) -> Place {
    columns::PARCEL_CONTENT.of(id)
}

impl TryFrom<entity::parcel::Model> for Parcel {
    type Error = StoreError;

    fn try_from(row: entity::parcel::Model) -> Result<Self> {
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: ParcelId(row.id),
            kind: row.kind.parse()?,
            subject_id: row.subject_id,
            channel_id: row.channel_id.map(ChannelId),
            key_id: row.key_id,
            state: row.state.parse()?,
            object_name: row.object_name,
            parts: u32::try_from(row.parts).unwrap_or(0),
            done: row.done,
            total: row.total,
            size: u64::try_from(row.size).unwrap_or(0),
            error_code: row.error_code,
            made_by: row.made_by.map(MembershipId),
            created_at: from_millis(row.created_at),
            ready_at: row.ready_at.map(from_millis),
            expires_at: from_millis(row.expires_at),
            downloads: row.downloads,
            downloaded_at: row.downloaded_at.map(from_millis),
            content: row.content,
        })
    }
}

impl Parcel {
    /// Opens what is sealed of it.
    pub fn content(&self, key: &OpenKey) -> Result<Content> {
        Ok(serde_json::from_slice(&key.open(place(self.id.0), &self.content)?)?)
    }
}

/// An export about to be ordered.
#[derive(Debug)]
pub struct NewParcel<'a> {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ParcelId,
    /// What it is of.
    pub kind: ParcelKind,
    /// Which one.
    pub subject_id: Uuid,
    /// The mailbox that it is of.
    pub channel_id: Option<ChannelId>,
    /// Its key.
    pub key: &'a OpenKey,
    /// The name of its file.
    pub name: String,
    /// Who orders it, if a person does.
    pub made_by: Option<MembershipId>,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
}

/// Adds an export that is to be written.
pub async fn add(tx: &Tx, new: NewParcel<'_>) -> Result<()> {
    let content = Content { name: new.name, ..Content::default() };
    let content = zeroize::Zeroizing::new(serde_json::to_vec(&content)?);
    entity::parcel::ActiveModel {
        organization_id: Set(new.organization_id.0),
        id: Set(new.id.0),
        kind: Set(new.kind.as_str().to_owned()),
        subject_id: Set(new.subject_id),
        channel_id: Set(new.channel_id.map(|id| id.0)),
        key_id: Set(new.key.id()),
        state: Set(ParcelState::Preparing.as_str().to_owned()),
        object_name: Set(None),
        parts: Set(0),
        done: Set(0),
        total: Set(0),
        size: Set(0),
        content: Set(new.key.seal(place(new.id.0), &content)),
        error_code: Set(None),
        made_by: Set(new.made_by.map(|id| id.0)),
        created_at: Set(millis(tx.store().now())),
        ready_at: Set(None),
        expires_at: Set(millis(new.expires_at)),
        downloads: Set(0),
        downloaded_at: Set(None),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The export of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ParcelId,
) -> Result<Option<Parcel>> {
    // Asked right after its job was committed: of the writer.
    entity::parcel::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?
        .map(Parcel::try_from)
        .transpose()
}

/// The exports of one subject, the newest first.
pub async fn list_of(
    store: &Store,
    organization_id: OrganizationId,
    kind: ParcelKind,
    subject_id: Uuid,
) -> Result<Vec<Parcel>> {
    use entity::parcel::Column;
    entity::parcel::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::SubjectId.eq(subject_id))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Parcel::try_from)
        .collect()
}

/// The exports of an organization, the oldest first.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Parcel>> {
    use entity::parcel::Column;
    entity::parcel::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::Id)
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Parcel::try_from)
        .collect()
}

/// The exports of a channel.
pub async fn list_of_channel(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<Parcel>> {
    use entity::parcel::Column;
    entity::parcel::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Parcel::try_from)
        .collect()
}

/// The exports of all organizations whose time was over before `before`, those that are being
/// removed among them.
pub async fn list_over(store: &Store, before: DateTime<Utc>, limit: u64) -> Result<Vec<Parcel>> {
    use entity::parcel::Column;
    entity::parcel::Entity::find()
        .filter(Column::ExpiresAt.lte(millis(before)))
        .order_by_asc(Column::ExpiresAt)
        .limit(limit)
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Parcel::try_from)
        .collect()
}

/// The exports of all organizations that are being written.
pub async fn list_preparing(store: &Store) -> Result<Vec<Parcel>> {
    use entity::parcel::Column;
    entity::parcel::Entity::find()
        .filter(Column::State.eq(ParcelState::Preparing.as_str()))
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Parcel::try_from)
        .collect()
}

/// The condition that an export is being written in the attempt of this name.
macro_rules! attempt {
    ($parcel:expr, $name:expr) => {{
        use entity::parcel::Column;
        entity::parcel::Entity::update_many()
            .filter(Column::OrganizationId.eq($parcel.organization_id.0))
            .filter(Column::Id.eq($parcel.id.0))
            .filter(Column::State.eq(ParcelState::Preparing.as_str()))
            .filter(Column::ObjectName.eq($name))
    }};
}

/// An attempt begins: whoever was at it before finds that it is not theirs any more.
pub async fn begin(store: &Store, parcel: &Parcel, name: &str, total: i64) -> Result<bool> {
    use entity::parcel::Column;
    let begun = entity::parcel::Entity::update_many()
        .col_expr(Column::ObjectName, Expr::value(Some(name.to_owned())))
        .col_expr(Column::Parts, Expr::value(0))
        .col_expr(Column::Done, Expr::value(0_i64))
        .col_expr(Column::Total, Expr::value(total))
        .filter(Column::OrganizationId.eq(parcel.organization_id.0))
        .filter(Column::Id.eq(parcel.id.0))
        .filter(Column::State.eq(ParcelState::Preparing.as_str()))
        .exec(store.db().write())
        .await?;
    Ok(begun.rows_affected == 1)
}

/// How far an attempt is; committed before part `parts - 1` goes to the object store, so that the
/// row knows of every part there is. False when the attempt is over.
pub async fn progress(
    store: &Store,
    parcel: &Parcel,
    name: &str,
    parts: u32,
    done: i64,
) -> Result<bool> {
    let told = attempt!(parcel, name)
        .col_expr(
            entity::parcel::Column::Parts,
            Expr::value(i32::try_from(parts).unwrap_or(i32::MAX)),
        )
        .col_expr(entity::parcel::Column::Done, Expr::value(done))
        .exec(store.db().write())
        .await?;
    Ok(told.rows_affected == 1)
}

/// It can be downloaded, until `expires_at`. False when the attempt is over.
pub async fn ready(
    tx: &Tx,
    parcel: &Parcel,
    name: &str,
    key: &OpenKey,
    content: &Content,
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    use entity::parcel::Column;
    let sealed = zeroize::Zeroizing::new(serde_json::to_vec(content)?);
    let sealed = key.seal(place(parcel.id.0), &sealed);
    let done = attempt!(parcel, name)
        .col_expr(Column::State, Expr::value(ParcelState::Ready.as_str()))
        .col_expr(Column::Content, Expr::value(sealed))
        .col_expr(Column::Size, Expr::value(i64::try_from(content.size).unwrap_or(i64::MAX)))
        .col_expr(Column::Done, Expr::col(Column::Total))
        .col_expr(Column::ReadyAt, Expr::value(Some(millis(tx.store().now()).0)))
        .col_expr(Column::ExpiresAt, Expr::value(millis(expires_at).0))
        .col_expr(Column::ErrorCode, Expr::value(None::<String>))
        .exec(tx.conn())
        .await?;
    Ok(done.rows_affected == 1)
}

/// It could not be written, or what was written is lost.
pub async fn fail(tx: &Tx, parcel: &Parcel, code: &str) -> Result<()> {
    use entity::parcel::Column;
    entity::parcel::Entity::update_many()
        .col_expr(Column::State, Expr::value(ParcelState::Failed.as_str()))
        .col_expr(Column::ErrorCode, Expr::value(Some(code.to_owned())))
        .filter(Column::OrganizationId.eq(parcel.organization_id.0))
        .filter(Column::Id.eq(parcel.id.0))
        .filter(Column::State.ne(ParcelState::Expired.as_str()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// From now on nobody can download these, and they are removed next.
pub async fn expire(tx: &Tx, organization_id: OrganizationId, ids: &[ParcelId]) -> Result<()> {
    use entity::parcel::Column;
    entity::parcel::Entity::update_many()
        .col_expr(Column::State, Expr::value(ParcelState::Expired.as_str()))
        .col_expr(Column::ExpiresAt, Expr::value(millis(tx.store().now()).0))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// It was downloaded once more; false when it cannot be any more.
pub async fn downloaded(store: &Store, parcel: &Parcel) -> Result<bool> {
    use entity::parcel::Column;
    let counted = entity::parcel::Entity::update_many()
        .col_expr(Column::Downloads, Expr::col(Column::Downloads).add(1))
        .col_expr(Column::DownloadedAt, Expr::value(Some(millis(store.now()).0)))
        .filter(Column::OrganizationId.eq(parcel.organization_id.0))
        .filter(Column::Id.eq(parcel.id.0))
        .filter(Column::State.eq(ParcelState::Ready.as_str()))
        .filter(Column::ExpiresAt.gt(millis(store.now()).0))
        .exec(store.db().write())
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Removes the row, once key and parts are gone.
pub async fn remove(store: &Store, parcel: &Parcel) -> Result<()> {
    entity::parcel::Entity::delete_by_id((parcel.organization_id.0, parcel.id.0))
        .exec(store.db().write())
        .await?;
    Ok(())
}
