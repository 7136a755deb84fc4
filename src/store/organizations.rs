//! Organizations and the numbers that they give out.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::OrganizationId;

/// An organization.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// An IANA time zone, such as `Europe/Amsterdam`.
    pub time_zone: String,
    /// Its key in the keyring.
    pub key_id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change that somebody makes.
    pub version: i32,
}

impl From<entity::organization::Model> for Organization {
    fn from(row: entity::organization::Model) -> Self {
        Self {
            id: OrganizationId(row.id),
            name: row.name,
            time_zone: row.time_zone,
            key_id: row.key_id,
            created_at: from_millis(row.created_at),
            version: row.version,
        }
    }
}

/// Adds an organization whose key is in the keyring already.
pub async fn add(tx: &Tx, organization: &Organization) -> Result<()> {
    entity::organization::ActiveModel {
        id: Set(organization.id.0),
        name: Set(organization.name.clone()),
        time_zone: Set(organization.time_zone.clone()),
        key_id: Set(organization.key_id),
        created_at: Set(millis(organization.created_at)),
        closed_at: Set(None),
        version: Set(organization.version),
    }
    .insert(tx.conn())
    .await?;
    entity::organization_counter::ActiveModel {
        organization_id: Set(organization.id.0),
        tickets: Set(0),
        events: Set(0),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The organization, if there is one of that id.
pub async fn find(store: &Store, id: OrganizationId) -> Result<Option<Organization>> {
    let row = entity::organization::Entity::find_by_id(id.0).one(store.db().read()).await?;
    Ok(row.map(Organization::from))
}

/// All organizations that are not closed, oldest first.
pub async fn list(store: &Store) -> Result<Vec<Organization>> {
    let rows = entity::organization::Entity::find()
        .filter(entity::organization::Column::ClosedAt.is_null())
        .order_by_asc(entity::organization::Column::CreatedAt)
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(Organization::from).collect())
}

/// Whether there is any organization yet.
pub async fn exists(store: &Store) -> Result<bool> {
    let row = entity::organization::Entity::find()
        .select_only()
        .column(entity::organization::Column::Id)
        .into_tuple::<Uuid>()
        .one(store.db().read())
        .await?;
    Ok(row.is_some())
}

/// Changes name and time zone.
pub async fn update(tx: &Tx, id: OrganizationId, name: &str, time_zone: &str) -> Result<()> {
    let changed = entity::organization::Entity::update_many()
        .col_expr(entity::organization::Column::Name, name.into())
        .col_expr(entity::organization::Column::TimeZone, time_zone.into())
        .filter(entity::organization::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Takes the next `count` ticket numbers; returns the first of them.
pub async fn take_ticket_numbers(tx: &Tx, id: OrganizationId, count: i64) -> Result<i64> {
    Ok(take_numbers(tx.conn(), id, "tickets", count).await? - count + 1)
}

/// One after the other, until the end of the transaction: for what no unique index can tell apart.
pub(super) async fn lock(tx: &Tx, id: OrganizationId) -> Result<()> {
    take_numbers(tx.conn(), id, "tickets", 0).await.map(|_| ())
}

/// Moves a counter on by `count` and returns its new value; the row is locked until commit.
pub(super) async fn take_numbers(
    conn: &impl ConnectionTrait,
    id: OrganizationId,
    counter: &'static str,
    count: i64,
) -> Result<i64> {
    let sql = format!(
        "UPDATE organization_counter SET {counter} = {counter} + $1 \
         WHERE organization_id = $2 RETURNING {counter} AS value"
    );
    let statement = Statement::from_sql_and_values(
        conn.get_database_backend(),
        sql,
        [count.into(), id.0.into()],
    );
    let row = conn.query_one_raw(statement).await?.ok_or(StoreError::Corrupt {
        table: "organization_counter",
        what: "an organization without a counter",
    })?;
    Ok(row.try_get("", "value")?)
}
