//! How the whole server is, in numbers: for whoever watches it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::error::Result;
use super::{Store, from_millis, millis};
use crate::domain::ids::ChannelId;

/// Jobs that are due and that nobody works on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backlog {
    /// How many.
    pub jobs: i64,
    /// Since when the oldest of them is due.
    pub oldest: Option<DateTime<Utc>>,
}

/// The jobs that are due.
pub async fn backlog(store: &Store) -> Result<Backlog> {
    let mark = match store.db().backend() {
        sea_orm::DbBackend::Postgres => ("$1", "$2"),
        _ => ("?", "?"),
    };
    let sql = format!(
        "SELECT COUNT(*) AS jobs, MIN(run_at) AS oldest FROM job \
         WHERE run_at <= {} AND (lease_until IS NULL OR lease_until <= {})",
        mark.0, mark.1
    );
    let now = millis(store.now()).0;
    let query = Statement::from_sql_and_values(store.db().backend(), sql, [now.into(), now.into()]);
    let Some(row) = store.db().read().query_one_raw(query).await? else {
        return Ok(Backlog::default());
    };
    let oldest: Option<i64> = row.try_get("", "oldest")?;
    Ok(Backlog {
        jobs: row.try_get("", "jobs")?,
        oldest: oldest.and_then(DateTime::from_timestamp_millis),
    })
}

/// How many answers that have not been sent are in each state. The states are written out, so
/// that the index of just these is taken.
pub async fn outbox(store: &Store) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT state, COUNT(*) AS entries FROM outbox \
               WHERE state NOT IN ('sent','cancelled') GROUP BY state";
    let query = Statement::from_string(store.db().backend(), sql);
    let rows = store.db().read().query_all_raw(query).await?;
    rows.iter().map(|row| Ok((row.try_get("", "state")?, row.try_get("", "entries")?))).collect()
}

/// The mailboxes whose mail is to be read, each with the time when that last went well; before
/// the first time, when it was linked.
pub async fn last_syncs(store: &Store) -> Result<Vec<(ChannelId, DateTime<Utc>)>> {
    let sql = "SELECT mailbox.channel_id AS id, \
               COALESCE(mailbox.last_sync_at, mailbox.created_at) AS synced_at \
               FROM mailbox JOIN channel ON channel.organization_id = mailbox.organization_id \
               AND channel.id = mailbox.channel_id \
               WHERE channel.state IN ('connecting', 'importing', 'active', 'error')";
    let query = Statement::from_string(store.db().backend(), sql);
    let rows = store.db().read().query_all_raw(query).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            let at: i64 = row.try_get("", "synced_at")?;
            Ok((ChannelId(id), from_millis(entity::UnixMillis(at))))
        })
        .collect()
}

/// The mails of each mailbox that the latest comparison with its server found missing.
pub async fn missed(store: &Store) -> Result<HashMap<ChannelId, i64>> {
    let sql = "SELECT channel_id AS id, CAST(SUM(compared_missed) AS BIGINT) AS mails \
               FROM folder GROUP BY channel_id";
    let query = Statement::from_string(store.db().backend(), sql);
    let rows = store.db().read().query_all_raw(query).await?;
    rows.iter()
        .map(|row| Ok((ChannelId(row.try_get("", "id")?), row.try_get("", "mails")?)))
        .collect()
}
