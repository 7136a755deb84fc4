//! Letters: mails to customers that begin a ticket once they are sent. One per member, sealed
//! under a key of its own that goes with it.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::Content as Written;
use super::error::Result;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};

/// What is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The mailbox that it is to go out by.
    pub channel_id: Option<ChannelId>,
    /// The letter.
    pub written: Written,
}

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id: what holds its uploads.
    pub id: Uuid,
    /// Whose.
    pub membership_id: MembershipId,
    /// Its own key.
    pub key_id: Uuid,
    /// What is being written.
    pub content: Content,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// Whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The member.
    pub membership_id: MembershipId,
}

fn owned_by(owner: Owner) -> sea_orm::Condition {
    use entity::letter::Column;
    sea_orm::Condition::all()
        .add(Column::OrganizationId.eq(owner.organization_id.0))
        .add(Column::MembershipId.eq(owner.membership_id.0))
}

fn open(row: &entity::letter::Model, key: &OpenKey) -> Result<Letter> {
    let json = key.open(Place { column: columns::LETTER_CONTENT, row: row.id }, &row.content)?;
    Ok(Letter {
        id: row.id,
        membership_id: MembershipId(row.membership_id),
        key_id: row.key_id,
        content: serde_json::from_slice(&json)?,
        updated_at: from_millis(row.updated_at),
    })
}

/// The member's letter, if they are writing one.
pub async fn find(store: &Store, owner: Owner) -> Result<Option<Letter>> {
    let row = entity::letter::Entity::find().filter(owned_by(owner)).one(store.db().read()).await?;
    let Some(row) = row else { return Ok(None) };
    let key = store.keyring().get(row.key_id).await?;
    Ok(Some(open(&row, &key)?))
}

/// The member's letter as the transaction sees it, and locked until its end; `None` also when it has
/// another key than this one by now.
pub async fn lock(tx: &Tx, owner: Owner, key: &OpenKey) -> Result<Option<Letter>> {
    let row = entity::letter::Entity::find()
        .filter(owned_by(owner))
        .filter(entity::letter::Column::KeyId.eq(key.id()))
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    row.map(|row| open(&row, key)).transpose()
}

/// Every letter of the organization.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Letter>> {
    use entity::letter::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .all(store.db().read())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    rows.iter().filter_map(|row| keys.get(&row.key_id).map(|key| open(row, key))).collect()
}

/// Adds a letter. [`StoreError::Duplicate`](super::StoreError) when the member has one.
pub async fn add(
    tx: &Tx,
    owner: Owner,
    id: Uuid,
    key: &OpenKey,
    content: &Content,
) -> Result<Letter> {
    // Once: whoever saves next says exactly this moment.
    let now = tx.store().now();
    row(owner, id, key, content, now)?.insert(tx.conn()).await?;
    Ok(Letter {
        id,
        membership_id: owner.membership_id,
        key_id: key.id(),
        content: content.clone(),
        updated_at: now,
    })
}

/// Saves a letter in place of what it was, which the transaction has [locked](lock).
pub async fn update(
    tx: &Tx,
    owner: Owner,
    id: Uuid,
    key: &OpenKey,
    content: &Content,
) -> Result<Letter> {
    // Once: whoever saves next says exactly this moment.
    let now = tx.store().now();
    row(owner, id, key, content, now)?.update(tx.conn()).await?;
    Ok(Letter {
        id,
        membership_id: owner.membership_id,
        key_id: key.id(),
        content: content.clone(),
        updated_at: now,
    })
}

fn row(
    owner: Owner,
    id: Uuid,
    key: &OpenKey,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<entity::letter::ActiveModel> {
    let place = Place { column: columns::LETTER_CONTENT, row: id };
    Ok(entity::letter::ActiveModel {
        organization_id: Set(owner.organization_id.0),
        id: Set(id),
        membership_id: Set(owner.membership_id.0),
        key_id: Set(key.id()),
        content: Set(key.seal(place, &serde_json::to_vec(content)?)),
        updated_at: Set(millis(now)),
    })
}

/// Removes a letter; its key is to be destroyed after the commit.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, id: Uuid) -> Result<()> {
    entity::letter::Entity::delete_by_id((organization_id.0, id)).exec(tx.conn()).await?;
    Ok(())
}
