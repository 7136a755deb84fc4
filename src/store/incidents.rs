//! What an operator wrote to admins about an incident. Sealed under the organization's key.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};

use super::error::Result;
use super::{Store, Tx, columns, from_millis, keys, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{IncidentNoticeId, OrganizationId};

/// What was written.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: IncidentNoticeId,
    /// The text.
    pub text: String,
    /// The window's begin.
    pub from: DateTime<Utc>,
    /// The window's end.
    pub to: DateTime<Utc>,
}

/// Adds it.
pub async fn add(
    tx: &Tx,
    key: &OpenKey,
    organization_id: OrganizationId,
    notice: &Notice,
) -> Result<()> {
    let place = columns::INCIDENT_NOTICE_CONTENT.of(notice.id.0);
    entity::incident_notice::ActiveModel {
        organization_id: Set(organization_id.0),
        id: Set(notice.id.0),
        content: Set(key.seal(place, notice.text.as_bytes())),
        from_at: Set(millis(notice.from)),
        to_at: Set(millis(notice.to)),
        made_at: Set(millis(tx.store().now())),
    }
    .insert(tx.conn())
    .await?;
    Ok(())
}

/// Reads it.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    id: IncidentNoticeId,
) -> Result<Option<Notice>> {
    let row = entity::incident_notice::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let key = keys::of_organization(store, organization_id).await?;
    Ok(Some(Notice {
        id,
        text: key.open_string(columns::INCIDENT_NOTICE_CONTENT.of(row.id), &row.content)?,
        from: from_millis(row.from_at),
        to: from_millis(row.to_at),
    }))
}
