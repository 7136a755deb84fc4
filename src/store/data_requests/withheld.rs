//! What a reviewer keeps back, each with its reason.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::DataRequest;
use crate::crypto::OpenKey;
use crate::domain::ids::{DataRequestId, MembershipId, MessageId, OrganizationId};
use crate::store::error::Result;
use crate::store::{Store, Tx, columns, millis};

/// A message, or a file of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub object: Uuid,
    /// The message itself, or whose file it is.
    pub message_id: MessageId,
}

/// What is kept back, and why.
#[derive(Debug, Clone)]
pub struct Withheld {
    /// What.
    pub kept: Kept,
    /// Why.
    pub reason: String,
}

impl Withheld {
    /// Whether it is a file, and not a whole message.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.kept.object != self.kept.message_id.0
    }
}

/// Keeps a message or a file back; or hands it out after all, where there is no reason.
pub async fn set(
    tx: &Tx,
    key: &OpenKey,
    request: &DataRequest,
    Kept { object, message_id }: Kept,
    reason: Option<&str>,
    by: MembershipId,
) -> Result<()> {
    use entity::data_request_withheld::{ActiveModel, Column, Entity};
    let Some(reason) = reason else {
        Entity::delete_many()
            .filter(Column::OrganizationId.eq(request.organization_id.0))
            .filter(Column::RequestId.eq(request.id.0))
            .filter(Column::ObjectId.eq(object))
            .exec(tx.conn())
            .await?;
        return Ok(());
    };
    let place = columns::DATA_REQUEST_WITHHELD_REASON.of(object);
    Entity::insert(ActiveModel {
        organization_id: Set(request.organization_id.0),
        request_id: Set(request.id.0),
        object_id: Set(object),
        message_id: Set(message_id.0),
        reason: Set(key.seal(place, reason.as_bytes())),
        withheld_by: Set(by.0),
        withheld_at: Set(millis(tx.store().now())),
    })
    .on_conflict(
        OnConflict::columns([Column::OrganizationId, Column::RequestId, Column::ObjectId])
            .update_columns([Column::Reason, Column::WithheldBy, Column::WithheldAt])
            .to_owned(),
    )
    .exec_without_returning(tx.conn())
    .await?;
    Ok(())
}

/// All of it, by the id of the message or file.
pub async fn list(
    store: &Store,
    key: &OpenKey,
    request: &DataRequest,
) -> Result<HashMap<Uuid, Withheld>> {
    use entity::data_request_withheld::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(request.organization_id.0))
        .filter(Column::RequestId.eq(request.id.0))
        .all(store.db().write())
        .await?;
    rows.into_iter()
        .map(|row| {
            let place = columns::DATA_REQUEST_WITHHELD_REASON.of(row.object_id);
            let kept = Kept { object: row.object_id, message_id: MessageId(row.message_id) };
            let reason = key.open_string(place, &row.reason)?;
            Ok((row.object_id, Withheld { kept, reason }))
        })
        .collect()
}

/// Removes all of it.
pub async fn remove_all(
    tx: &Tx,
    organization_id: OrganizationId,
    request_id: DataRequestId,
) -> Result<()> {
    use entity::data_request_withheld::{Column, Entity};
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::RequestId.eq(request_id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
