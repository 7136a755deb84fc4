//! Opening keys, from the cache or from their row and those above it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::super::key::KeyIdentity;
use super::super::random;
use super::super::{KeyError, KeyKind, OpenKey, Signer};
use super::Keyring;
use super::entity::{key, retired};
use super::wrap::unwrap;

/// Ids per query.
const IDS: usize = 500;

impl Keyring {
    /// Opens a key.
    pub async fn get(&self, id: Uuid) -> Result<OpenKey, KeyError> {
        if let Some(key) = self.0.cache.find(id) {
            return Ok(key);
        }
        match self.read(id).await {
            // Another process has rotated the key above since that was opened here.
            Err(KeyError::Damaged(_)) if !self.0.cache.is_empty() => {
                self.0.cache.drop_all();
                self.read(id).await
            }
            other => other,
        }
    }

    async fn read(&self, id: Uuid) -> Result<OpenKey, KeyError> {
        let since = self.0.cache.reading();
        let row = key::Entity::find_by_id(id).one(self.0.database.reader()).await?;
        let row = row.ok_or(KeyError::Missing(id))?;
        let retired = retired_of(self.0.database.reader(), &row).await?;
        let parent = match row.parent_id {
            Some(parent) => Some(self.get_above(id, parent).await?),
            None => None,
        };
        let key = unwrap(self.parent(parent.as_ref()), &row, &retired)?;
        self.0.cache.add(since, &key);
        Ok(key)
    }

    /// Opens many keys. Those that are destroyed (or whose parent is) or unknown are absent; so is
    /// a damaged one, which is logged.
    pub async fn get_many(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, OpenKey>, KeyError> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut missed = HashSet::new();
        for id in ids {
            match self.0.cache.find(*id) {
                Some(key) => drop(found.insert(*id, key)),
                None => drop(missed.insert(*id)),
            }
        }
        let missed: Vec<Uuid> = missed.into_iter().collect();
        let since = self.0.cache.reading();
        let mut parents = HashMap::new();
        for chunk in missed.chunks(IDS) {
            let rows = key::Entity::find()
                .filter(key::Column::Id.is_in(chunk.iter().copied()))
                .filter(key::Column::Wrapped.is_not_null())
                .all(self.0.database.reader())
                .await?;
            for row in rows {
                match self.unwrap_row(&row, &mut parents).await {
                    Ok(key) => {
                        self.0.cache.add(since, &key);
                        found.insert(row.id, key);
                    }
                    Err(KeyError::Destroyed(_)) => {}
                    // Perhaps another process has rotated the key above: read it anew, alone.
                    Err(KeyError::Damaged(id)) => match self.get(row.id).await {
                        Ok(key) => drop(found.insert(row.id, key)),
                        Err(KeyError::Destroyed(_)) => {}
                        Err(KeyError::Damaged(_)) => {
                            tracing::error!(key.id = %id, "a key does not open under its parent");
                        }
                        Err(other) => return Err(other),
                    },
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(found)
    }

    /// The ids among `ids` that are destroyed, by themselves or with a key above them.
    pub async fn destroyed_among(&self, ids: &[Uuid]) -> Result<HashSet<Uuid>, KeyError> {
        let mut destroyed = HashSet::new();
        let mut above: HashMap<Uuid, bool> = HashMap::new();
        for chunk in ids.chunks(IDS) {
            let rows: Vec<(Uuid, Option<Uuid>, Option<i64>)> = key::Entity::find()
                .select_only()
                .columns([key::Column::Id, key::Column::ParentId, key::Column::DestroyedAt])
                .filter(key::Column::Id.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(self.0.database.reader())
                .await?;
            for (id, parent, destroyed_at) in rows {
                let gone = match (destroyed_at, parent) {
                    (Some(_), _) => true,
                    (None, None) => false,
                    (None, Some(parent)) => self.is_destroyed(parent, &mut above).await?,
                };
                if gone {
                    destroyed.insert(id);
                }
            }
        }
        Ok(destroyed)
    }

    /// Content, profile and export keys made before `older_than` that live, in the order of their ids,
    /// from after `after`: those that no row names are left over from a crash and are destroyed.
    pub async fn list_orphan_candidates(
        &self,
        older_than: DateTime<Utc>,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Uuid>, KeyError> {
        let kinds = [KeyKind::Content, KeyKind::Profile, KeyKind::Parcel];
        let kinds = kinds.map(|kind| i32::from(kind.number()));
        let ids = key::Entity::find()
            .select_only()
            .column(key::Column::Id)
            .filter(key::Column::Id.gt(after.unwrap_or_default()))
            .filter(key::Column::Kind.is_in(kinds))
            .filter(key::Column::Wrapped.is_not_null())
            .filter(key::Column::CreatedAt.lt(older_than.timestamp_millis()))
            .order_by_asc(key::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.0.database.reader())
            .await?;
        Ok(ids)
    }

    /// Whether keys are there that some data is sealed with.
    pub async fn is_in_use(&self) -> Result<bool, KeyError> {
        let own = [KeyKind::Server, KeyKind::Signing].map(|kind| i32::from(kind.number()));
        let any: Option<Uuid> = key::Entity::find()
            .select_only()
            .column(key::Column::Id)
            .filter(key::Column::Kind.is_not_in(own))
            .filter(key::Column::Wrapped.is_not_null())
            .into_tuple()
            .one(self.0.database.reader())
            .await?;
        Ok(any.is_some())
    }

    /// The server's own key; made at first use.
    pub async fn server_key(&self) -> Result<OpenKey, KeyError> {
        // Each request needs it.
        if let Some(id) = self.0.server_key.get() {
            return self.get(*id).await;
        }
        let key = self.only_one(KeyKind::Server, None).await?;
        self.0.server_key.get_or_init(|| key.id());
        Ok(key)
    }

    /// Signs for the server; its key is made at first use.
    pub async fn signer(&self) -> Result<Signer, KeyError> {
        let server = self.server_key().await?;
        let key = self.only_one(KeyKind::Signing, Some(&server)).await?;
        Signer::new(&key).ok_or(KeyError::Damaged(key.id()))
    }

    /// The signer with this key, also a retired one.
    pub async fn get_signer(&self, key_id: Uuid) -> Result<Signer, KeyError> {
        Signer::new(&self.get(key_id).await?).ok_or(KeyError::Missing(key_id))
    }

    async fn only_one(&self, kind: KeyKind, parent: Option<&OpenKey>) -> Result<OpenKey, KeyError> {
        if let Some(id) = newest(self.0.database.reader(), kind).await? {
            return self.get(id).await;
        }
        let tx = self.0.database.begin_alone().await?;
        let id = if let Some(id) = newest(&tx, kind).await? {
            id
        } else {
            let identity = KeyIdentity {
                id: self.new_id(),
                kind,
                organization_id: Uuid::nil(),
                channel_id: None,
                parent_id: parent.map(OpenKey::id),
                version: 1,
            };
            let key = OpenKey::new(identity, random::secret());
            self.insert(&tx, self.parent(parent), std::slice::from_ref(&key)).await?;
            key.id()
        };
        tx.commit().await?;
        self.get(id).await
    }

    async fn unwrap_row(
        &self,
        row: &key::Model,
        parents: &mut HashMap<Uuid, Option<OpenKey>>,
    ) -> Result<OpenKey, KeyError> {
        let retired = retired_of(self.0.database.reader(), row).await?;
        let Some(parent_id) = row.parent_id else {
            return unwrap(self.parent(None), row, &retired);
        };
        let parent = match parents.entry(parent_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(match self.get_above(row.id, parent_id).await {
                    Ok(parent) => Some(parent),
                    Err(KeyError::Destroyed(_)) => None,
                    Err(other) => return Err(other),
                })
            }
        };
        match parent {
            Some(parent) => unwrap(self.parent(Some(parent)), row, &retired),
            None => Err(KeyError::Destroyed(row.id)),
        }
    }

    async fn is_destroyed(
        &self,
        id: Uuid,
        known: &mut HashMap<Uuid, bool>,
    ) -> Result<bool, KeyError> {
        if let Some(gone) = known.get(&id) {
            return Ok(*gone);
        }
        let gone = match self.get(id).await {
            Ok(_) => false,
            Err(KeyError::Destroyed(_)) => true,
            Err(other) => return Err(other),
        };
        known.insert(id, gone);
        Ok(gone)
    }

    /// Opens the key that `id` hangs on; what is wrong with it is told of `id`.
    async fn get_above(&self, id: Uuid, parent: Uuid) -> Result<OpenKey, KeyError> {
        Box::pin(self.get(parent)).await.map_err(|error| match error {
            KeyError::Destroyed(_) => KeyError::Destroyed(id),
            KeyError::Missing(_) | KeyError::Damaged(_) => KeyError::Damaged(id),
            other => other,
        })
    }
}

/// The secrets that a key had before; content and profile keys have had one.
pub(super) async fn retired_of(
    db: &impl ConnectionTrait,
    row: &key::Model,
) -> Result<Vec<retired::Model>, KeyError> {
    if row.version <= 1 {
        return Ok(Vec::new());
    }
    Ok(retired::Entity::find().filter(retired::Column::KeyId.eq(row.id)).all(db).await?)
}

/// The living key of a kind that the server has one of.
async fn newest(db: &impl ConnectionTrait, kind: KeyKind) -> Result<Option<Uuid>, KeyError> {
    Ok(newest_query(kind).into_tuple().one(db).await?)
}

fn newest_query(kind: KeyKind) -> Select<key::Entity> {
    key::Entity::find()
        .select_only()
        .column(key::Column::Id)
        .filter(key::Column::Kind.eq(i32::from(kind.number())))
        // As the index `keyring_key_upper` has it: by a bound value neither database can tell that
        // the index holds the row, and each request would go through the keys of all mail.
        .filter(Expr::cust("kind NOT IN (4, 5)"))
        .filter(key::Column::OrganizationId.eq(Uuid::nil()))
        .filter(key::Column::Wrapped.is_not_null())
        .order_by_desc(key::Column::CreatedAt)
        .order_by_desc(key::Column::Id)
}

#[cfg(test)]
mod tests {
    use sea_orm::{Database, QueryTrait as _, TransactionTrait as _};

    use super::super::schema;
    use super::*;

    #[tokio::test]
    async fn the_servers_keys_are_found_without_going_through_those_of_mail() {
        let db = Database::connect("sqlite::memory:").await.expect("a database");
        let tx = db.begin().await.expect("a transaction");
        schema::create_meta(&tx).await.expect("settings");
        schema::migrate(&tx).await.expect("tables");
        let mut query = newest_query(KeyKind::Server).build(tx.get_database_backend());
        query.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
        let plan = tx.query_all_raw(query).await.expect("a plan");
        let plan: Vec<String> =
            plan.iter().map(|row| row.try_get("", "detail").expect("a step")).collect();
        assert!(plan.iter().any(|step| step.contains("USING INDEX keyring_key_upper")), "{plan:?}");
    }
}
