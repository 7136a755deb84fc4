//! How long the mail of a channel is kept, which tickets are due, and what a run has removed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use uuid::Uuid;

use super::error::Result;
use super::purge_rows::Of;
use super::{Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, MembershipId, MessageId, OrganizationId, TicketId};
use crate::domain::retention::Rule;
use crate::domain::words::{LedgerState, Status};

/// A rule as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What it says.
    pub rule: Rule,
    /// Whether an admin has to confirm it before it removes anything.
    pub waits: bool,
    /// Who changed it last.
    pub changed_by: Option<MembershipId>,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// When it ran last.
    pub last_run_at: Option<DateTime<Utc>>,
    /// Rises with each change that somebody makes; 0 while the rule is the one that everybody has.
    pub version: i32,
}

/// The rule of a channel, if one was ever set.
pub async fn find(store: &Store, of: Of) -> Result<Option<Stored>> {
    let row = entity::retention::Entity::find_by_id((of.organization_id.0, of.channel_id.0))
        .one(store.db().read())
        .await?;
    row.map(|row| {
        Ok(Stored {
            rule: Rule {
                months: u32::try_from(row.months).unwrap_or(0),
                then: row.then_what.parse()?,
                spam_days: u32::try_from(row.spam_days).unwrap_or(0),
                trash_days: u32::try_from(row.trash_days).unwrap_or(0),
                quarantine_days: u32::try_from(row.quarantine_days).unwrap_or(0),
            },
            waits: row.waits,
            changed_by: row.changed_by.map(MembershipId),
            changed_at: from_millis(row.changed_at),
            last_run_at: row.last_run_at.map(from_millis),
            version: row.version,
        })
    })
    .transpose()
}

/// Keeps the rule that a channel has, unless it has one of its own already.
pub async fn ensure(tx: &Tx, of: Of, stored: &Stored) -> Result<()> {
    use entity::retention::{ActiveModel, Column, Entity};
    let Rule { months, then, spam_days, trash_days, quarantine_days } = stored.rule;
    let row = ActiveModel {
        organization_id: Set(of.organization_id.0),
        channel_id: Set(of.channel_id.0),
        months: Set(number(months)),
        then_what: Set(then.as_str().to_owned()),
        spam_days: Set(number(spam_days)),
        trash_days: Set(number(trash_days)),
        quarantine_days: Set(number(quarantine_days)),
        waits: Set(stored.waits),
        changed_by: Set(stored.changed_by.map(|id| id.0)),
        changed_at: Set(millis(stored.changed_at)),
        last_run_at: Set(None),
        version: Set(stored.version),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::ChannelId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Changes the rule of a channel that has one of its own ([`ensure`]).
pub async fn update(tx: &Tx, of: Of, rule: &Rule, waits: bool, by: MembershipId) -> Result<()> {
    use entity::retention::{ActiveModel, Column, Entity};
    Entity::update_many()
        .set(ActiveModel {
            months: Set(number(rule.months)),
            then_what: Set(rule.then.as_str().to_owned()),
            spam_days: Set(number(rule.spam_days)),
            trash_days: Set(number(rule.trash_days)),
            quarantine_days: Set(number(rule.quarantine_days)),
            waits: Set(waits),
            changed_by: Set(Some(by.0)),
            changed_at: Set(millis(tx.store().now())),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::ChannelId.eq(of.channel_id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// It waits for an admin's word.
pub async fn set_waits(tx: &Tx, of: Of) -> Result<()> {
    use entity::retention::Column;
    entity::retention::Entity::update_many()
        .col_expr(Column::Waits, Expr::value(true))
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::ChannelId.eq(of.channel_id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// It ran now.
pub async fn set_run(tx: &Tx, of: Of) -> Result<()> {
    use entity::retention::Column;
    entity::retention::Entity::update_many()
        .col_expr(Column::LastRunAt, Expr::value(Some(millis(tx.store().now()).0)))
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::ChannelId.eq(of.channel_id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Why a ticket's time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Its last message is older than this.
    Age(DateTime<Utc>),
    /// It has been spam or trash since before this.
    Status(Status, DateTime<Utc>),
}

fn due(of: Of, due: Due) -> Condition {
    use entity::ticket::Column;
    let of = Condition::all()
        .add(Column::OrganizationId.eq(of.organization_id.0))
        .add(Column::ChannelId.eq(of.channel_id.0))
        .add(Column::ExemptAt.is_null())
        .add(Column::IsHeld.eq(false))
        .add(Column::AnonymizedAt.is_null());
    match due {
        Due::Age(before) => of.add(Column::LastMessageAt.lt(millis(before))),
        Due::Status(status, before) => {
            of.add(Column::Status.eq(status.as_str())).add(Column::StatusAt.lt(millis(before)))
        }
    }
}

/// The tickets whose time is over, after `after`, and since when that counts, the oldest first.
pub async fn due_tickets(
    store: &Store,
    of: Of,
    why: Due,
    after: Option<(DateTime<Utc>, TicketId)>,
    limit: u64,
) -> Result<Vec<(TicketId, DateTime<Utc>)>> {
    use entity::ticket::Column;
    // In the order of the index that finds them: in another, all tickets would be gone through.
    let since = match why {
        Due::Age(_) => Column::LastMessageAt,
        Due::Status(..) => Column::StatusAt,
    };
    let mut query = entity::ticket::Entity::find()
        .select_only()
        .columns([Column::Id, since])
        .filter(due(of, why));
    if let Some((at, id)) = after {
        let at = millis(at);
        query = query.filter(
            Condition::any()
                .add(since.gt(at))
                .add(Condition::all().add(since.eq(at)).add(Column::Id.gt(id.0))),
        );
    }
    let rows: Vec<(Uuid, entity::UnixMillis)> = query
        .order_by_asc(since)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(id, at)| (TicketId(id), from_millis(at))).collect())
}

/// How many tickets are due.
pub async fn count_due(store: &Store, of: Of, why: Due) -> Result<u64> {
    Ok(entity::ticket::Entity::find().filter(due(of, why)).count(store.db().read()).await?)
}

/// The numbers of tickets that are not closed and become due before `before`, the oldest first.
pub async fn open_and_due(
    store: &Store,
    of: Of,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<(i64, DateTime<Utc>)>> {
    use entity::ticket::Column;
    let open = [Status::Open, Status::Pending, Status::OnHold].map(Status::as_str);
    let rows: Vec<(i64, entity::UnixMillis)> = entity::ticket::Entity::find()
        .select_only()
        .columns([Column::Number, Column::LastMessageAt])
        .filter(due(of, Due::Age(before)))
        .filter(Column::Status.is_in(open))
        .order_by_asc(Column::LastMessageAt)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(number, at)| (number, from_millis(at))).collect())
}

/// Quarantined mail that was seen before `before`: line of the ledger and raw mail.
pub async fn due_quarantined(
    store: &Store,
    of: Of,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<(Uuid, Option<MessageId>)>> {
    use entity::ledger::Column;
    let rows: Vec<(Uuid, Option<Uuid>)> = entity::ledger::Entity::find()
        .select_only()
        .columns([Column::Id, Column::MessageId])
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::ChannelId.eq(of.channel_id.0))
        .filter(Column::State.eq(LedgerState::Quarantined.as_str()))
        .filter(Column::SeenAt.lt(millis(before)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows.into_iter().map(|(id, message)| (id, message.map(MessageId))).collect())
}

/// A quarantined mail is gone; its line stays, so that it does not come in again.
pub async fn bury_line(tx: &Tx, organization_id: OrganizationId, id: Uuid) -> Result<()> {
    use entity::ledger::Column;
    entity::ledger::Entity::update_many()
        .col_expr(Column::State, Expr::value(LedgerState::Tombstone.as_str()))
        .col_expr(Column::MessageId, Expr::value(None::<Uuid>))
        .col_expr(Column::IdBlind, Expr::value(None::<Vec<u8>>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// What one run has removed from a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Tickets that were deleted for their age.
    pub deleted: i64,
    /// Tickets that were made anonymous.
    pub anonymized: i64,
    /// Spam.
    pub spam: i64,
    /// Trash.
    pub trash: i64,
    /// Quarantined mail.
    pub quarantined: i64,
    /// Tickets that a hold has kept.
    pub held: i64,
}

/// A line of the log.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// When.
    pub at: DateTime<Utc>,
    /// What was removed.
    pub removed: Removed,
}

/// Writes a line of the log.
pub async fn add_run(tx: &Tx, of: Of, removed: Removed) -> Result<()> {
    entity::retention_run::ActiveModel {
        organization_id: Set(of.organization_id.0),
        id: Set(tx.store().new_id()),
        channel_id: Set(of.channel_id.0),
        at: Set(millis(tx.store().now())),
        deleted: Set(removed.deleted),
        anonymized: Set(removed.anonymized),
        spam: Set(removed.spam),
        trash: Set(removed.trash),
        quarantined: Set(removed.quarantined),
        held: Set(removed.held),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// The log of a channel, the newest first.
pub async fn list_runs(store: &Store, of: Of, limit: u64) -> Result<Vec<Run>> {
    use entity::retention_run::Column;
    let rows = entity::retention_run::Entity::find()
        .filter(Column::OrganizationId.eq(of.organization_id.0))
        .filter(Column::ChannelId.eq(of.channel_id.0))
        .order_by_desc(Column::At)
        .limit(limit)
        .all(store.db().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Run {
            at: from_millis(row.at),
            removed: Removed {
                deleted: row.deleted,
                anonymized: row.anonymized,
                spam: row.spam,
                trash: row.trash,
                quarantined: row.quarantined,
                held: row.held,
            },
        })
        .collect())
}

/// Sent and failed answers that were written before `before` lose their record of delivery.
pub async fn remove_deliveries(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    use entity::outbox::Column;
    let ended = ["sent", "failed", "cancelled"];
    let rows: Vec<(Uuid, Uuid)> = entity::outbox::Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id])
        .filter(Column::CreatedAt.lt(millis(before)))
        .filter(Column::State.is_in(ended))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let mut of: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (organization, id) in rows {
        of.entry(organization).or_default().push(id);
    }
    let mut removed = 0;
    for (organization, ids) in of {
        removed += entity::outbox::Entity::delete_many()
            .filter(Column::OrganizationId.eq(organization))
            .filter(Column::Id.is_in(ids))
            .exec(tx.conn())
            .await?
            .rows_affected;
    }
    Ok(removed)
}

/// The channels of all organizations that have mail to keep.
pub async fn channels(store: &Store) -> Result<Vec<Of>> {
    use entity::mailbox::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::mailbox::Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::ChannelId])
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(organization, channel)| Of {
            organization_id: OrganizationId(organization),
            channel_id: ChannelId(channel),
        })
        .collect())
}
