//! Rotations: which key got a new secret, and how far what the old one sealed is sealed anew
//! ([`super::resealing`]).

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::reconcile::Disagreement;
use super::resealing::Of;
use super::{Store, Tx, from_millis, millis};
use crate::crypto::{KeyError, KeyKind};
use crate::domain::ids::{ChannelId, OrganizationId};
use crate::domain::words::RotationState;

/// A rotation.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// Its id.
    pub id: Uuid,
    /// Whose key it is.
    pub of: Of,
    /// The key.
    pub key_id: Uuid,
    /// The version that it has since.
    pub version: u32,
    /// How far it is.
    pub state: RotationState,
    /// Keys that were wrapped anew.
    pub children: i64,
    /// Rows that the key seals directly.
    pub total: i64,
    /// Those that are sealed anew.
    pub done: i64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When everything was sealed anew.
    pub resealed_at: Option<DateTime<Utc>>,
    /// When the old secret is to be destroyed.
    pub forget_at: Option<DateTime<Utc>>,
    /// When that was done.
    pub finished_at: Option<DateTime<Utc>>,
    read: RotationState,
}

impl TryFrom<entity::rotation::Model> for Rotation {
    type Error = StoreError;

    fn try_from(row: entity::rotation::Model) -> Result<Self> {
        let state = row.state.parse()?;
        let of = match (row.organization_id, row.channel_id) {
            (None, _) => Of::Server,
            (Some(organization), None) => Of::Organization(OrganizationId(organization)),
            (Some(organization), Some(channel)) => {
                Of::Channel(OrganizationId(organization), ChannelId(channel))
            }
        };
        Ok(Self {
            id: row.id,
            of,
            key_id: row.key_id,
            version: u32::try_from(row.version).unwrap_or_default(),
            state,
            children: row.children,
            total: row.total,
            done: row.done,
            started_at: from_millis(row.started_at),
            resealed_at: row.resealed_at.map(from_millis),
            forget_at: row.forget_at.map(from_millis),
            finished_at: row.finished_at.map(from_millis),
            read: state,
        })
    }
}

impl Rotation {
    /// Writes it back. [`StoreError::Stale`] when its state has changed since it was read.
    pub async fn save(&self, tx: &Tx) -> Result<()> {
        use entity::rotation::{ActiveModel, Column, Entity};
        let changed = Entity::update_many()
            .set(ActiveModel {
                state: Set(self.state.as_str().to_owned()),
                children: Set(self.children),
                total: Set(self.total),
                done: Set(self.done),
                resealed_at: Set(self.resealed_at.map(millis)),
                forget_at: Set(self.forget_at.map(millis)),
                finished_at: Set(self.finished_at.map(millis)),
                ..Default::default()
            })
            .filter(Column::Id.eq(self.id))
            .filter(Column::State.eq(self.read.as_str()))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}

/// Adds a rotation that is about to begin. [`StoreError::Duplicate`] when there is one.
pub async fn add(tx: &Tx, of: Of, key_id: Uuid, version: u32) -> Result<Uuid> {
    let id = tx.store().new_id();
    let (organization, channel) = of.ids();
    entity::rotation::ActiveModel {
        id: Set(id),
        organization_id: Set(organization),
        channel_id: Set(channel),
        key_id: Set(key_id),
        version: Set(i32::try_from(version).unwrap_or(i32::MAX)),
        state: Set(RotationState::Wrapping.as_str().to_owned()),
        children: Set(0),
        total: Set(0),
        done: Set(0),
        started_at: Set(millis(tx.store().now())),
        resealed_at: Set(None),
        forget_at: Set(None),
        finished_at: Set(None),
    }
    .insert(tx.conn())
    .await?;
    Ok(id)
}

/// The rotation of that id.
pub async fn find(store: &Store, id: Uuid) -> Result<Option<Rotation>> {
    entity::rotation::Entity::find_by_id(id)
        .one(store.db().write())
        .await?
        .map(Rotation::try_from)
        .transpose()
}

/// All rotations, the newest first.
pub async fn list(store: &Store) -> Result<Vec<Rotation>> {
    entity::rotation::Entity::find()
        .order_by_desc(entity::rotation::Column::StartedAt)
        .order_by_desc(entity::rotation::Column::Id)
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Rotation::try_from)
        .collect()
}

/// So much is sealed anew.
pub async fn set_done(tx: &Tx, id: Uuid, done: i64) -> Result<()> {
    use entity::rotation::{ActiveModel, Column, Entity};
    Entity::update_many()
        .set(ActiveModel { done: Set(done), ..Default::default() })
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Data and keyring must be of one side of each rotation, or know both.
///
/// A keyring from before a rotation cannot open what was sealed since. Data from before one opens as
/// long as the retired secret lives; then what it sealed is to be sealed anew once more, and the
/// rotations are answered that have to be taken up.
pub async fn check(store: &Store) -> Result<()> {
    let known = list(store).await?;
    let keys = store.keyring().upper_keys().await?;
    for rotation in known.iter().filter(|one| one.state != RotationState::Wrapping) {
        let held = keys.iter().find(|key| key.id == rotation.key_id);
        if held.is_some_and(|key| key.version < rotation.version) {
            let (key, version) = (rotation.key_id, rotation.version);
            return Err(KeyError::BeforeRotation { key, version }.into());
        }
    }
    for key in keys.iter().filter(|key| key.version > 1) {
        let here = known.iter().any(|one| one.key_id == key.id && one.version == key.version);
        if here {
            continue;
        }
        // The latest secret that this data knows of.
        let before = known.iter().filter(|one| one.key_id == key.id).map(|one| one.version).max();
        let before = before.unwrap_or(1);
        if !key.retired.contains(&before) {
            return Err(Disagreement::DataBeforeRotation { key: key.id }.into());
        }
        let of = match (key.kind, key.channel_id) {
            (KeyKind::Server, _) => Of::Server,
            (KeyKind::Organization, _) => Of::Organization(OrganizationId(key.organization_id)),
            (KeyKind::Channel, Some(channel)) => {
                Of::Channel(OrganizationId(key.organization_id), ChannelId(channel))
            }
            _ => continue,
        };
        let tx = store.begin().await?;
        match add(&tx, of, key.id, key.version).await {
            Ok(_) => tx.commit().await?,
            // What the key is of is not in this data, or another instance was faster.
            Err(error) if error.names_what_is_gone() => {}
            Err(StoreError::Duplicate(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
