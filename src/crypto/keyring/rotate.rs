//! Rotation: a key gets a new secret, and everything that hangs on it is wrapped anew, in one
//! transaction.
//!
//! 1. [`Keyring::rotate`] (server, organization, channel): the old secret is retired: it opens what it
//!    sealed and seals no more. What the key compares with stays ([`OpenKey::blind`]).
//! 2. The caller seals anew what the old secret sealed directly.
//! 3. [`Keyring::forget_versions`] destroys retired secrets, which the forget-list tells.
//!
//! The root key is in a file, and a file and a database cannot commit together: [`Keyring::rotate_root`]
//! writes the new file beside the old one, commits the keyring, and renames. The check value in the
//! keyring says which of the two belongs to it; [`Keyring::open`] takes that one ([`super::root`]).

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::super::key::{KeyIdentity, Version};
use super::super::{KeyError, KeyKind, OpenKey, random, root};
use super::entity::{key, retired};
use super::find::retired_of;
use super::forget::{self, ForgetKind};
use super::wrap::{Parent, unwrap, wrap, wrap_key};
use super::{Keyring, RootKey, meta, root_check};

/// Keys that are read, opened, wrapped and written together.
const PAGE: u64 = 2_000;

/// Rows per statement: 10 values each, and SQLite takes 32,766 values at once.
const ROWS: usize = 500;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The version that the key has now.
    pub version: u32,
    /// Keys that were wrapped anew.
    pub children: u64,
}

/// An upper key, as people may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpperKey {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub kind: KeyKind,
    /// Whose it is; nil for the server's.
    pub organization_id: Uuid,
    /// Its channel, if it is a channel's.
    pub channel_id: Option<Uuid>,
    /// Counts its secrets.
    pub version: u32,
    /// When the key was made, in milliseconds since 1970.
    pub created_at: i64,
    /// When it got the secret that it has.
    pub rotated_at: Option<i64>,
    /// Retired versions that open yet.
    pub retired: Vec<u32>,
}

impl Keyring {
    /// Gives a key the secret number `version`, and wraps anew what hangs on it, all or none. Does
    /// nothing when it has that version, or a later one, already.
    pub async fn rotate(&self, id: Uuid, version: u32) -> Result<Rotated, KeyError> {
        let now = self.0.clock.now().timestamp_millis();
        let tx = self.0.database.begin_alone().await?;
        let row = key::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
        let row = row.ok_or(KeyError::Missing(id))?;
        let kind = u8::try_from(row.kind).ok().and_then(KeyKind::from_number);
        if !matches!(kind, Some(KeyKind::Server | KeyKind::Organization | KeyKind::Channel)) {
            return Err(KeyError::NotRotated(id));
        }
        let held = u32::try_from(row.version).map_err(|_| KeyError::Damaged(id))?;
        if held >= version {
            return Ok(Rotated { version: held, children: 0 });
        }
        let above = match row.parent_id {
            Some(parent) => Some(self.get(parent).await?),
            None => None,
        };
        let above = self.parent(above.as_ref());
        let old = unwrap(above, &row, &retired_of(&tx, &row).await?)?;
        let new = renewed(&old);
        retired::Entity::insert(retired::ActiveModel {
            key_id: Set(id),
            version: Set(row.version),
            wrapped: Set(Some(wrap(above, old.identity(), old.secret()))),
            retired_at: Set(now),
            destroyed_at: Set(None),
        })
        .exec_without_returning(&tx)
        .await?;
        key::Entity::update_many()
            .col_expr(key::Column::Version, Expr::value(row.version + 1))
            .col_expr(key::Column::Wrapped, Expr::value(Some(wrap_key(above, &new))))
            .filter(key::Column::Id.eq(id))
            .exec(&tx)
            .await?;
        let children = rewrap_children(&tx, Parent::from(&old), Parent::from(&new)).await?;
        count_rotation(&tx).await?;
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        self.0.cache.drop_all();
        Ok(Rotated { version: new.version(), children })
    }

    /// Gives the keyring a new root key: written beside the file of the old one, which is kept as
    /// `….previous`. This keyring must be closed afterwards, and no other process may have it open:
    /// they hold the old root key.
    pub async fn rotate_root(&self, path: &std::path::Path) -> Result<Rotated, KeyError> {
        let secret = random::secret();
        root::write_next(path, &secret)?;
        crate::crash::point();
        let version = self.0.root.version.saturating_add(1);
        let new = RootKey { secret, version };
        let tx = self.0.database.begin_alone().await?;
        let check = meta::find(&tx, meta::ROOT_CHECK).await?;
        if check.as_deref() != Some(root_check(&self.0.root.secret).as_str()) {
            return Err(KeyError::WrongRootKey { path: path.into() });
        }
        let (old, to) = (Parent::from(&self.0.root), Parent::from(&new));
        let children = rewrap_children(&tx, old, to).await?;
        meta::set(&tx, meta::ROOT_CHECK, &root_check(&new.secret)).await?;
        meta::set(&tx, meta::ROOT_VERSION, &version.to_string()).await?;
        count_rotation(&tx).await?;
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        root::promote(path)?;
        self.0.cache.drop_all();
        Ok(Rotated { version, children })
    }

    /// Destroys the retired secrets of a key up to `version`. Returns how many lived.
    pub async fn forget_versions(&self, id: Uuid, version: u32) -> Result<u64, KeyError> {
        let signer = self.signer().await?;
        let now = self.0.clock.now();
        let tx = self.0.database.begin_alone().await?;
        let gone = end_versions(&tx, id, version, now.timestamp_millis()).await?;
        if gone > 0 {
            let ids = [id, Uuid::from_u128(version.into())];
            forget::append(&tx, &signer, now, ForgetKind::Versions, &ids).await?;
        }
        crate::crash::point();
        tx.commit().await?;
        crate::crash::point();
        self.0.cache.drop_all();
        self.0.database.scrub_after_commit().await?;
        Ok(gone)
    }

    /// The version of the root key.
    #[must_use]
    pub fn root_version(&self) -> u32 {
        self.0.root.version
    }

    /// The version that a key has; nothing when it is not there or does not live.
    pub async fn version_of(&self, id: Uuid) -> Result<Option<u32>, KeyError> {
        let found: Option<i32> = key::Entity::find_by_id(id)
            .select_only()
            .column(key::Column::Version)
            .filter(key::Column::Wrapped.is_not_null())
            .into_tuple()
            .one(self.0.database.reader())
            .await?;
        Ok(found.and_then(|version| u32::try_from(version).ok()))
    }

    /// The server's, organizations' and channels' keys that live, in the order of their ids.
    pub async fn upper_keys(&self) -> Result<Vec<UpperKey>, KeyError> {
        let rows = key::Entity::find()
            // As the index has it.
            .filter(Expr::cust("kind NOT IN (4, 5)"))
            .filter(key::Column::Wrapped.is_not_null())
            .order_by_asc(key::Column::Id)
            .all(self.0.database.reader())
            .await?;
        let retired = retired::Entity::find().all(self.0.database.reader()).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let kind = u8::try_from(row.kind).ok().and_then(KeyKind::from_number);
            let is_upper = |kind: &KeyKind| {
                matches!(kind, KeyKind::Server | KeyKind::Organization | KeyKind::Channel)
            };
            let Some(kind) = kind.filter(is_upper) else { continue };
            let own = || retired.iter().filter(|old| old.key_id == row.id);
            let living = own().filter(|old| old.wrapped.is_some());
            found.push(UpperKey {
                id: row.id,
                kind,
                organization_id: row.organization_id,
                channel_id: row.channel_id,
                version: u32::try_from(row.version).unwrap_or_default(),
                created_at: row.created_at,
                rotated_at: own().map(|old| old.retired_at).max(),
                retired: living.filter_map(|old| u32::try_from(old.version).ok()).collect(),
            });
        }
        Ok(found)
    }
}

/// The same key with a new secret; the one that it has had opens yet.
fn renewed(old: &OpenKey) -> OpenKey {
    let identity = KeyIdentity { version: old.version().saturating_add(1), ..*old.identity() };
    let mut older = vec![Version { version: old.version(), secret: old.secret().clone() }];
    older.extend(old.older().iter().cloned());
    OpenKey::with_older(identity, random::secret(), old.lookup().clone(), older)
}

/// Wraps everything that hangs on `old` under `new`, which is the same key, or the root key.
async fn rewrap_children(
    tx: &DatabaseTransaction,
    old: Parent<'_>,
    new: Parent<'_>,
) -> Result<u64, KeyError> {
    let mut count = 0;
    let mut after = Uuid::nil();
    loop {
        let hangs = match old.id {
            Some(id) => key::Column::ParentId.eq(id),
            None => key::Column::ParentId.is_null(),
        };
        let rows = key::Entity::find()
            .filter(key::Column::Id.gt(after))
            .filter(hangs)
            .filter(key::Column::Wrapped.is_not_null())
            .order_by_asc(key::Column::Id)
            .limit(PAGE)
            .all(tx)
            .await?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = last.id;
        let mut changed = Vec::with_capacity(rows.len());
        for mut row in rows {
            let older = retired_of(tx, &row).await?;
            let open = unwrap(old, &row, &older)?;
            for version in open.older() {
                let identity = KeyIdentity { version: version.version, ..*open.identity() };
                retired::Entity::update_many()
                    .col_expr(
                        retired::Column::Wrapped,
                        Expr::value(Some(wrap(new, &identity, &version.secret))),
                    )
                    .filter(retired::Column::KeyId.eq(row.id))
                    .filter(retired::Column::Version.eq(stored(version.version)))
                    .exec(tx)
                    .await?;
            }
            row.wrapped = Some(wrap_key(new, &open));
            row.parent_version = stored(new.version);
            changed.push(row.into_active_model().reset_all());
        }
        count += changed.len() as u64;
        write(tx, changed).await?;
    }
}

/// Many rows in few statements.
async fn write(tx: &DatabaseTransaction, rows: Vec<key::ActiveModel>) -> Result<(), KeyError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        key::Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::column(key::Column::Id)
                    .update_columns([key::Column::Wrapped, key::Column::ParentVersion])
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Other processes notice by the number that their memory is out of date.
async fn count_rotation(tx: &DatabaseTransaction) -> Result<(), KeyError> {
    let before = meta::find_number(tx, meta::ROTATIONS).await?.unwrap_or(0);
    Ok(meta::set(tx, meta::ROTATIONS, &before.saturating_add(1).to_string()).await?)
}

/// Overwrites retired secrets.
pub(super) async fn end_versions(
    tx: &DatabaseTransaction,
    id: Uuid,
    version: u32,
    at: i64,
) -> Result<u64, KeyError> {
    let gone = retired::Entity::update_many()
        .col_expr(retired::Column::Wrapped, Expr::value(None::<Vec<u8>>))
        .col_expr(retired::Column::DestroyedAt, Expr::value(at))
        .filter(retired::Column::KeyId.eq(id))
        .filter(retired::Column::Version.lte(stored(version)))
        .filter(retired::Column::Wrapped.is_not_null())
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

/// Versions count rotations by hand and stay far below the limit.
fn stored(version: u32) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}
