//! Jobs: work that waits for a worker. A job is added in the transaction that causes it, and
//! claimed by lease: a worker that dies lets its lease run out, and the job is run again.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Set, Statement, Value,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{JobId, OrganizationId};

/// A job about to be added.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// The organization that it works for; `None` for the whole server.
    pub organization_id: Option<OrganizationId>,
    /// What must not be worked on by too many at once (a channel, for one).
    pub subject_id: Option<Uuid>,
    /// Ids and words only, as a JSON object.
    pub payload: serde_json::Value,
    /// There is at most one job with this key.
    pub unique_key: Option<String>,
    /// Not before this.
    pub run_at: DateTime<Utc>,
}

/// A job that a worker has leased.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// The organization that it works for.
    pub organization_id: Option<OrganizationId>,
    /// What it works on.
    pub subject_id: Option<Uuid>,
    /// Ids and words.
    pub payload: serde_json::Value,
    /// How often it has been leased since it last did well, this time included.
    pub attempts: i32,
    /// When it was due.
    pub run_at: DateTime<Utc>,
    lease_token: Uuid,
}

/// Which jobs a worker would take now.
#[derive(Debug, Clone, Default)]
pub struct Takes {
    /// Jobs of these kinds.
    pub kinds: Vec<&'static str>,
    /// But not those of this kind about this subject: enough workers are at it.
    pub busy: Vec<(&'static str, Uuid)>,
}

/// Adds a job. Where there is one with the same `unique_key`, that one becomes due at the
/// earlier of both times; if it is running right now, it runs again after.
pub async fn add(tx: &Tx, job: NewJob) -> Result<()> {
    let backend = tx.conn().get_database_backend();
    let sql = "INSERT INTO job (id, organization_id, kind, subject_id, payload, unique_key, \
               run_at, attempts, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8) \
               ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO UPDATE SET \
               payload = excluded.payload, attempts = 0, lease_token = NULL, \
               run_at = CASE WHEN job.lease_until IS NULL AND job.run_at < excluded.run_at \
               THEN job.run_at ELSE excluded.run_at END";
    let values: [Value; 8] = [
        tx.store().new_id().into(),
        job.organization_id.map(|id| id.0).into(),
        job.kind.into(),
        job.subject_id.into(),
        job.payload.to_string().into(),
        job.unique_key.into(),
        job.run_at.timestamp_millis().into(),
        tx.store().now().timestamp_millis().into(),
    ];
    tx.conn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    tx.wake_workers();
    Ok(())
}

/// Adds a job unless there is one with the same `unique_key`: for what runs again and again.
pub async fn add_once(tx: &Tx, job: NewJob) -> Result<()> {
    entity::job::Entity::insert(entity::job::ActiveModel {
        id: Set(tx.store().new_id()),
        organization_id: Set(job.organization_id.map(|id| id.0)),
        kind: Set(job.kind.to_owned()),
        subject_id: Set(job.subject_id),
        payload: Set(job.payload.to_string()),
        unique_key: Set(job.unique_key),
        run_at: Set(millis(job.run_at)),
        attempts: Set(0),
        lease_until: Set(None),
        lease_token: Set(None),
        error_code: Set(None),
        created_at: Set(millis(tx.store().now())),
    })
    .on_conflict(
        OnConflict::column(entity::job::Column::UniqueKey)
            .target_and_where(Expr::col(entity::job::Column::UniqueKey).is_not_null())
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    tx.wake_workers();
    Ok(())
}

/// Takes back the job with this key, unless a worker has it.
pub async fn remove(tx: &Tx, unique_key: &str) -> Result<()> {
    entity::job::Entity::delete_many()
        .filter(entity::job::Column::UniqueKey.eq(unique_key))
        .filter(entity::job::Column::LeaseUntil.is_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Leases the job that has been due for longest, until `lease_until`. One statement: two
/// workers never get the same.
pub async fn claim(
    store: &Store,
    takes: &Takes,
    lease_until: DateTime<Utc>,
) -> Result<Option<Job>> {
    let backend = store.db().backend();
    let now = store.now().timestamp_millis();
    let token = store.new_id();
    let mut values: Vec<Value> =
        vec![lease_until.timestamp_millis().into(), token.into(), now.into()];
    let Some(wanted) = condition(takes, &mut values) else { return Ok(None) };
    let skip = if backend == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE job SET lease_until = $1, lease_token = $2, attempts = attempts + 1 \
         WHERE id = (SELECT id FROM job WHERE run_at <= $3 \
         AND (lease_until IS NULL OR lease_until <= $3) AND {wanted} \
         ORDER BY run_at LIMIT 1{skip}) RETURNING *"
    );
    let row = entity::job::Entity::find()
        .from_raw_sql(Statement::from_sql_and_values(backend, sql, values))
        .one(store.db().write())
        .await?;
    Ok(row.map(|row| Job {
        id: JobId(row.id),
        kind: row.kind,
        organization_id: row.organization_id.map(OrganizationId),
        subject_id: row.subject_id,
        payload: serde_json::from_str(&row.payload).unwrap_or_default(),
        attempts: row.attempts,
        run_at: from_millis(row.run_at),
        lease_token: token,
    }))
}

/// The worker that has the job is alive: its lease lasts until `lease_until`.
pub async fn extend(store: &Store, job: &Job, lease_until: DateTime<Utc>) -> Result<()> {
    use entity::job::Column;
    entity::job::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Some(millis(lease_until))))
        .filter(Column::Id.eq(job.id.0))
        .filter(Column::LeaseUntil.is_not_null())
        // Without a token it was asked for again while it runs, and nobody else has it.
        .filter(Column::LeaseToken.eq(job.lease_token).or(Column::LeaseToken.is_null()))
        .exec(store.db().write())
        .await?;
    Ok(())
}

/// When the next job is due that a worker would take; may be in the past.
pub async fn next_due(store: &Store, takes: &Takes) -> Result<Option<DateTime<Utc>>> {
    let mut values = Vec::new();
    let Some(wanted) = condition(takes, &mut values) else { return Ok(None) };
    let sql = format!(
        "SELECT MIN(CASE WHEN lease_until IS NOT NULL AND lease_until > run_at \
         THEN lease_until ELSE run_at END) AS due FROM job WHERE {wanted}"
    );
    let statement = Statement::from_sql_and_values(store.db().backend(), sql, values);
    let due: Option<i64> = match store.db().read().query_one_raw(statement).await? {
        Some(row) => row.try_get("", "due")?,
        None => None,
    };
    Ok(due.and_then(DateTime::from_timestamp_millis))
}

/// The job is done: it goes, unless it was asked for again while it ran.
pub async fn complete(store: &Store, job: &Job) -> Result<()> {
    let gone = entity::job::Entity::delete_many()
        .filter(entity::job::Column::Id.eq(job.id.0))
        .filter(entity::job::Column::LeaseToken.eq(job.lease_token))
        .exec(store.db().write())
        .await?;
    if gone.rows_affected == 0 { release(store, job).await } else { Ok(()) }
}

/// The job is to run (again) at `run_at`. `error_code` says why, if it failed; without one it
/// did well and its attempts are counted from the start.
pub async fn postpone(
    store: &Store,
    job: &Job,
    run_at: DateTime<Utc>,
    error_code: Option<&str>,
) -> Result<()> {
    use entity::job::Column;
    let attempts = if error_code.is_some() { job.attempts } else { 0 };
    let changed = entity::job::Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(millis(run_at)))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::ErrorCode, Expr::value(error_code.map(ToOwned::to_owned)))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::LeaseToken, Expr::value(Option::<Uuid>::None))
        .filter(Column::Id.eq(job.id.0))
        .filter(Column::LeaseToken.eq(job.lease_token))
        .exec(store.db().write())
        .await?;
    if changed.rows_affected == 0 { release(store, job).await } else { Ok(()) }
}

/// Lets go of a job that was asked for again while it ran (which took its token away). If
/// somebody else has leased it meanwhile, it is theirs.
async fn release(store: &Store, job: &Job) -> Result<()> {
    use entity::job::Column;
    entity::job::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(Column::Id.eq(job.id.0))
        .filter(Column::LeaseToken.is_null())
        .exec(store.db().write())
        .await?;
    store.wake_workers();
    Ok(())
}

/// The condition that a worker takes a job; `None` when it takes nothing at all.
fn condition(takes: &Takes, values: &mut Vec<Value>) -> Option<String> {
    if takes.kinds.is_empty() {
        return None;
    }
    let mut place = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let kinds: Vec<String> = takes.kinds.iter().map(|kind| place((*kind).into())).collect();
    let mut sql = format!("kind IN ({})", kinds.join(", "));
    for (kind, subject) in &takes.busy {
        let (kind, subject) = (place((*kind).into()), place((*subject).into()));
        // A job without a subject is never busy: NOT (… = NULL) would be NULL.
        let free = format!("kind <> {kind} OR subject_id IS NULL OR subject_id <> {subject}");
        sql.extend([" AND (", &free, ")"]);
    }
    Some(sql)
}
