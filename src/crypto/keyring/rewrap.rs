//! Hanging keys on another key: what a hold keeps must outlive the key of its channel.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::super::{KeyError, OpenKey};
use super::Keyring;
use super::entity::key;
use super::forget::{self, ForgetKind};
use super::wrap::{Parent, unwrap, wrap};

/// Ids per statement.
const IDS: usize = 500;

/// Ids per entry of the forget-list.
const ENTRY: usize = 2_000;

impl Keyring {
    /// Wraps the keys anew under `parent`, all or none, and writes it into the forget-list, so that
    /// a restored keyring does the same before the key dies on which they hung. Keys that hang there
    /// already, or live no more, stay as they are. Returns how many changed.
    pub async fn rewrap(&self, ids: &[Uuid], parent: &OpenKey) -> Result<u64, KeyError> {
        let signer = self.signer().await?;
        let now = self.0.clock.now();
        let mut moved = Vec::new();
        let tx = self.0.database.begin_alone().await?;
        for chunk in ids.chunks(IDS) {
            moved.extend(self.rewrap_in(&tx, chunk, parent).await?);
        }
        for chunk in moved.chunks(ENTRY) {
            let mut entry = vec![parent.id()];
            entry.extend_from_slice(chunk);
            forget::append(&tx, &signer, now, ForgetKind::Rewrapped, &entry).await?;
        }
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        self.0.cache.drop_keys(&moved);
        Ok(u64::try_from(moved.len()).unwrap_or(u64::MAX))
    }

    /// Within the caller's transaction; the ids of those that changed.
    pub(super) async fn rewrap_in(
        &self,
        tx: &DatabaseTransaction,
        ids: &[Uuid],
        parent: &OpenKey,
    ) -> Result<Vec<Uuid>, KeyError> {
        let rows = key::Entity::find()
            .filter(key::Column::Id.is_in(ids.iter().copied()))
            .filter(key::Column::Wrapped.is_not_null())
            .filter(key::Column::ParentId.ne(parent.id()))
            .all(tx)
            .await?;
        let mut above: HashMap<Uuid, Option<OpenKey>> = HashMap::new();
        let mut moved = Vec::new();
        for row in rows {
            let Some(old) = row.parent_id else { continue };
            if let Entry::Vacant(unknown) = above.entry(old) {
                unknown.insert(match self.get(old).await {
                    Ok(key) => Some(key),
                    Err(KeyError::Destroyed(_) | KeyError::Missing(_)) => None,
                    Err(other) => return Err(other),
                });
            }
            let Some(Some(old)) = above.get(&old) else { continue };
            // Content keys, which are never rotated.
            let open = unwrap(Parent::from(old), &row, &[])?;
            let mut identity = *open.identity();
            identity.parent_id = Some(parent.id());
            let wrapped = wrap(Parent::from(parent), &identity, open.secret());
            key::Entity::update_many()
                .set(key::ActiveModel {
                    parent_id: Set(Some(parent.id())),
                    parent_version: Set(i32::try_from(parent.version()).unwrap_or(i32::MAX)),
                    wrapped: Set(Some(wrapped)),
                    ..Default::default()
                })
                .filter(key::Column::Id.eq(row.id))
                .exec(tx)
                .await?;
            moved.push(row.id);
        }
        Ok(moved)
    }
}
