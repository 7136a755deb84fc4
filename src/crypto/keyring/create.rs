//! Making keys: drawn, wrapped and committed before anybody uses them.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect};
use uuid::Uuid;

use super::super::key::KeyIdentity;
use super::super::random;
use super::super::{KeyError, KeyKind, OpenKey};
use super::Keyring;
use super::entity::key;
use super::wrap::{Parent, wrap};

/// Rows per statement: 10 values each, and SQLite takes 32,766 values at once.
const ROWS: usize = 500;

impl Keyring {
    /// Makes a key. `parent` is nothing for kinds that hang on the root key (server,
    /// organization), an organization's key for a channel or a profile, a channel's for content.
    pub async fn create(
        &self,
        kind: KeyKind,
        organization_id: Uuid,
        parent: Option<&OpenKey>,
        channel_id: Option<Uuid>,
    ) -> Result<OpenKey, KeyError> {
        let wrong = || KeyError::WrongParent { kind, parent: parent.map(OpenKey::kind) };
        let of_server = matches!(kind, KeyKind::Server | KeyKind::Signing);
        if parent.is_some_and(|parent| parent.organization_id() != organization_id)
            || of_server != organization_id.is_nil()
        {
            return Err(wrong());
        }
        self.create_all(kind, organization_id, parent, channel_id, &[self.new_id()])
            .await?
            .pop()
            .ok_or_else(wrong)
    }

    /// Makes many keys of one kind under one parent, in one transaction, in the order of `ids`.
    pub async fn create_many(
        &self,
        kind: KeyKind,
        parent: &OpenKey,
        channel_id: Option<Uuid>,
        ids: &[Uuid],
    ) -> Result<Vec<OpenKey>, KeyError> {
        self.create_all(kind, parent.organization_id(), Some(parent), channel_id, ids).await
    }

    async fn create_all(
        &self,
        kind: KeyKind,
        organization_id: Uuid,
        parent: Option<&OpenKey>,
        channel_id: Option<Uuid>,
        ids: &[Uuid],
    ) -> Result<Vec<OpenKey>, KeyError> {
        let held = parent.map(OpenKey::kind);
        if held != kind.parent() {
            return Err(KeyError::WrongParent { kind, parent: held });
        }
        let since = self.0.cache.reading();
        let identity = |id| KeyIdentity {
            id,
            kind,
            organization_id,
            channel_id,
            parent_id: parent.map(OpenKey::id),
            version: 1,
        };
        let keys: Vec<OpenKey> =
            ids.iter().map(|id| OpenKey::new(identity(*id), random::secret())).collect();
        let mut fresh = parent.cloned();
        let tx = loop {
            let tx = self.0.database.begin().await?;
            if self.is_current(&tx, fresh.as_ref()).await? {
                break tx;
            }
            tx.rollback().await?;
            // Another process has rotated it since it was opened here.
            self.0.cache.drop_all();
            fresh = match parent {
                Some(parent) => Some(self.get(parent.id()).await?),
                None => None,
            };
        };
        self.insert(&tx, self.parent(fresh.as_ref()), &keys).await?;
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        for key in &keys {
            self.0.cache.add(since, key);
        }
        Ok(keys)
    }

    /// Whether the key has the secret yet that was opened; it keeps it until the transaction ends.
    async fn is_current(
        &self,
        tx: &DatabaseTransaction,
        parent: Option<&OpenKey>,
    ) -> Result<bool, KeyError> {
        let Some(parent) = parent else { return Ok(true) };
        let held: Option<i32> = key::Entity::find_by_id(parent.id())
            .select_only()
            .column(key::Column::Version)
            .lock_shared()
            .into_tuple()
            .one(tx)
            .await?;
        Ok(held.is_none_or(|held| held == stored(parent.version())))
    }

    /// Writes new keys within the caller's transaction.
    pub(super) async fn insert(
        &self,
        tx: &DatabaseTransaction,
        parent: Parent<'_>,
        keys: &[OpenKey],
    ) -> Result<(), KeyError> {
        let created_at = self.0.clock.now().timestamp_millis();
        for chunk in keys.chunks(ROWS) {
            let rows = chunk.iter().map(|key| row(parent, key, created_at));
            key::Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

fn row(parent: Parent<'_>, key: &OpenKey, created_at: i64) -> key::ActiveModel {
    let identity = key.identity();
    key::ActiveModel {
        id: Set(identity.id),
        kind: Set(identity.kind.number().into()),
        organization_id: Set(identity.organization_id),
        channel_id: Set(identity.channel_id),
        parent_id: Set(parent.id),
        parent_version: Set(stored(parent.version)),
        version: Set(stored(identity.version)),
        wrapped: Set(Some(wrap(parent, identity, key.secret()))),
        created_at: Set(created_at),
        destroyed_at: Set(None),
    }
}

/// Versions count rotations by hand and stay far below the limit.
fn stored(version: u32) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}
