//! Replaying the forget-list: what another copy of it knows to be gone goes here too.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::super::{KeyError, PublicKey};
use super::entity::{forget_entry, key};
use super::forget::{self, ForgetEntry, ForgetKind};
use super::{Keyring, destroy, meta, rotate, schema};

/// Ids per statement.
const IDS: usize = 500;

/// What a replay did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Entries that the keyring had lacked.
    pub entries: u64,
    /// Keys that lived here, and do not any more.
    pub keys: u64,
}

impl Keyring {
    /// The public half of a signing key; nothing when the keyring has no such key.
    pub async fn public_key(
        &self,
        signing_key_id: uuid::Uuid,
    ) -> Result<Option<PublicKey>, KeyError> {
        match self.get_signer(signing_key_id).await {
            Ok(signer) => Ok(Some(signer.public_key())),
            Err(KeyError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether this server has signed the entry.
    pub async fn has_signed(&self, entry: &ForgetEntry) -> Result<bool, KeyError> {
        let key = self.public_key(entry.signing_key_id).await?;
        Ok(key.is_some_and(|key| entry.verify(&key)))
    }

    /// Applies the entries that the keyring lacks, which come in order, all or none: in one
    /// transaction with what they say. An entry that this server has not signed is refused.
    pub async fn replay(&self, entries: &[ForgetEntry]) -> Result<Replayed, KeyError> {
        for entry in entries {
            if !self.has_signed(entry).await? {
                return Err(KeyError::ForgetList(entry.number));
            }
        }
        let tx = self.0.database.begin_alone().await?;
        // Not only the newest: an operator may have gone on without one that was found later.
        let known: HashSet<i64> = forget_entry::Entity::find()
            .select_only()
            .column(forget_entry::Column::Number)
            .into_tuple()
            .all(&tx)
            .await?
            .into_iter()
            .collect();
        let mut done = Replayed::default();
        let is_new = |entry: &&ForgetEntry| {
            i64::try_from(entry.number).is_ok_and(|number| !known.contains(&number))
        };
        for entry in entries.iter().filter(is_new) {
            done.entries += 1;
            done.keys += self.apply(&tx, entry).await?;
            forget::insert(&tx, entry).await?;
        }
        for (key, version) in entries.iter().filter_map(ForgetEntry::versions) {
            self.is_past(&tx, key, version).await?;
        }
        tx.commit().await?;
        if done.entries > 0 {
            self.0.cache.drop_all();
            self.scrub().await?;
        }
        Ok(done)
    }

    /// Closes all connections. Nothing works with it afterwards.
    pub async fn close(&self) -> Result<(), KeyError> {
        Ok(self.0.database.close().await?)
    }

    /// The version of the keyring's tables.
    pub async fn schema(&self) -> Result<u32, KeyError> {
        let found = meta::find_number(self.0.database.reader(), meta::SCHEMA).await?;
        Ok(found.unwrap_or_else(schema::newest))
    }
}

impl Keyring {
    /// Does again what the entry tells of. Returns how many keys lived.
    async fn apply(&self, tx: &DatabaseTransaction, entry: &ForgetEntry) -> Result<u64, KeyError> {
        match entry.kind {
            ForgetKind::Rewrapped => {
                let Some((parent, ids)) = entry.ids.split_first() else { return Ok(0) };
                // A key that died since took them with it.
                let parent = match self.get(*parent).await {
                    Ok(parent) => parent,
                    Err(KeyError::Destroyed(_) | KeyError::Missing(_)) => return Ok(0),
                    Err(other) => return Err(other),
                };
                for chunk in ids.chunks(IDS) {
                    self.rewrap_in(tx, chunk, &parent).await?;
                }
                Ok(0)
            }
            ForgetKind::Versions => {
                let Some((key, version)) = entry.versions() else { return Ok(0) };
                rotate::end_versions(tx, key, version, entry.at.timestamp_millis()).await
            }
            ForgetKind::Keys | ForgetKind::Erased => {
                let mut count = 0;
                for chunk in entry.ids.chunks(IDS) {
                    let gone = key::Entity::update_many()
                        .col_expr(key::Column::Wrapped, Expr::value(None::<Vec<u8>>))
                        .col_expr(
                            key::Column::DestroyedAt,
                            Expr::value(entry.at.timestamp_millis()),
                        )
                        .filter(key::Column::Id.is_in(chunk.iter().copied()))
                        .filter(key::Column::Wrapped.is_not_null())
                        .exec(tx)
                        .await?;
                    count += gone.rows_affected;
                    destroy::end_retired(tx, chunk, entry.at.timestamp_millis()).await?;
                }
                Ok(count)
            }
        }
    }

    /// A key that lives must have a later secret than the ones that were destroyed.
    async fn is_past(
        &self,
        tx: &DatabaseTransaction,
        key: uuid::Uuid,
        version: u32,
    ) -> Result<(), KeyError> {
        let held: Option<i32> = key::Entity::find_by_id(key)
            .select_only()
            .column(key::Column::Version)
            .filter(key::Column::Wrapped.is_not_null())
            .into_tuple()
            .one(tx)
            .await?;
        match held.and_then(|held| u32::try_from(held).ok()) {
            Some(held) if held <= version => {
                Err(KeyError::BeforeRotation { key, version: version.saturating_add(1) })
            }
            _ => Ok(()),
        }
    }
}
