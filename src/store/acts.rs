//! What agents did with tickets, so that it can be undone: per ticket what was before and what came
//! of it, as ids, words and times. Kept for 30 days.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Result;
use super::removal::remove;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{
    ActId, ChannelId, MembershipId, MessageId, OrganizationId, TagId, TeamId, TicketId,
};
use crate::domain::words::{ActKind, Priority, Status};

/// A field before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step<T> {
    /// What it was.
    pub before: T,
    /// What it became.
    pub after: T,
}

/// A status before and after, with what hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusStep {
    /// What it was.
    pub before: Status,
    /// What it became.
    pub after: Status,
    /// When it had been closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Since when the customer had waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<DateTime<Utc>>,
    /// What it had been before it was thrown away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_before: Option<Status>,
}

/// What an act did to one ticket. Fields that it left alone are not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trace {
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusStep>,
    /// How urgent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Step<Priority>>,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Step<Option<MembershipId>>>,
    /// Which team works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Step<Option<TeamId>>>,
    /// Until when it sleeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Step<Option<DateTime<Utc>>>>,
    /// When it is deleted for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_at: Option<Step<Option<DateTime<Utc>>>>,
    /// The channel that it lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Step<ChannelId>>,
    /// Tags that were put on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_added: Vec<TagId>,
    /// Tags that were taken off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_removed: Vec<TagId>,
    /// The ticket whose messages it got or that got its messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// Messages that went from this ticket to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Where they are now.
    pub into: TicketId,
    /// Which.
    pub messages: Vec<MessageId>,
    /// Those that were only possibly related until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<MessageId>,
}

impl Trace {
    /// Whether nothing was done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An act.
#[derive(Debug, Clone)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// What was done.
    pub kind: ActKind,
    /// Who did it.
    pub by: MembershipId,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Adds an act; its tickets follow ([`add_tickets`]), perhaps in later transactions.
pub async fn add(tx: &Tx, organization_id: OrganizationId, act: &Act) -> Result<()> {
    entity::act::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(act.id.0),
        kind: Set(act.kind.as_str().to_owned()),
        membership_id: Set(act.by.0),
        at: Set(millis(act.at)),
        undone_at: Set(None),
        undone_by: Set(None),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Adds what the act did to these tickets.
pub async fn add_tickets(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ActId,
    traces: &[(TicketId, Trace)],
) -> Result<()> {
    let mut rows = Vec::with_capacity(traces.len());
    for (ticket, trace) in traces {
        rows.push(entity::act_ticket::ActiveModel {
            organization_id: Set(organization_id.0),
            act_id: Set(id.0),
            ticket_id: Set(ticket.0),
            trace: Set(serde_json::to_string(trace)?),
        });
    }
    for chunk in super::chunks(rows, 4) {
        entity::act_ticket::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

fn open(row: &entity::act::Model) -> Result<Act> {
    Ok(Act {
        id: ActId(row.id),
        kind: row.kind.parse()?,
        by: MembershipId(row.membership_id),
        at: from_millis(row.at),
        undone_at: row.undone_at.map(from_millis),
    })
}

/// The act, if there is one of that id.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: ActId,
) -> Result<Option<Act>> {
    let row =
        entity::act::Entity::find_by_id((organization_id.0, id.0)).one(store.db().write()).await?;
    row.as_ref().map(open).transpose()
}

/// What it did, by ticket.
pub async fn traces(
    store: &Store,
    organization_id: OrganizationId,
    id: ActId,
) -> Result<Vec<(TicketId, Trace)>> {
    use entity::act_ticket::Column;
    let rows: Vec<(Uuid, String)> = entity::act_ticket::Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::Trace])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ActId.eq(id.0))
        .order_by_asc(Column::TicketId)
        .into_tuple()
        .all(store.db().write())
        .await?;
    rows.into_iter()
        .map(|(ticket, trace)| Ok((TicketId(ticket), serde_json::from_str(&trace)?)))
        .collect()
}

/// On how many tickets each of these acts was.
pub async fn count_tickets(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[ActId],
) -> Result<HashMap<ActId, i64>> {
    use entity::act_ticket::Column;
    let rows: Vec<(Uuid, i64)> = entity::act_ticket::Entity::find()
        .select_only()
        .column(Column::ActId)
        .column_as(Column::TicketId.count(), "tickets")
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ActId.is_in(ids.iter().map(|id| id.0)))
        .group_by(Column::ActId)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (ActId(id), count)).collect())
}

/// Marks it as undone; false when somebody else was faster.
pub async fn set_undone(
    tx: &Tx,
    organization_id: OrganizationId,
    id: ActId,
    by: MembershipId,
) -> Result<bool> {
    use entity::act::Column;
    let changed = entity::act::Entity::update_many()
        .col_expr(Column::UndoneAt, Expr::value(Some(millis(tx.store().now()).0)))
        .col_expr(Column::UndoneBy, Expr::value(Some(by.0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::UndoneAt.is_null())
        .exec(tx.conn())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Forgets up to `limit` acts that are older; how many.
pub async fn prune(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let rows: Vec<(Uuid, Uuid)> = entity::act::Entity::find()
        .select_only()
        .columns([entity::act::Column::OrganizationId, entity::act::Column::Id])
        .filter(entity::act::Column::At.lt(millis(before)))
        .order_by_asc(entity::act::Column::At)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await?;
    for (organization, id) in &rows {
        let organization_id = OrganizationId(*organization);
        remove!(tx, act_ticket, organization_id, entity::act_ticket::Column::ActId.eq(*id));
        remove!(tx, act, organization_id, entity::act::Column::Id.eq(*id));
    }
    Ok(rows.len() as u64)
}
