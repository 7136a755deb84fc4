//! What a database that was put back must not go on with, and what a backup tells of it.

use std::collections::BTreeSet;

use migration::MigratorTrait as _;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx};
use crate::domain::words::OutboxState;

/// What was stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stopped {
    /// Answers that had not been sent: each is in doubt now.
    pub answers: u64,
    /// Sessions that were ended.
    pub sessions: u64,
    /// Mailboxes that somebody seemed to read.
    pub readers: u64,
}

/// Puts every answer that had not been sent in doubt, with `code`, and takes the jobs of `kinds`
/// out of the queue, so that nothing leaves that may have left before: a person decides. Ends all
/// sessions, and lets go of what a reader or a worker seems to hold.
pub async fn stop(tx: &Tx, code: &str, kinds: &[&str]) -> Result<Stopped> {
    use entity::outbox::Column;
    let unfinished = [
        OutboxState::Waiting,
        OutboxState::Sending,
        OutboxState::Retrying,
        OutboxState::NeedsConfirmation,
    ];
    let answers = entity::outbox::Entity::update_many()
        .col_expr(Column::State, Expr::value(OutboxState::InDoubt.as_str()))
        .col_expr(Column::ErrorCode, Expr::value(code))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::Restore, Expr::value(None::<Vec<u8>>))
        .filter(Column::State.is_in(unfinished.map(OutboxState::as_str)))
        .exec(tx.conn())
        .await?;
    entity::job::Entity::delete_many()
        .filter(entity::job::Column::Kind.is_in(kinds.iter().copied()))
        .exec(tx.conn())
        .await?;
    entity::job::Entity::update_many()
        .col_expr(entity::job::Column::LeaseUntil, Expr::value(None::<i64>))
        .filter(entity::job::Column::LeaseUntil.is_not_null())
        .exec(tx.conn())
        .await?;
    let sessions = entity::session::Entity::delete_many().exec(tx.conn()).await?;
    let readers = entity::mailbox::Entity::update_many()
        .col_expr(entity::mailbox::Column::ReaderId, Expr::value(None::<Uuid>))
        .col_expr(entity::mailbox::Column::ReaderUntil, Expr::value(None::<i64>))
        .filter(entity::mailbox::Column::ReaderId.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(Stopped {
        answers: answers.rows_affected,
        sessions: sessions.rows_affected,
        readers: readers.rows_affected,
    })
}

/// The names of all objects that a row names.
pub async fn object_names(store: &Store) -> Result<Vec<String>> {
    let names: BTreeSet<String> = objects(store).await?.into_iter().map(|(name, _)| name).collect();
    Ok(names.into_iter().collect())
}

/// All objects that a row names, each with the key that seals it.
pub async fn objects(store: &Store) -> Result<Vec<(String, Uuid)>> {
    use entity::{attachment, raw_message};
    let mut found: Vec<(String, Uuid)> = raw_message::Entity::find()
        .select_only()
        .columns([raw_message::Column::ObjectName, raw_message::Column::KeyId])
        .filter(raw_message::Column::ObjectName.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    let files: Vec<(String, Uuid)> = attachment::Entity::find()
        .select_only()
        .columns([attachment::Column::ObjectName, attachment::Column::KeyId])
        .filter(attachment::Column::ObjectName.is_not_null())
        .into_tuple()
        .all(store.db().read())
        .await?;
    found.extend(files);
    Ok(found)
}

/// How many migrations the data has seen.
pub async fn schema(store: &Store) -> Result<u32> {
    let seen = migration::Migrator::get_applied_migrations(store.db().write()).await?;
    Ok(u32::try_from(seen.len()).unwrap_or(u32::MAX))
}

/// How many migrations this build knows.
#[must_use]
pub fn known_schema() -> u32 {
    u32::try_from(migration::Migrator::migrations().len()).unwrap_or(u32::MAX)
}
