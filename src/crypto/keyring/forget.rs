//! The forget-list: numbered, signed, ids only. It outlives every backup, so that restoring one
//! brings nothing back.

use chrono::{DateTime, TimeZone as _, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::super::{KeyError, PublicKey, Signer};
use super::Keyring;
use super::entity::forget_entry;

const LABEL: &str = "forget-list.1";

/// What an entry forgets. The numbers are stored and permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgetKind {
    /// Keys were destroyed; the ids are theirs.
    Keys,
    /// Keys hang on another key from now on: first its id, then theirs.
    Rewrapped,
    /// Keys were destroyed at the request of a person: messages that they sealed in tickets of
    /// others stay as tombstones.
    Erased,
    /// Old secrets of a rotated key were destroyed: first the key's id, then the highest of their
    /// versions, as an id that is a number.
    Versions,
}

impl ForgetKind {
    /// Whether the keys are gone.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Keys | Self::Erased)
    }

    /// As it is stored.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::Keys => 1,
            Self::Rewrapped => 2,
            Self::Erased => 3,
            Self::Versions => 4,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Keys),
            2 => Some(Self::Rewrapped),
            3 => Some(Self::Erased),
            4 => Some(Self::Versions),
            _ => None,
        }
    }
}

/// One line of the forget-list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgetEntry {
    /// Counts from 1 without gaps.
    pub number: u64,
    /// When it was forgotten, to the millisecond.
    pub at: DateTime<Utc>,
    /// What the ids are.
    pub kind: ForgetKind,
    /// Ids, and nothing that says whose.
    pub ids: Vec<Uuid>,
    /// The key that signed.
    pub signing_key_id: Uuid,
    /// Ed25519, 64 bytes.
    pub signature: Vec<u8>,
}

impl ForgetEntry {
    /// Whether the entry is as it was signed.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        key.verify(LABEL, &self.signed_bytes(), &self.signature)
    }

    /// Of [`ForgetKind::Versions`]: the key, and the highest version that is gone.
    #[must_use]
    pub fn versions(&self) -> Option<(Uuid, u32)> {
        match (self.kind, self.ids.as_slice()) {
            (ForgetKind::Versions, [key, version]) => {
                Some((*key, u32::try_from(version.as_u128()).ok()?))
            }
            _ => None,
        }
    }

    /// The ids, one after the other, as they are stored.
    #[must_use]
    pub fn id_bytes(&self) -> Vec<u8> {
        self.ids.iter().flat_map(|id| id.into_bytes()).collect()
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(24 + 16 * self.ids.len());
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(&self.at.timestamp_millis().to_be_bytes());
        out.extend_from_slice(&self.kind.number().to_be_bytes());
        for id in &self.ids {
            out.extend_from_slice(id.as_bytes());
        }
        out
    }
}

impl Keyring {
    /// The number of the newest entry; 0 when there is none.
    pub async fn last_forgotten(&self) -> Result<u64, KeyError> {
        last_number(self.0.database.reader()).await
    }

    /// The forget-list after entry `after`, in order.
    pub async fn list_forgotten(
        &self,
        after: u64,
        limit: u64,
    ) -> Result<Vec<ForgetEntry>, KeyError> {
        forget_entry::Entity::find()
            .filter(forget_entry::Column::Number.gt(i64::try_from(after).unwrap_or(i64::MAX)))
            .order_by_asc(forget_entry::Column::Number)
            .limit(limit)
            .all(self.0.database.reader())
            .await?
            .into_iter()
            .map(read)
            .collect()
    }
}

/// Appends an entry within the caller's transaction, which is alone.
pub(super) async fn append(
    tx: &DatabaseTransaction,
    signer: &Signer,
    at: DateTime<Utc>,
    kind: ForgetKind,
    ids: &[Uuid],
) -> Result<(), KeyError> {
    let mut entry = ForgetEntry {
        number: last_number(tx).await?.saturating_add(1),
        at,
        kind,
        ids: ids.to_vec(),
        signing_key_id: signer.key_id(),
        signature: Vec::new(),
    };
    entry.signature = signer.sign(LABEL, &entry.signed_bytes()).to_vec();
    insert(tx, &entry).await
}

/// The number of the newest entry; 0 when there is none.
pub(super) async fn last_number(db: &impl ConnectionTrait) -> Result<u64, KeyError> {
    let last: Option<i64> = forget_entry::Entity::find()
        .select_only()
        .column(forget_entry::Column::Number)
        .order_by_desc(forget_entry::Column::Number)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
}

/// Writes an entry as it is.
pub(super) async fn insert(tx: &DatabaseTransaction, entry: &ForgetEntry) -> Result<(), KeyError> {
    let row = forget_entry::ActiveModel {
        number: Set(i64::try_from(entry.number).unwrap_or(i64::MAX)),
        at: Set(entry.at.timestamp_millis()),
        kind: Set(entry.kind.number()),
        ids: Set(entry.id_bytes()),
        signing_key_id: Set(entry.signing_key_id),
        signature: Set(entry.signature.clone()),
    };
    forget_entry::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

fn read(row: forget_entry::Model) -> Result<ForgetEntry, KeyError> {
    let number = u64::try_from(row.number).unwrap_or(0);
    let (ids, rest) = row.ids.as_chunks::<16>();
    let at = Utc.timestamp_millis_opt(row.at).single();
    match (at, ForgetKind::from_number(row.kind), rest) {
        (Some(at), Some(kind), []) => Ok(ForgetEntry {
            number,
            at,
            kind,
            ids: ids.iter().map(|id| Uuid::from_bytes(*id)).collect(),
            signing_key_id: row.signing_key_id,
            signature: row.signature,
        }),
        _ => Err(KeyError::ForgetList(number)),
    }
}
