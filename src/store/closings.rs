//! Closing an organization: how far it is. What it removes is in [`super::closing_rows`].

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::purges::{self, Counts, Statement};
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ClosingId, MembershipId, OrganizationId, ParcelId, PurgeId};
use crate::domain::words::ClosingState;

/// How much there is of each kind; what the statement tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// What its mailboxes have.
    #[serde(flatten)]
    pub mail: Counts,
    /// Mailboxes.
    pub mailboxes: i64,
    /// Users.
    pub users: i64,
}

/// The closing of an organization.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Which organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: ClosingId,
    /// How far it is.
    pub state: ClosingState,
    /// The owner who asked.
    pub asked_by: MembershipId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When they confirmed it by their mail.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The second owner who confirmed it.
    pub second_by: Option<MembershipId>,
    /// When.
    pub second_at: Option<DateTime<Utc>>,
    /// The export of all of it.
    pub export_id: ParcelId,
    /// When that was ready.
    pub exported_at: Option<DateTime<Utc>>,
    /// When one was last downloaded.
    pub downloaded_at: Option<DateTime<Utc>>,
    /// When the window began.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub due_at: Option<DateTime<Utc>>,
    /// When everything was counted.
    pub planned_at: Option<DateTime<Utc>>,
    /// When the key died.
    pub keys_destroyed_at: Option<DateTime<Utc>>,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// What there was.
    pub counts: Totals,
    /// The id that the statement will have.
    pub statement_id: Uuid,
    /// The organization's key.
    pub key_id: Uuid,
    /// The organization's name.
    pub name: String,
    /// Why it waits, as a stable word.
    pub error_code: Option<String>,
    read: Option<ClosingState>,
}

impl TryFrom<entity::closing::Model> for Closing {
    type Error = StoreError;

    fn try_from(row: entity::closing::Model) -> Result<Self> {
        let state: ClosingState = row.state.parse()?;
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: ClosingId(row.id),
            state,
            asked_by: MembershipId(row.asked_by),
            asked_at: from_millis(row.asked_at),
            confirmed_at: row.confirmed_at.map(from_millis),
            second_by: row.second_by.map(MembershipId),
            second_at: row.second_at.map(from_millis),
            export_id: ParcelId(row.export_id),
            exported_at: row.exported_at.map(from_millis),
            downloaded_at: row.downloaded_at.map(from_millis),
            begun_at: row.begun_at.map(from_millis),
            due_at: row.due_at.map(from_millis),
            planned_at: row.planned_at.map(from_millis),
            keys_destroyed_at: row.keys_destroyed_at.map(from_millis),
            finished_at: row.finished_at.map(from_millis),
            counts: serde_json::from_str(&row.counts)?,
            statement_id: row.statement_id,
            key_id: row.key_id,
            name: row.name,
            error_code: row.error_code,
            read: Some(state),
        })
    }
}

impl Closing {
    /// A new one, to be added.
    #[must_use]
    pub fn new(
        organization: &super::organizations::Organization,
        (id, statement_id, export_id): (ClosingId, Uuid, ParcelId),
        asked_by: MembershipId,
        asked_at: DateTime<Utc>,
    ) -> Self {
        Self {
            organization_id: organization.id,
            id,
            state: ClosingState::Asked,
            asked_by,
            asked_at,
            confirmed_at: None,
            second_by: None,
            second_at: None,
            export_id,
            exported_at: None,
            downloaded_at: None,
            begun_at: None,
            due_at: None,
            planned_at: None,
            keys_destroyed_at: None,
            finished_at: None,
            counts: Totals::default(),
            statement_id,
            key_id: organization.key_id,
            name: organization.name.clone(),
            error_code: None,
            read: None,
        }
    }

    fn row(&self) -> Result<entity::closing::ActiveModel> {
        Ok(entity::closing::ActiveModel {
            organization_id: Set(self.organization_id.0),
            id: Set(self.id.0),
            state: Set(self.state.as_str().to_owned()),
            asked_by: Set(self.asked_by.0),
            asked_at: Set(millis(self.asked_at)),
            confirmed_at: Set(self.confirmed_at.map(millis)),
            second_by: Set(self.second_by.map(|id| id.0)),
            second_at: Set(self.second_at.map(millis)),
            export_id: Set(self.export_id.0),
            exported_at: Set(self.exported_at.map(millis)),
            downloaded_at: Set(self.downloaded_at.map(millis)),
            begun_at: Set(self.begun_at.map(millis)),
            due_at: Set(self.due_at.map(millis)),
            planned_at: Set(self.planned_at.map(millis)),
            keys_destroyed_at: Set(self.keys_destroyed_at.map(millis)),
            finished_at: Set(self.finished_at.map(millis)),
            counts: Set(serde_json::to_string(&self.counts)?),
            statement_id: Set(self.statement_id),
            key_id: Set(self.key_id),
            name: Set(self.name.clone()),
            error_code: Set(self.error_code.clone()),
        })
    }

    /// Writes it back. [`StoreError::Stale`] when its state has changed since it was read.
    pub async fn save(&self, tx: &Tx) -> Result<()> {
        use entity::closing::{Column, Entity};
        let changed = Entity::update_many()
            .set(self.row()?)
            .filter(Column::OrganizationId.eq(self.organization_id.0))
            .filter(Column::Id.eq(self.id.0))
            .filter(Column::State.eq(self.read.unwrap_or(self.state).as_str()))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Whether it is neither done nor undone.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, ClosingState::Done | ClosingState::Undone)
    }
}

/// Adds one. [`StoreError::Duplicate`] when the organization is being closed already.
pub async fn add(tx: &Tx, closing: &Closing) -> Result<()> {
    closing.row()?.insert(tx.conn()).await?;
    Ok(())
}

/// The one of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ClosingId,
) -> Result<Option<Closing>> {
    entity::closing::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?
        .map(Closing::try_from)
        .transpose()
}

/// The one of that id as the transaction sees it, and locked until its end.
pub async fn lock(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ClosingId,
) -> Result<Option<Closing>> {
    entity::closing::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .map(Closing::try_from)
        .transpose()
}

fn open() -> sea_orm::Condition {
    use entity::closing::Column;
    let ended = [ClosingState::Undone, ClosingState::Done].map(ClosingState::as_str);
    sea_orm::Condition::all().add(Column::State.is_not_in(ended))
}

/// The one of an organization that is neither done nor undone.
pub async fn find_open(store: &Store, organization_id: OrganizationId) -> Result<Option<Closing>> {
    entity::closing::Entity::find()
        .filter(entity::closing::Column::OrganizationId.eq(organization_id.0))
        .filter(open())
        .one(store.db().write())
        .await?
        .map(Closing::try_from)
        .transpose()
}

/// As [`find_open`], as the transaction sees it: it holds the one writer that there is.
pub async fn find_open_in(tx: &Tx, organization_id: OrganizationId) -> Result<Option<Closing>> {
    entity::closing::Entity::find()
        .filter(entity::closing::Column::OrganizationId.eq(organization_id.0))
        .filter(open())
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .map(Closing::try_from)
        .transpose()
}

/// Those of all organizations that are neither done nor undone.
pub async fn list_open(store: &Store) -> Result<Vec<Closing>> {
    entity::closing::Entity::find()
        .filter(open())
        .all(store.db().write())
        .await?
        .into_iter()
        .map(Closing::try_from)
        .collect()
}

/// The statement of an organization that is gone, for who knows its id.
pub async fn find_statement(store: &Store, id: Uuid) -> Result<Option<Statement>> {
    use entity::closing::Column;
    let row = entity::closing::Entity::find()
        .filter(Column::StatementId.eq(id))
        .filter(Column::State.eq(ClosingState::Done.as_str()))
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    purges::find_statement(store, OrganizationId(row.organization_id), id).await
}

/// Every statement that this server has signed, the newest first. For the operator.
pub async fn list_statements(store: &Store) -> Result<Vec<Statement>> {
    use sea_orm::QueryOrder as _;
    let rows = entity::deletion_statement::Entity::find()
        .order_by_desc(entity::deletion_statement::Column::At)
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(Statement::from).collect())
}

/// As what a closing signs its statement: it stands where a purge's id does.
#[must_use]
pub fn as_purge(id: ClosingId) -> PurgeId {
    PurgeId(id.0)
}
