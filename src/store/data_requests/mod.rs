//! Requests of people about their data. What names the person is sealed under a key of the
//! request's own, so that it can go while the row stays as a number in the register.
//!
//! - [`add`], [`save`]: the request; `save` checks the version.
//! - [`timeline`]: what happened; [`mails`]: what the person was written.
//! - [`withheld`]: what a reviewer keeps back.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::{Result, StoreError};
use super::{Store, Tx, columns, from_millis, millis};
use crate::crypto::{KeyError, OpenKey};
use crate::domain::ids::{ChannelId, DataRequestId, MembershipId, OrganizationId, TicketId};
use crate::domain::requests::TRIES;
use crate::domain::words::{RequestKind, RequestState};

pub mod mails;
pub mod timeline;
pub mod withheld;

/// What names the person, and what was said about the request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The address that the request is about; the first one is written to.
    pub addresses: Vec<String>,
    /// The person's name, if it is known.
    pub name: Option<String>,
    /// What the person asked for, in the handler's words.
    pub note: Option<String>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct DataRequest {
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: DataRequestId,
    /// What is asked.
    pub kind: RequestKind,
    /// How far it is.
    pub state: RequestState,
    /// Whether anything was held of the person when it was written down.
    pub is_known: bool,
    /// The user that it is about; nothing for a customer.
    pub membership_id: Option<MembershipId>,
    /// The ticket that it was opened from.
    pub ticket_id: Option<TicketId>,
    /// The mailbox that the person is written to by.
    pub channel_id: Option<ChannelId>,
    /// The language that the person is written to in.
    pub language: String,
    /// The key of what is sealed.
    pub key_id: Uuid,
    /// What names the person; nothing once that has gone.
    pub content: Option<Content>,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// When an answer is due.
    pub due_at: DateTime<Utc>,
    /// By how many months that was put off.
    pub extended_months: i32,
    /// Who wrote it down.
    pub opened_by: MembershipId,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Who handles it.
    pub handler_id: Option<MembershipId>,
    /// The code that shows who the person is, hashed.
    pub code_blind: Option<Vec<u8>>,
    /// When it was made.
    pub code_at: Option<DateTime<Utc>>,
    /// How often one was given.
    pub code_tries: i32,
    /// When the person had shown who they are.
    pub identified_at: Option<DateTime<Utc>>,
    /// The file with everything.
    pub parcel_id: Option<Uuid>,
    /// Until when it can be fetched.
    pub parcel_until: Option<DateTime<Utc>>,
    /// The erasure.
    pub erasure_id: Option<Uuid>,
    /// When what was asked was done.
    pub acted_at: Option<DateTime<Utc>>,
    /// When the restriction may end, once the person was told.
    pub lift_at: Option<DateTime<Utc>>,
    /// When restriction or mark ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When admins were last told that it is late.
    pub told_at: Option<DateTime<Utc>>,
    /// Rises with each change.
    pub version: i32,
}

fn seal(key: &OpenKey, id: DataRequestId, content: &Content) -> Result<Vec<u8>> {
    let json = zeroize::Zeroizing::new(serde_json::to_vec(content)?);
    Ok(key.seal(columns::DATA_REQUEST_CONTENT.of(id.0), &json))
}

/// Adds a request, sealed with its own key.
pub async fn add(tx: &Tx, key: &OpenKey, request: &DataRequest) -> Result<()> {
    let content = request.content.as_ref();
    let content = content.map(|content| seal(key, request.id, content)).transpose()?;
    let mut row = changeable(request);
    row.organization_id = Set(request.organization_id.0);
    row.id = Set(request.id.0);
    row.kind = Set(request.kind.as_str().to_owned());
    row.is_known = Set(request.is_known);
    row.membership_id = Set(request.membership_id.map(|id| id.0));
    row.ticket_id = Set(request.ticket_id.map(|id| id.0));
    row.language = Set(request.language.clone());
    row.key_id = Set(key.id());
    row.content = Set(content);
    row.received_at = Set(millis(request.received_at));
    row.opened_by = Set(request.opened_by.0);
    row.opened_at = Set(millis(request.opened_at));
    row.code_blind = Set(None);
    row.code_at = Set(None);
    row.code_tries = Set(0);
    row.version = Set(1);
    row.insert(tx.conn()).await?;
    Ok(())
}

fn changeable(request: &DataRequest) -> entity::data_request::ActiveModel {
    entity::data_request::ActiveModel {
        state: Set(request.state.as_str().to_owned()),
        channel_id: Set(request.channel_id.map(|id| id.0)),
        due_at: Set(millis(request.due_at)),
        extended_months: Set(request.extended_months),
        handler_id: Set(request.handler_id.map(|id| id.0)),
        identified_at: Set(request.identified_at.map(millis)),
        parcel_id: Set(request.parcel_id),
        parcel_until: Set(request.parcel_until.map(millis)),
        erasure_id: Set(request.erasure_id),
        acted_at: Set(request.acted_at.map(millis)),
        lift_at: Set(request.lift_at.map(millis)),
        ended_at: Set(request.ended_at.map(millis)),
        closed_at: Set(request.closed_at.map(millis)),
        told_at: Set(request.told_at.map(millis)),
        ..Default::default()
    }
}

/// Writes down what changed of a request that is still at its version. The code is not part of
/// that: see [`set_code`].
pub async fn save(tx: &Tx, request: &mut DataRequest) -> Result<()> {
    use entity::data_request::Column;
    let mut row = changeable(request);
    row.version = Set(request.version + 1);
    let saved = entity::data_request::Entity::update_many()
        .set(row)
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::Id.eq(request.id.0))
        .filter(Column::Version.eq(request.version))
        .exec(tx.conn())
        .await?;
    if saved.rows_affected != 1 {
        return Err(StoreError::Stale);
    }
    request.version += 1;
    Ok(())
}

/// Another code takes the place of the one before, or none does.
pub async fn set_code(
    tx: &Tx,
    organization_id: OrganizationId,
    id: DataRequestId,
    blind: Option<Vec<u8>>,
) -> Result<()> {
    use entity::data_request::{ActiveModel, Column, Entity};
    let now = blind.as_ref().map(|_| millis(tx.store().now()));
    Entity::update_many()
        .set(ActiveModel {
            code_blind: Set(blind),
            code_at: Set(now),
            code_tries: Set(0),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Counts a try before the code is compared; false when there were too many or there is no code.
pub async fn count_try(
    store: &Store,
    organization_id: OrganizationId,
    id: DataRequestId,
) -> Result<bool> {
    use entity::data_request::{Column, Entity};
    let counted = Entity::update_many()
        .col_expr(Column::CodeTries, Expr::col(Column::CodeTries).add(1))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::CodeBlind.is_not_null())
        .filter(Column::CodeTries.lt(TRIES))
        .exec(store.db().write())
        .await?;
    Ok(counted.rows_affected == 1)
}

/// The request. Asked of the writer: what was changed a moment ago must be seen.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: DataRequestId,
) -> Result<Option<DataRequest>> {
    let row = entity::data_request::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?;
    Ok(open_all(store, row.into_iter().collect()).await?.pop())
}

/// The request that an erasure was begun for.
pub async fn find_of_erasure(
    store: &Store,
    organization_id: OrganizationId,
    erasure_id: Uuid,
) -> Result<Option<DataRequest>> {
    use entity::data_request::Column;
    let row = entity::data_request::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::ErasureId.eq(erasure_id))
        .one(store.db().read())
        .await?;
    Ok(open_all(store, row.into_iter().collect()).await?.pop())
}

/// The request as the transaction sees it, and locked until its end.
pub async fn lock(
    tx: &Tx,
    organization_id: OrganizationId,
    id: DataRequestId,
) -> Result<Option<DataRequest>> {
    use sea_orm::QuerySelect as _;
    let row = entity::data_request::Entity::find_by_id((organization_id.0, id.0))
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    Ok(open_all(tx.store(), row.into_iter().collect()).await?.pop())
}

/// Every request of an organization, the one that is due first at the beginning.
pub async fn list(store: &Store, organization_id: OrganizationId) -> Result<Vec<DataRequest>> {
    use entity::data_request::Column;
    let rows = entity::data_request::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .all(store.db().read())
        .await?;
    open_all(store, rows).await
}

/// Requests that were opened from a ticket.
pub async fn list_of_ticket(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<DataRequest>> {
    use entity::data_request::Column;
    let rows = entity::data_request::Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .filter(Column::TicketId.is_not_null())
        .all(store.db().read())
        .await?;
    open_all(store, rows).await
}

/// A request that is not closed, and due soon or before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which.
    pub id: DataRequestId,
    /// When.
    pub due_at: DateTime<Utc>,
    /// When admins were last told.
    pub told_at: Option<DateTime<Utc>>,
}

/// Requests of all organizations that are due before this.
pub async fn list_due(store: &Store, before: DateTime<Utc>) -> Result<Vec<Due>> {
    use entity::data_request::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, entity::UnixMillis, Option<entity::UnixMillis>)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id, Column::DueAt, Column::ToldAt])
        .filter(Column::DueAt.lt(millis(before)))
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::DueAt)
        .into_tuple()
        .all(store.db().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(organization, id, due_at, told_at)| Due {
            organization_id: OrganizationId(organization),
            id: DataRequestId(id),
            due_at: from_millis(due_at),
            told_at: told_at.map(from_millis),
        })
        .collect())
}

/// Notes that admins were told of these.
pub async fn set_told(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[DataRequestId],
) -> Result<()> {
    use entity::data_request::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(Some(millis(tx.store().now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Requests of all organizations that were closed before this, or before `erased` where the person
/// wanted to be erased, and name their person yet; with their keys.
pub async fn list_to_forget(
    store: &Store,
    before: DateTime<Utc>,
    erased: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<(OrganizationId, DataRequestId, Uuid)>> {
    use entity::data_request::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrganizationId, Column::Id, Column::KeyId])
        .filter(Column::ClosedAt.lt(millis(Ord::max(before, erased))))
        .filter(
            Condition::any()
                .add(Column::ClosedAt.lt(millis(before)))
                .add(Column::Kind.eq(RequestKind::Erasure.as_str())),
        )
        .filter(Column::Content.is_not_null())
        .limit(limit)
        .into_tuple()
        .all(store.db().read())
        .await?;
    let ids = |(organization, id, key)| (OrganizationId(organization), DataRequestId(id), key);
    Ok(rows.into_iter().map(ids).collect())
}

/// Removes what names the person, once the key is destroyed.
pub async fn forget(tx: &Tx, organization_id: OrganizationId, id: DataRequestId) -> Result<()> {
    macro_rules! empty {
        ($table:ident, $which:ident) => {
            entity::$table::Entity::update_many()
                .col_expr(entity::$table::Column::Content, Expr::value(None::<Vec<u8>>))
                .filter(entity::$table::Column::OrganizationId.eq(organization_id.0))
                .filter(entity::$table::Column::$which.eq(id.0))
                .exec(tx.conn())
                .await?
        };
    }
    empty!(data_request, Id);
    empty!(data_request_event, RequestId);
    empty!(data_request_mail, RequestId);
    withheld::remove_all(tx, organization_id, id).await
}

async fn open_all(
    store: &Store,
    rows: Vec<entity::data_request::Model>,
) -> Result<Vec<DataRequest>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.key_id).collect();
    let keys = store.keyring().get_many(&ids).await?;
    rows.into_iter().map(|row| open(keys.get(&row.key_id), row)).collect()
}

/// Without its key it is a line of the register that names nobody.
fn open(key: Option<&OpenKey>, row: entity::data_request::Model) -> Result<DataRequest> {
    let content = match (key, &row.content) {
        (Some(key), Some(sealed)) => {
            let json = key.open(columns::DATA_REQUEST_CONTENT.of(row.id), sealed)?;
            Some(serde_json::from_slice(&json)?)
        }
        _ => None,
    };
    Ok(DataRequest {
        organization_id: OrganizationId(row.organization_id),
        id: DataRequestId(row.id),
        kind: row.kind.parse()?,
        state: row.state.parse()?,
        is_known: row.is_known,
        membership_id: row.membership_id.map(MembershipId),
        ticket_id: row.ticket_id.map(TicketId),
        channel_id: row.channel_id.map(ChannelId),
        language: row.language,
        key_id: row.key_id,
        content,
        received_at: from_millis(row.received_at),
        due_at: from_millis(row.due_at),
        extended_months: row.extended_months,
        opened_by: MembershipId(row.opened_by),
        opened_at: from_millis(row.opened_at),
        handler_id: row.handler_id.map(MembershipId),
        code_blind: row.code_blind,
        code_at: row.code_at.map(from_millis),
        code_tries: row.code_tries,
        identified_at: row.identified_at.map(from_millis),
        parcel_id: row.parcel_id,
        parcel_until: row.parcel_until.map(from_millis),
        erasure_id: row.erasure_id,
        acted_at: row.acted_at.map(from_millis),
        lift_at: row.lift_at.map(from_millis),
        ended_at: row.ended_at.map(from_millis),
        closed_at: row.closed_at.map(from_millis),
        told_at: row.told_at.map(from_millis),
        version: row.version,
    })
}

/// The key of a request; nothing once it is destroyed.
pub async fn key_of(store: &Store, request: &DataRequest) -> Result<Option<OpenKey>> {
    match store.keyring().get(request.key_id).await {
        Ok(key) => Ok(Some(key)),
        Err(KeyError::Destroyed(_) | KeyError::Missing(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
