//! Purges: how far the data of a disconnected mailbox is on its way out. What they remove is in
//! [`super::purge_rows`].

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, PurgeId};
use crate::domain::words::{Provider, PurgeCause, PurgeState};

/// How much there is of each kind; what a statement tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Tickets that live in the mailbox.
    pub tickets: i64,
    /// Messages that came or went by it, notes beside them included.
    pub messages: i64,
    /// Files of those messages.
    pub attachments: i64,
    /// Customers who appear nowhere else.
    pub contacts: i64,
    /// Mails as they went over the wire, those that became no message included.
    pub originals: i64,
    /// Answers of the outbox, sent and unsent.
    pub answers: i64,
    /// Unfinished answers.
    pub drafts: i64,
    /// Lines of the ledger of seen mail.
    pub ledger_lines: i64,
    /// The oldest message, milliseconds since 1970.
    pub oldest: Option<i64>,
    /// The newest message.
    pub newest: Option<i64>,
}

/// A purge.
#[derive(Debug, Clone)]
pub struct Purge {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: PurgeId,
    /// The channel whose data goes.
    pub channel_id: ChannelId,
    /// Where the mailbox lived.
    pub provider: Provider,
    /// How far it is.
    pub state: PurgeState,
    /// Why.
    pub cause: PurgeCause,
    /// Who asked for it, if a person did.
    pub requested_by: Option<MembershipId>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When the window ends in which it can be undone.
    pub due_at: DateTime<Utc>,
    /// Who asked for it before that.
    pub early_by: Option<MembershipId>,
    /// When they did.
    pub early_at: Option<DateTime<Utc>>,
    /// The second admin who agreed.
    pub early_confirmed_by: Option<MembershipId>,
    /// When everything was counted.
    pub planned_at: Option<DateTime<Utc>>,
    /// When the keys died.
    pub keys_destroyed_at: Option<DateTime<Utc>>,
    /// When nothing was left.
    pub finished_at: Option<DateTime<Utc>>,
    /// What there was.
    pub counts: Counts,
    /// Messages that are gone already.
    pub removed: i64,
    /// Why the last run failed, as a stable word.
    pub error_code: Option<String>,
    read: PurgeState,
}

impl TryFrom<entity::purge::Model> for Purge {
    type Error = StoreError;

    fn try_from(row: entity::purge::Model) -> Result<Self> {
        let state: PurgeState = row.state.parse()?;
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: PurgeId(row.id),
            channel_id: ChannelId(row.channel_id),
            provider: row.provider.parse()?,
            state,
            cause: row.cause.parse()?,
            requested_by: row.requested_by.map(MembershipId),
            requested_at: from_millis(row.requested_at),
            due_at: from_millis(row.due_at),
            early_by: row.early_by.map(MembershipId),
            early_at: row.early_at.map(from_millis),
            early_confirmed_by: row.early_confirmed_by.map(MembershipId),
            planned_at: row.planned_at.map(from_millis),
            keys_destroyed_at: row.keys_destroyed_at.map(from_millis),
            finished_at: row.finished_at.map(from_millis),
            counts: serde_json::from_str(&row.counts)?,
            removed: row.removed,
            error_code: row.error_code,
            read: state,
        })
    }
}

impl Purge {
    /// Writes it back. [`StoreError::Stale`] when its state has changed since it was read.
    pub async fn save(&self, tx: &Tx) -> Result<()> {
        use entity::purge::{ActiveModel, Column, Entity};
        let changed = Entity::update_many()
            .set(ActiveModel {
                state: Set(self.state.as_str().to_owned()),
                cause: Set(self.cause.as_str().to_owned()),
                due_at: Set(millis(self.due_at)),
                early_by: Set(self.early_by.map(|id| id.0)),
                early_at: Set(self.early_at.map(millis)),
                early_confirmed_by: Set(self.early_confirmed_by.map(|id| id.0)),
                planned_at: Set(self.planned_at.map(millis)),
                keys_destroyed_at: Set(self.keys_destroyed_at.map(millis)),
                finished_at: Set(self.finished_at.map(millis)),
                counts: Set(serde_json::to_string(&self.counts)?),
                error_code: Set(self.error_code.clone()),
                ..Default::default()
            })
            .filter(Column::OrganizationId.eq(self.organization_id.0))
            .filter(Column::Id.eq(self.id.0))
            .filter(Column::State.eq(self.read.as_str()))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// A new one, to be added.
    #[must_use]
    pub fn new(
        (organization_id, channel_id): (OrganizationId, ChannelId),
        id: PurgeId,
        provider: Provider,
        cause: PurgeCause,
        requested_by: Option<MembershipId>,
        (requested_at, due_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Self {
        Self {
            organization_id,
            id,
            channel_id,
            provider,
            state: PurgeState::Countdown,
            cause,
            requested_by,
            requested_at,
            due_at,
            early_by: None,
            early_at: None,
            early_confirmed_by: None,
            planned_at: None,
            keys_destroyed_at: None,
            finished_at: None,
            counts: Counts::default(),
            removed: 0,
            error_code: None,
            read: PurgeState::Countdown,
        }
    }
}

/// Adds a purge. [`StoreError::Duplicate`] when the channel has one.
pub async fn add(tx: &Tx, purge: &Purge) -> Result<()> {
    entity::purge::ActiveModel {
        organization_id: Set(purge.organization_id.0),
        id: Set(purge.id.0),
        channel_id: Set(purge.channel_id.0),
        provider: Set(purge.provider.as_str().to_owned()),
        state: Set(purge.state.as_str().to_owned()),
        cause: Set(purge.cause.as_str().to_owned()),
        requested_by: Set(purge.requested_by.map(|id| id.0)),
        requested_at: Set(millis(purge.requested_at)),
        due_at: Set(millis(purge.due_at)),
        early_by: Set(None),
        early_at: Set(None),
        early_confirmed_by: Set(None),
        planned_at: Set(None),
        keys_destroyed_at: Set(None),
        finished_at: Set(None),
        told_at: Set(None),
        counts: Set(serde_json::to_string(&purge.counts)?),
        removed: Set(0),
        error_code: Set(None),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The purge of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: PurgeId,
) -> Result<Option<Purge>> {
    entity::purge::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?
        .map(Purge::try_from)
        .transpose()
}

/// The purge of a channel that was not undone.
pub async fn find_of_channel(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Option<Purge>> {
    use entity::purge::Column;
    entity::purge::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::State.ne(PurgeState::Undone.as_str()))
        .one(store.db().read())
        .await?
        .map(Purge::try_from)
        .transpose()
}

/// The purge as the transaction sees it, and locked until its end.
pub async fn lock(tx: &Tx, organization_id: OrganizationId, id: PurgeId) -> Result<Option<Purge>> {
    entity::purge::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?
        .map(Purge::try_from)
        .transpose()
}

/// The purges of an organization, the newest first.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<Purge>> {
    use entity::purge::Column;
    entity::purge::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(Column::RequestedAt)
        .order_by_desc(Column::Id)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Purge::try_from)
        .collect()
}

/// Those of all organizations that are neither done nor undone, the most urgent first.
pub async fn list_open(store: &Store) -> Result<Vec<Purge>> {
    use entity::purge::Column;
    let ended = [PurgeState::Done, PurgeState::Undone].map(PurgeState::as_str);
    entity::purge::Entity::find()
        .filter(Column::State.is_not_in(ended))
        .order_by_asc(Column::DueAt)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Purge::try_from)
        .collect()
}

/// So many messages more are gone.
pub async fn add_removed(tx: &Tx, purge: &Purge, messages: i64) -> Result<()> {
    use entity::purge::Column;
    entity::purge::Entity::update_many()
        .col_expr(Column::Removed, Expr::col(Column::Removed).add(messages))
        .filter(Column::OrganizationId.eq(purge.organization_id.0))
        .filter(Column::Id.eq(purge.id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Those of these purges about which nobody was told since `before`, told of now.
pub async fn set_told(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[PurgeId],
    (before, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<u64> {
    use entity::purge::Column;
    let told = entity::purge::Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(Some(millis(now).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::ToldAt.is_null().or(Column::ToldAt.lte(millis(before))))
        .exec(tx.conn())
        .await?;
    Ok(told.rows_affected)
}

/// A statement of deletion as it is stored.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: Uuid,
    /// The purge that it tells of.
    pub purge_id: PurgeId,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// The signed JSON, byte for byte.
    pub body: String,
    /// The key that signed.
    pub signing_key_id: Uuid,
    /// Ed25519, 64 bytes.
    pub signature: Vec<u8>,
}

impl From<entity::deletion_statement::Model> for Statement {
    fn from(row: entity::deletion_statement::Model) -> Self {
        Self {
            organization_id: OrganizationId(row.organization_id),
            id: row.id,
            purge_id: PurgeId(row.purge_id),
            at: from_millis(row.at),
            body: row.body,
            signing_key_id: row.signing_key_id,
            signature: row.signature,
        }
    }
}

/// Adds a statement. [`StoreError::Duplicate`] when the purge has one.
pub async fn add_statement(tx: &Tx, statement: &Statement) -> Result<()> {
    entity::deletion_statement::ActiveModel {
        organization_id: Set(statement.organization_id.0),
        id: Set(statement.id),
        purge_id: Set(statement.purge_id.0),
        at: Set(millis(statement.at)),
        body: Set(statement.body.clone()),
        signing_key_id: Set(statement.signing_key_id),
        signature: Set(statement.signature.clone()),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The statement of that id.
pub async fn find_statement(
    store: &Store,
    organization_id: OrganizationId,
    id: Uuid,
) -> Result<Option<Statement>> {
    let row = entity::deletion_statement::Entity::find_by_id((organization_id.0, id))
        .one(store.db().read())
        .await?;
    Ok(row.map(Statement::from))
}

/// The statements of an organization, the newest first.
pub async fn list_statements(
    store: &Store,
    organization_id: OrganizationId,
) -> Result<Vec<Statement>> {
    use entity::deletion_statement::Column;
    let rows = entity::deletion_statement::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(Statement::from).collect())
}
