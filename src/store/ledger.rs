//! The mail ledger: one line for every mail that was ever seen at the provider.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Scope, Store, Tx, from_millis, millis};
use crate::domain::ids::{ChannelId, FolderId, LedgerId, MessageId, OrganizationId};
use crate::domain::words::LedgerState;

/// As many mails are fetched again in one go.
const WANTED_AT_ONCE: u64 = 100;

/// A line of the ledger.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: LedgerId,
    /// The mailbox.
    pub channel_id: ChannelId,
    /// The folder.
    pub folder_id: FolderId,
    /// The folder's UIDVALIDITY when it was seen.
    pub uid_validity: i64,
    /// The mail's UID.
    pub uid: i64,
    /// What became of it.
    pub state: LedgerState,
    /// Why, as a stable word.
    pub reason: Option<String>,
    /// The id that its message has or would have; names its raw mail too.
    pub message_id: Option<MessageId>,
    /// Blind hash of the content, under the channel's key.
    pub content_blind: Option<Vec<u8>>,
    /// Blind of its Message-ID, as long as it is left out and its raw mail is kept.
    pub id_blind: Option<Vec<u8>>,
    /// How often it was tried.
    pub attempts: i32,
    /// Whether it was there before the mailbox was connected.
    pub is_history: bool,
    /// When the provider received it.
    pub received_at: Option<DateTime<Utc>>,
    /// When Loket saw it.
    pub seen_at: DateTime<Utc>,
}

impl TryFrom<entity::ledger::Model> for Entry {
    type Error = StoreError;

    fn try_from(row: entity::ledger::Model) -> Result<Self> {
        Ok(Self {
            organization_id: OrganizationId(row.organization_id),
            id: LedgerId(row.id),
            channel_id: ChannelId(row.channel_id),
            folder_id: FolderId(row.folder_id),
            uid_validity: row.uid_validity,
            uid: row.uid,
            state: row.state.parse()?,
            reason: row.reason,
            message_id: row.message_id.map(MessageId),
            content_blind: row.content_blind,
            id_blind: row.id_blind,
            attempts: row.attempts,
            is_history: row.is_history,
            received_at: row.received_at.map(from_millis),
            seen_at: from_millis(row.seen_at),
        })
    }
}

/// Adds lines.
pub async fn add(tx: &Tx, entries: &[Entry]) -> Result<()> {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| entity::ledger::ActiveModel {
            organization_id: Set(entry.organization_id.0),
            id: Set(entry.id.0),
            channel_id: Set(entry.channel_id.0),
            folder_id: Set(entry.folder_id.0),
            uid_validity: Set(entry.uid_validity),
            uid: Set(entry.uid),
            state: Set(entry.state.as_str().to_owned()),
            reason: Set(entry.reason.clone()),
            message_id: Set(entry.message_id.map(|id| id.0)),
            content_blind: Set(entry.content_blind.clone()),
            id_blind: Set(entry.id_blind.clone()),
            attempts: Set(entry.attempts),
            is_history: Set(entry.is_history),
            received_at: Set(entry.received_at.map(millis)),
            seen_at: Set(millis(entry.seen_at)),
        })
        .collect();
    for chunk in super::chunks(rows, 15) {
        entity::ledger::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Which of these UIDs the ledger has already, but for those that are to be fetched again.
pub async fn known_uids(
    store: &Store,
    organization_id: OrganizationId,
    folder_id: FolderId,
    uid_validity: i64,
    uids: &[i64],
) -> Result<HashSet<i64>> {
    use entity::ledger::Column;
    let mut known = HashSet::new();
    for chunk in uids.chunks(500) {
        let found: Vec<i64> = entity::ledger::Entity::find()
            .select_only()
            .column(Column::Uid)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::FolderId.eq(folder_id.0))
            .filter(Column::UidValidity.eq(uid_validity))
            .filter(Column::Uid.is_in(chunk.iter().copied()))
            .filter(is_wanted().not())
            .into_tuple()
            .all(store.db().read())
            .await?;
        known.extend(found);
    }
    Ok(known)
}

/// What became of the mails of a folder with UIDs in this range.
pub async fn states_between(
    store: &Store,
    organization_id: OrganizationId,
    folder_id: FolderId,
    uid_validity: i64,
    uids: RangeInclusive<i64>,
) -> Result<HashMap<i64, LedgerState>> {
    use entity::ledger::Column;
    let rows: Vec<(i64, String)> = entity::ledger::Entity::find()
        .select_only()
        .column(Column::Uid)
        .column(Column::State)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::FolderId.eq(folder_id.0))
        .filter(Column::UidValidity.eq(uid_validity))
        .filter(Column::Uid.between(*uids.start(), *uids.end()))
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter().map(|(uid, state)| Ok((uid, state.parse()?))).collect()
}

/// The lowest UID of a folder that the ledger knows.
pub async fn lowest_uid(
    store: &Store,
    organization_id: OrganizationId,
    folder_id: FolderId,
    uid_validity: i64,
) -> Result<Option<i64>> {
    use entity::ledger::Column;
    Ok(entity::ledger::Entity::find()
        .select_only()
        .column(Column::Uid)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::FolderId.eq(folder_id.0))
        .filter(Column::UidValidity.eq(uid_validity))
        .order_by_asc(Column::Uid)
        .limit(1)
        .into_tuple()
        .one(store.db().read())
        .await?)
}

/// A line that waits to be fetched again: there is nothing stored to take up.
fn is_wanted() -> Condition {
    use entity::ledger::Column;
    Condition::all()
        .add(Column::State.eq(LedgerState::Pending.as_str()))
        .add(Column::MessageId.is_null())
}

/// Has a mail fetched again that was never stored.
pub async fn want(tx: &Tx, organization_id: OrganizationId, id: LedgerId) -> Result<()> {
    set_state(tx, organization_id, &[id], LedgerState::Pending, None).await
}

/// The UIDs of a folder that are to be fetched again, smallest first.
pub async fn list_wanted(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    folder_id: FolderId,
    uid_validity: i64,
) -> Result<Vec<i64>> {
    use entity::ledger::Column;
    Ok(entity::ledger::Entity::find()
        .select_only()
        .column(Column::Uid)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::FolderId.eq(folder_id.0))
        .filter(Column::UidValidity.eq(uid_validity))
        .filter(is_wanted())
        .order_by_asc(Column::Uid)
        .limit(WANTED_AT_ONCE)
        .into_tuple()
        .all(store.db().read())
        .await?)
}

/// Removes the lines of those of these UIDs that were fetched again, to make room for new ones.
pub async fn remove_wanted(
    tx: &Tx,
    organization_id: OrganizationId,
    folder_id: FolderId,
    uid_validity: i64,
    uids: &[i64],
) -> Result<()> {
    use entity::ledger::Column;
    for chunk in uids.chunks(500) {
        entity::ledger::Entity::delete_many()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::FolderId.eq(folder_id.0))
            .filter(Column::UidValidity.eq(uid_validity))
            .filter(Column::Uid.is_in(chunk.iter().copied()))
            .filter(is_wanted())
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// The content that the mailbox has already, or must never have again (a tombstone), with the
/// message that was made of it.
pub async fn known_contents(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    blinds: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, (LedgerState, Option<MessageId>)>> {
    use entity::ledger::Column;
    let mut known = HashMap::new();
    for chunk in blinds.chunks(500) {
        let found: Vec<(Option<Vec<u8>>, String, Option<Uuid>)> = entity::ledger::Entity::find()
            .select_only()
            .column(Column::ContentBlind)
            .column(Column::State)
            .column(Column::MessageId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ChannelId.eq(channel_id.0))
            .filter(Column::ContentBlind.is_in(chunk.iter().cloned()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        for (blind, state, message_id) in found {
            if let Some(blind) = blind {
                known.insert(blind, (state.parse()?, message_id.map(MessageId)));
            }
        }
    }
    Ok(known)
}

/// Which mail that was not understood yet.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// Of this folder.
    pub folder_id: FolderId,
    /// Only what was seen before this moment.
    pub seen_before: Option<DateTime<Utc>>,
    /// Only what comes behind this line.
    pub after: Option<LedgerId>,
}

/// What was stored raw and not yet understood, oldest first.
pub async fn list_pending(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    of: Pending,
    limit: u64,
) -> Result<Vec<Entry>> {
    use entity::ledger::Column;
    entity::ledger::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .filter(Column::FolderId.eq(of.folder_id.0))
        .apply_if(of.seen_before, |query, at| query.filter(Column::SeenAt.lt(millis(at))))
        .apply_if(of.after, |query, id| query.filter(Column::Id.gt(id.0)))
        .filter(Column::State.eq(LedgerState::Pending.as_str()))
        .filter(Column::MessageId.is_not_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Entry::try_from)
        .collect()
}

/// Which mails that could not be processed; all of them by default.
#[derive(Debug, Clone, Default)]
pub struct QuarantineFilter {
    /// Only those of this mailbox.
    pub channel_id: Option<ChannelId>,
    /// Only those that lie there for this reason.
    pub reason: Option<String>,
    /// Only those that the provider took, or else Loket saw, from then on.
    pub from: Option<DateTime<Utc>>,
    /// Only those of before then.
    pub to: Option<DateTime<Utc>>,
}

/// What could not be processed within the scope, newest first, from before the line `before`.
pub async fn list_quarantined(
    store: &Store,
    scope: &Scope,
    filter: &QuarantineFilter,
    before: Option<LedgerId>,
    limit: u64,
) -> Result<Vec<Entry>> {
    use entity::ledger::Column;
    let at = || Func::coalesce([Expr::col(Column::ReceivedAt), Expr::col(Column::SeenAt)]);
    entity::ledger::Entity::find()
        .filter(scope.limit(Column::OrganizationId, Column::ChannelId))
        .filter(Column::State.eq(LedgerState::Quarantined.as_str()))
        .apply_if(filter.channel_id, |query, id| query.filter(Column::ChannelId.eq(id.0)))
        .apply_if(filter.reason.as_deref(), |query, why| query.filter(Column::Reason.eq(why)))
        .apply_if(filter.from, |query, from| query.filter(at().gte(millis(from))))
        .apply_if(filter.to, |query, to| query.filter(at().lt(millis(to))))
        .apply_if(before, |query, id| query.filter(Column::Id.lt(id.0)))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Entry::try_from)
        .collect()
}

/// One line.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: LedgerId,
) -> Result<Option<Entry>> {
    entity::ledger::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?
        .map(Entry::try_from)
        .transpose()
}

/// Why a mail of our own was left out: nobody that Loket knows of has written before it.
pub const SENT_UNRELATED: &str = "sent_unrelated";

/// Leaves out mail whose raw form is still there: [`list_left_out`] finds it when its time is
/// over, and [`find_sent`] when somebody answers it.
pub async fn leave_out(
    tx: &Tx,
    organization_id: OrganizationId,
    id: LedgerId,
    state: LedgerState,
    reason: &str,
    id_blind: &[u8],
) -> Result<()> {
    use entity::ledger::Column;
    entity::ledger::Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::IdBlind, Expr::value(id_blind.to_vec()))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Those of these lines of which a message was made.
pub async fn imported_among(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[LedgerId],
) -> Result<HashSet<LedgerId>> {
    use entity::ledger::Column;
    let mut found = HashSet::new();
    for chunk in ids.chunks(500) {
        let rows: Vec<Uuid> = entity::ledger::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .filter(Column::State.eq(LedgerState::Imported.as_str()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(LedgerId));
    }
    Ok(found)
}

/// Our own mail of these Message-IDs that was left out as [`SENT_UNRELATED`] and is kept.
pub async fn find_sent(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    blinds: &[Vec<u8>],
) -> Result<Vec<Entry>> {
    use entity::ledger::Column;
    let mut found = Vec::new();
    for chunk in blinds.chunks(500) {
        let rows = entity::ledger::Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ChannelId.eq(channel_id.0))
            .filter(Column::IdBlind.is_in(chunk.iter().cloned()))
            .filter(Column::Reason.eq(SENT_UNRELATED))
            .all(store.db().read())
            .await?;
        for row in rows {
            found.push(Entry::try_from(row)?);
        }
    }
    Ok(found)
}

/// Mail that was left out and whose raw form is no longer needed, of all organizations:
/// [`SENT_UNRELATED`] is kept if it was seen after `sent_before`.
pub async fn list_left_out(
    store: &Store,
    sent_before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Entry>> {
    use entity::ledger::Column;
    let is_due = Column::Reason.ne(SENT_UNRELATED).or(Column::SeenAt.lt(millis(sent_before)));
    entity::ledger::Entity::find()
        .filter(Column::IdBlind.is_not_null())
        .filter(is_due)
        .order_by_asc(Column::SeenAt)
        .limit(limit)
        .all(store.db().read())
        .await?
        .into_iter()
        .map(Entry::try_from)
        .collect()
}

/// The raw form of this mail is gone; its line stays, so that it does not come in again.
pub async fn forget_raw(tx: &Tx, organization_id: OrganizationId, id: LedgerId) -> Result<()> {
    use entity::ledger::Column;
    entity::ledger::Entity::update_many()
        .col_expr(Column::IdBlind, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::MessageId, Expr::value(None::<Uuid>))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::IdBlind.is_not_null())
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Sets state and reason of these lines.
pub async fn set_state(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[LedgerId],
    state: LedgerState,
    reason: Option<&str>,
) -> Result<()> {
    use entity::ledger::Column;
    for chunk in ids.chunks(500) {
        entity::ledger::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.as_str()))
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::IdBlind, Expr::value(None::<Vec<u8>>))
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// Counts one more attempt, before it is made.
pub async fn count_attempt(tx: &Tx, organization_id: OrganizationId, id: LedgerId) -> Result<()> {
    use entity::ledger::Column;
    entity::ledger::Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// How many lines of a mailbox are in each state, by their reasons.
pub async fn count(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
) -> Result<Vec<(LedgerState, Option<String>, i64)>> {
    use entity::ledger::Column;
    let rows: Vec<(String, Option<String>, i64)> = entity::ledger::Entity::find()
        .select_only()
        .column(Column::State)
        .column(Column::Reason)
        .column_as(Column::Id.count(), "n")
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ChannelId.eq(channel_id.0))
        .group_by(Column::State)
        .group_by(Column::Reason)
        .into_tuple()
        .all(store.db().read())
        .await?;
    rows.into_iter().map(|(state, reason, n)| Ok((state.parse()?, reason, n))).collect()
}
