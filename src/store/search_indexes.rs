//! Which search indexes an instance has, and how far they have been fed. The words are in files of their own.
//!
//! A row is written before its folder is made, and its number is written after the files: an index on disk may be newer
//! than its row says and is never older.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, OrganizationId};

const BUILDING: &str = "building";
const READY: &str = "ready";

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchIndex {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id, and the name of its folder.
    pub id: Uuid,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The key that its files are sealed under.
    pub key_id: Uuid,
    /// Whether it can be searched; otherwise it is being built.
    pub is_ready: bool,
    /// How its fields are laid out.
    pub format: u32,
    /// How often its list of segments was replaced, at least.
    pub number: u64,
    /// Messages that were read while it was built, of how many.
    pub progress: (u64, u64),
    /// Whether somebody has asked for it to be built anew.
    pub rebuild_asked: bool,
    /// When no words of what was deleted were in its files.
    pub expunged_at: DateTime<Utc>,
}

impl From<entity::search_index::Model> for SearchIndex {
    fn from(row: entity::search_index::Model) -> Self {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Self {
            organization_id: OrganizationId(row.organization_id),
            id: row.id,
            channel_id: ChannelId(row.channel_id),
            key_id: row.key_id,
            is_ready: row.state == READY,
            format: u32::try_from(row.format).unwrap_or(0),
            number: count(row.number),
            progress: (count(row.done), count(row.total)),
            rebuild_asked: row.rebuild_asked_at.is_some(),
            expunged_at: from_millis(row.expunged_at),
        }
    }
}

/// All of an instance.
pub async fn list(store: &Store, instance: Uuid) -> Result<Vec<SearchIndex>> {
    use entity::search_index::{Column, Entity};
    let rows =
        Entity::find().filter(Column::InstanceId.eq(instance)).all(store.db().read()).await?;
    Ok(rows.into_iter().map(SearchIndex::from).collect())
}

/// Adds one that is about to be built, of about `total` messages.
pub async fn add(
    tx: &Tx,
    instance: Uuid,
    (organization_id, channel_id): (OrganizationId, ChannelId),
    (id, key_id): (Uuid, Uuid),
    format: u32,
    total: u64,
) -> Result<()> {
    let now = millis(tx.store().now());
    let row = entity::search_index::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(id),
        channel_id: Set(channel_id.0),
        instance_id: Set(instance),
        key_id: Set(key_id),
        state: Set(BUILDING.to_owned()),
        format: Set(i32::try_from(format).unwrap_or(i32::MAX)),
        number: Set(0),
        done: Set(0),
        total: Set(stored(total)),
        rebuild_asked_at: Set(None),
        expunged_at: Set(now),
        created_at: Set(now),
    };
    entity::search_index::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// It was built: it can be searched from now on.
pub async fn set_ready(tx: &Tx, index: &SearchIndex, number: u64, count: u64) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .col_expr(Column::Number, Expr::value(stored(number)))
        .col_expr(Column::Done, Expr::value(stored(count)))
        .col_expr(Column::Total, Expr::value(stored(count)))
        .filter(Column::OrganizationId.eq(index.organization_id.0))
        .filter(Column::Id.eq(index.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// How far the building of one has come.
pub async fn set_progress(tx: &Tx, index: &SearchIndex, done: u64) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Done, Expr::value(stored(done)))
        .filter(Column::OrganizationId.eq(index.organization_id.0))
        .filter(Column::Id.eq(index.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// How new the files of one are.
pub async fn set_number(tx: &Tx, index: (OrganizationId, Uuid), number: u64) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Number, Expr::value(stored(number)))
        .filter(Column::OrganizationId.eq(index.0.0))
        .filter(Column::Id.eq(index.1))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Its files hold no words of what was deleted before `at`.
pub async fn set_expunged(
    tx: &Tx,
    index: (OrganizationId, Uuid),
    number: u64,
    at: DateTime<Utc>,
) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Number, Expr::value(stored(number)))
        .col_expr(Column::ExpungedAt, Expr::value(millis(at)))
        .filter(Column::OrganizationId.eq(index.0.0))
        .filter(Column::Id.eq(index.1))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Asks every instance to build the indexes anew that it has: of one channel, or of all. How many.
pub async fn ask_rebuild(tx: &Tx, channel: Option<ChannelId>) -> Result<u64> {
    use entity::search_index::{Column, Entity};
    let mut asked = Entity::update_many()
        .col_expr(Column::RebuildAskedAt, Expr::value(Some(millis(tx.store().now()))))
        .filter(Column::State.eq(READY));
    if let Some(channel) = channel {
        asked = asked.filter(Column::ChannelId.eq(channel.0));
    }
    Ok(asked.exec(tx.conn()).await?.rows_affected)
}

/// Removes rows of indexes.
pub async fn remove(tx: &Tx, organization_id: OrganizationId, ids: &[Uuid]) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes what all instances know of a channel's indexes.
pub async fn remove_of_channel(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<()> {
    use entity::search_index::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Forgets all indexes of all instances: the database is an older copy of itself.
pub async fn remove_all(tx: &Tx) -> Result<()> {
    entity::search_index::Entity::delete_many().exec(tx.conn()).await?;
    entity::search_feed::Entity::delete_many().exec(tx.conn()).await?;
    Ok(())
}

/// How far an instance has read the events of an organization, if it has begun.
pub async fn position(
    store: &Store,
    organization_id: OrganizationId,
    instance: Uuid,
) -> Result<Option<i64>> {
    use entity::search_feed::{Column, Entity};
    Ok(Entity::find()
        .select_only()
        .column(Column::Position)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::InstanceId.eq(instance))
        .into_tuple()
        .one(store.db().read())
        .await?)
}

/// Sets what [`position`] tells.
pub async fn set_position(
    tx: &Tx,
    organization_id: OrganizationId,
    instance: Uuid,
    position: i64,
) -> Result<()> {
    use entity::search_feed::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        organization_id: Set(organization_id.0),
        instance_id: Set(instance),
        position: Set(position),
        seen_at: Set(millis(tx.store().now())),
    };
    let known = OnConflict::columns([Column::OrganizationId, Column::InstanceId])
        .update_columns([Column::Position, Column::SeenAt])
        .to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// An instance is there: it reads the events of every organization that it has begun with.
pub async fn set_seen(tx: &Tx, instance: Uuid) -> Result<()> {
    use entity::search_feed::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(millis(tx.store().now())))
        .filter(Column::InstanceId.eq(instance))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The instances that were last there before `before`.
pub async fn instances_gone(store: &Store, before: DateTime<Utc>) -> Result<Vec<Uuid>> {
    use entity::search_feed::{Column, Entity};
    Ok(Entity::find()
        .select_only()
        .column(Column::InstanceId)
        .group_by(Column::InstanceId)
        .having(Column::SeenAt.max().lt(millis(before)))
        .into_tuple()
        .all(store.db().read())
        .await?)
}

/// Removes what is known of an instance, unless it was there after `before`; the keys that its indexes had.
pub async fn remove_instance(tx: &Tx, instance: Uuid, before: DateTime<Utc>) -> Result<Vec<Uuid>> {
    use entity::{search_feed as feed, search_index as index};
    let feeds = feed::Entity::find()
        .filter(feed::Column::InstanceId.eq(instance))
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    if feeds.iter().any(|row| from_millis(row.seen_at) >= before) {
        return Ok(Vec::new());
    }
    let keys = index::Entity::find()
        .select_only()
        .column(index::Column::KeyId)
        .filter(index::Column::InstanceId.eq(instance))
        .into_tuple()
        .all(tx.conn())
        .await?;
    index::Entity::delete_many()
        .filter(index::Column::InstanceId.eq(instance))
        .exec(tx.conn())
        .await?;
    feed::Entity::delete_many()
        .filter(feed::Column::InstanceId.eq(instance))
        .exec(tx.conn())
        .await?;
    Ok(keys)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
