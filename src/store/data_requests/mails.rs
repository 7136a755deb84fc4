//! What a person is written about their request. The words of a mail that carries a code or a link
//! are made when it is sent, and kept nowhere.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde::{Deserialize, Serialize};

use super::DataRequest;
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, MembershipId, OrganizationId, RequestMailId};
use crate::domain::words::{RequestMailKind, RequestMailState};
use crate::store::error::Result;
use crate::store::{Store, Tx, columns, from_millis, millis};

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

/// A mail to the person.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its id.
    pub id: RequestMailId,
    /// What it is about.
    pub kind: RequestMailKind,
    /// How far it is.
    pub state: RequestMailState,
    /// What it says, if that was written down and is there yet.
    pub text: Option<Text>,
    /// Who wrote it.
    pub created_by: Option<MembershipId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was sent or given up.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Adds a mail that waits to be sent.
pub async fn add(
    tx: &Tx,
    key: &OpenKey,
    request: &DataRequest,
    kind: RequestMailKind,
    text: Option<&Text>,
    by: Option<MembershipId>,
) -> Result<RequestMailId> {
    let id = tx.store().new_id();
    let place = columns::DATA_REQUEST_MAIL_CONTENT.of(id);
    let text = text.map(serde_json::to_vec).transpose()?.map(zeroize::Zeroizing::new);
    entity::data_request_mail::ActiveModel {
        organization_id: Set(request.organization_id.0),
        id: Set(id),
        request_id: Set(request.id.0),
        kind: Set(kind.as_str().to_owned()),
        state: Set(RequestMailState::Waiting.as_str().to_owned()),
        content: Set(text.map(|text| key.seal(place, &text))),
        created_by: Set(by.map(|id| id.0)),
        created_at: Set(millis(tx.store().now())),
        ended_at: Set(None),
    }
    .insert(tx.conn())
    .await?;
    Ok(RequestMailId(id))
}

/// The mails of a request, oldest first.
pub async fn list(
    store: &Store,
    key: Option<&OpenKey>,
    request: &DataRequest,
) -> Result<Vec<Mail>> {
    use entity::data_request_mail::Column;
    let rows = entity::data_request_mail::Entity::find()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::RequestId.eq(request.id.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(store.db().write())
        .await?;
    rows.into_iter()
        .map(|row| {
            let place = columns::DATA_REQUEST_MAIL_CONTENT.of(row.id);
            let text = match key.zip(row.content.as_ref()) {
                Some((key, sealed)) => Some(serde_json::from_slice(&key.open(place, sealed)?)?),
                None => None,
            };
            Ok(Mail {
                id: RequestMailId(row.id),
                kind: row.kind.parse()?,
                state: row.state.parse()?,
                text,
                created_by: row.created_by.map(MembershipId),
                created_at: from_millis(row.created_at),
                ended_at: row.ended_at.map(from_millis),
            })
        })
        .collect()
}

/// How many mails of this kind were written since then.
pub async fn count_since(
    store: &Store,
    request: &DataRequest,
    kind: RequestMailKind,
    since: DateTime<Utc>,
) -> Result<u64> {
    use entity::data_request_mail::Column;
    Ok(entity::data_request_mail::Entity::find()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::RequestId.eq(request.id.0))
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::CreatedAt.gt(millis(since)))
        .count(store.db().write())
        .await?)
}

/// The request of a mail that waits.
pub async fn find_waiting(
    store: &Store,
    organization_id: OrganizationId,
    id: RequestMailId,
) -> Result<Option<(DataRequestId, RequestMailKind)>> {
    let row = entity::data_request_mail::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?
        .filter(|row| row.state == RequestMailState::Waiting.as_str());
    row.map(|row| Ok((DataRequestId(row.request_id), row.kind.parse()?))).transpose()
}

/// Notes what became of a mail.
pub async fn set_ended(
    tx: &Tx,
    organization_id: OrganizationId,
    id: RequestMailId,
    state: RequestMailState,
) -> Result<()> {
    use entity::data_request_mail::Column;
    entity::data_request_mail::Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::EndedAt, Expr::value(Some(millis(tx.store().now()).0)))
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
