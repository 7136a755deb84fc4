//! Destroying keys: the wrapped bytes go, the row stays and says so.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::super::{KeyError, KeyKind};
use super::Keyring;
use super::entity::{key, retired};
use super::forget::{self, ForgetKind};
use super::meta;

/// Ids per statement.
const IDS: usize = 500;

impl Keyring {
    /// Destroys keys, all or none, and writes one forget-list entry with them. What hangs on a
    /// destroyed key cannot be opened either. Destroying again changes nothing. Returns how many
    /// of them lived.
    pub async fn destroy(&self, ids: &[Uuid]) -> Result<u64, KeyError> {
        self.destroy_as(ForgetKind::Keys, ids).await
    }

    /// As [`Self::destroy`], at the request of a person: after a restore, too, tombstones tell of
    /// messages that these keys sealed in tickets of others.
    pub async fn erase(&self, ids: &[Uuid]) -> Result<u64, KeyError> {
        self.destroy_as(ForgetKind::Erased, ids).await
    }

    async fn destroy_as(&self, why: ForgetKind, ids: &[Uuid]) -> Result<u64, KeyError> {
        if ids.is_empty() {
            return Ok(0);
        }
        let signer = self.signer().await?;
        let now = self.0.clock.now();
        let tx = self.0.database.begin_alone().await?;
        let mut living = Vec::new();
        let mut upper = false;
        for chunk in ids.chunks(IDS) {
            let rows: Vec<(Uuid, i32)> = key::Entity::find()
                .select_only()
                .columns([key::Column::Id, key::Column::Kind])
                .filter(key::Column::Id.is_in(chunk.iter().copied()))
                .filter(key::Column::Wrapped.is_not_null())
                .into_tuple()
                .all(&tx)
                .await?;
            for (id, kind) in rows {
                match u8::try_from(kind).ok().and_then(KeyKind::from_number) {
                    Some(KeyKind::Server | KeyKind::Signing) => {
                        return Err(KeyError::Protected(id));
                    }
                    Some(KeyKind::Content | KeyKind::Profile | KeyKind::Parcel) => {}
                    Some(KeyKind::Organization | KeyKind::Channel) | None => upper = true,
                }
                living.push(id);
            }
        }
        if !living.is_empty() {
            overwrite(&tx, &living, now.timestamp_millis()).await?;
            forget::append(&tx, &signer, now, why, &living).await?;
        }
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        if upper {
            self.0.cache.drop_all();
        } else {
            self.0.cache.drop_keys(&living);
        }
        if !self.0.database.scrub_after_commit().await? {
            tracing::warn!(
                "destroyed keys are still in the keyring's write-ahead log: a reader held it"
            );
        }
        Ok(u64::try_from(living.len()).unwrap_or(u64::MAX))
    }

    /// Overwrites these keys as far as the key above them is destroyed, so that they open no more
    /// anyway; the forget-list knows by that key's entry. Returns how many they were.
    ///
    /// The rows stay: taking one out goes through all keys to see whether another hangs on it.
    pub async fn bury(&self, ids: &[Uuid]) -> Result<u64, KeyError> {
        let now = self.0.clock.now().timestamp_millis();
        let tx = self.0.database.begin().await?;
        let mut removed = 0;
        for chunk in ids.chunks(IDS) {
            let above: Vec<Uuid> = key::Entity::find()
                .select_only()
                .distinct()
                .column(key::Column::ParentId)
                .filter(key::Column::Id.is_in(chunk.iter().copied()))
                .filter(key::Column::ParentId.is_not_null())
                .into_tuple()
                .all(&tx)
                .await?;
            let dead: Vec<Uuid> = key::Entity::find()
                .select_only()
                .column(key::Column::Id)
                .filter(key::Column::Id.is_in(above))
                .filter(key::Column::Wrapped.is_null())
                .into_tuple()
                .all(&tx)
                .await?;
            if dead.is_empty() {
                continue;
            }
            removed += key::Entity::update_many()
                .col_expr(key::Column::Wrapped, Expr::value(None::<Vec<u8>>))
                .col_expr(key::Column::DestroyedAt, Expr::value(now))
                .filter(key::Column::Id.is_in(chunk.iter().copied()))
                .filter(key::Column::ParentId.is_in(dead))
                .filter(key::Column::Wrapped.is_not_null())
                .exec(&tx)
                .await?
                .rows_affected;
        }
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        self.0.cache.drop_keys(ids);
        Ok(removed)
    }

    /// Removes what destroyed keys left behind in the database's files. [`Self::destroy`] has done
    /// so on SQLite; on PostgreSQL this is a VACUUM, for the end of a purge. False when a reader
    /// stood in the way and it is to be tried again.
    pub async fn scrub(&self) -> Result<bool, KeyError> {
        Ok(self.0.database.scrub().await?)
    }

    /// Drops from memory what other processes have destroyed or rotated since the last call. Call it every
    /// few seconds where several instances share a keyring.
    pub async fn refresh(&self) -> Result<(), KeyError> {
        let last = forget::last_number(self.0.database.reader()).await?;
        let rotations = meta::find_number(self.0.database.reader(), meta::ROTATIONS).await?;
        let rotations = u64::from(rotations.unwrap_or(0));
        let order = std::sync::atomic::Ordering::AcqRel;
        if self.0.seen.fetch_max(last, order) < last
            || self.0.seen_rotations.fetch_max(rotations, order) < rotations
        {
            self.0.cache.drop_all();
        }
        Ok(())
    }
}

/// Overwrites the wrapped bytes of `ids` with nothing.
pub(super) async fn overwrite(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    at: i64,
) -> Result<(), KeyError> {
    for chunk in ids.chunks(IDS) {
        key::Entity::update_many()
            .col_expr(key::Column::Wrapped, Expr::value(None::<Vec<u8>>))
            .col_expr(key::Column::DestroyedAt, Expr::value(at))
            .filter(key::Column::Id.is_in(chunk.iter().copied()))
            .exec(tx)
            .await?;
        end_retired(tx, chunk, at).await?;
    }
    Ok(())
}

/// Overwrites what these keys had before they were rotated.
pub(super) async fn end_retired(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    at: i64,
) -> Result<(), KeyError> {
    retired::Entity::update_many()
        .col_expr(retired::Column::Wrapped, Expr::value(None::<Vec<u8>>))
        .col_expr(retired::Column::DestroyedAt, Expr::value(at))
        .filter(retired::Column::KeyId.is_in(ids.iter().copied()))
        .filter(retired::Column::Wrapped.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
