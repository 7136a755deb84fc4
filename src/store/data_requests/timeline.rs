//! What happened with a request, oldest first.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use uuid::Uuid;

use super::DataRequest;
use crate::crypto::OpenKey;
use crate::domain::ids::MembershipId;
use crate::domain::words::RequestEventKind;
use crate::store::error::Result;
use crate::store::{Store, Tx, columns, from_millis, millis};

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub kind: RequestEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; nothing for the person and for the server.
    pub actor_id: Option<MembershipId>,
    /// A reason or the like, if it has one that is there yet.
    pub text: Option<String>,
}

/// Adds a line.
pub async fn add(
    tx: &Tx,
    key: &OpenKey,
    request: &DataRequest,
    kind: RequestEventKind,
    actor: Option<MembershipId>,
    text: Option<&str>,
) -> Result<()> {
    use entity::data_request_event::{Column, Entity};
    let id = tx.store().new_id();
    let before = Entity::find()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::RequestId.eq(request.id.0))
        .count(tx.conn())
        .await?;
    let place = columns::DATA_REQUEST_EVENT_CONTENT.of(id);
    entity::data_request_event::ActiveModel {
        organization_id: Set(request.organization_id.0),
        id: Set(id),
        request_id: Set(request.id.0),
        number: Set(i32::try_from(before).unwrap_or(i32::MAX)),
        kind: Set(kind.as_str().to_owned()),
        at: Set(millis(tx.store().now())),
        actor_id: Set(actor.map(|id| id.0)),
        content: Set(text.map(|text| key.seal(place, text.as_bytes()))),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// All of it.
pub async fn list(
    store: &Store,
    key: Option<&OpenKey>,
    request: &DataRequest,
) -> Result<Vec<Happened>> {
    use entity::data_request_event::Column;
    let rows = entity::data_request_event::Entity::find()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::RequestId.eq(request.id.0))
        .order_by_asc(Column::Number)
        .all(store.db().write())
        .await?;
    rows.into_iter()
        .map(|row| {
            let place = columns::DATA_REQUEST_EVENT_CONTENT.of(row.id);
            let sealed = key.zip(row.content.as_ref());
            Ok(Happened {
                id: row.id,
                kind: row.kind.parse()?,
                at: from_millis(row.at),
                actor_id: row.actor_id.map(MembershipId),
                text: sealed.map(|(key, text)| key.open_string(place, text)).transpose()?,
            })
        })
        .collect()
}
