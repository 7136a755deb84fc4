//! Browser sessions. A row is found by a hash of the session's id, and its data is sealed under
//! the server key: whoever reads the database can neither take over a session nor see in it.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::Result;
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::Place;
use crate::domain::ids::AccountId;

/// The hash that a session is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionHash([u8; 32]);

impl SessionHash {
    /// Of the session's id, which only the browser keeps.
    #[must_use]
    pub fn of(session_id: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"loket session 1\0");
        hash.update(session_id);
        Self(hash.finalize().into())
    }

    /// By what people tell sessions apart: half of the hash, which opens nothing.
    #[must_use]
    pub fn id(&self) -> Uuid {
        let mut row = [0; 16];
        for (to, from) in row.iter_mut().zip(self.0) {
            *to = from;
        }
        Uuid::from_bytes(row)
    }

    fn place(&self) -> Place {
        columns::SESSION_DATA.of(self.id())
    }
}

/// A session.
#[derive(Debug)]
pub struct Session {
    /// Who is signed in.
    pub account_id: Option<AccountId>,
    /// What `http` keeps in it.
    pub data: Zeroizing<Vec<u8>>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Adds or replaces a session.
pub async fn save(store: &Store, hash: SessionHash, session: &Session) -> Result<()> {
    use entity::session::Column;
    let key = store.keyring().server_key().await?;
    let row = entity::session::ActiveModel {
        id_hash: Set(hash.0.to_vec()),
        account_id: Set(session.account_id.map(|id| id.0)),
        data: Set(key.seal(hash.place(), &session.data)),
        expires_at: Set(millis(session.expires_at)),
    };
    entity::session::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::IdHash)
                .update_columns([Column::AccountId, Column::Data, Column::ExpiresAt])
                .to_owned(),
        )
        .exec_without_returning(store.db().write())
        .await?;
    Ok(())
}

/// The session, if it has not ended.
pub async fn find(store: &Store, hash: SessionHash) -> Result<Option<Session>> {
    let row = entity::session::Entity::find_by_id(hash.0.to_vec())
        .filter(entity::session::Column::ExpiresAt.gt(millis(store.now())))
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let key = store.keyring().server_key().await?;
    Ok(Some(Session {
        account_id: row.account_id.map(AccountId),
        data: key.open(hash.place(), &row.data)?,
        expires_at: from_millis(row.expires_at),
    }))
}

/// The sessions of an account that have not ended, in no order.
pub async fn list_of_account(
    store: &Store,
    account_id: AccountId,
) -> Result<Vec<(SessionHash, Session)>> {
    use entity::session::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account_id.0))
        .filter(Column::ExpiresAt.gt(millis(store.now())))
        .all(store.db().read())
        .await?;
    let key = store.keyring().server_key().await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Ok(hash) = <[u8; 32]>::try_from(row.id_hash.as_slice()) else { continue };
        let hash = SessionHash(hash);
        let data = key.open(hash.place(), &row.data)?;
        let account_id = row.account_id.map(AccountId);
        let expires_at = from_millis(row.expires_at);
        found.push((hash, Session { account_id, data, expires_at }));
    }
    Ok(found)
}

/// Ends a session.
pub async fn remove(store: &Store, hash: SessionHash) -> Result<()> {
    entity::session::Entity::delete_by_id(hash.0.to_vec()).exec(store.db().write()).await?;
    Ok(())
}

/// Ends all sessions of an account, but not the one that is named.
pub async fn remove_of_account(
    tx: &Tx,
    account_id: AccountId,
    but: Option<SessionHash>,
) -> Result<()> {
    use entity::session::Column;
    let mut delete =
        entity::session::Entity::delete_many().filter(Column::AccountId.eq(account_id.0));
    if let Some(but) = but {
        delete = delete.filter(Column::IdHash.ne(but.0.to_vec()));
    }
    delete.exec(tx.conn()).await?;
    Ok(())
}

/// Removes what has ended; returns how many.
pub async fn sweep(store: &Store) -> Result<u64> {
    let removed = entity::session::Entity::delete_many()
        .filter(entity::session::Column::ExpiresAt.lte(millis(store.now())))
        .exec(store.db().write())
        .await?;
    Ok(removed.rows_affected)
}

/// When the sessions of an account end.
pub async fn ends_of_account(store: &Store, account_id: AccountId) -> Result<Vec<DateTime<Utc>>> {
    use entity::session::{Column, Entity};
    let rows: Vec<entity::UnixMillis> = Entity::find()
        .select_only()
        .column(Column::ExpiresAt)
        .filter(Column::AccountId.eq(account_id.0))
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(from_millis).collect())
}
