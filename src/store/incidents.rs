//! What an operator wrote to admins about an incident, sealed under the organization's key; and to
//! what belongs that the audit log names, without opening any of it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::{Store, Tx, columns, from_millis, keys, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{ChannelId, ContactId, IncidentNoticeId, OrganizationId};

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

/// Ids of one statement.
const CHUNK: usize = 500;

/// The tickets of these messages. A message that is gone is left out.
pub async fn tickets_of_messages(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    use entity::message::Column;
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(Uuid, Uuid)> = entity::message::Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::TicketId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// The messages of these files. A file that is gone, or was never sent, is left out.
pub async fn messages_of_files(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>> {
    use entity::attachment::Column;
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(Uuid, Option<Uuid>)> = entity::attachment::Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::MessageId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().filter_map(|(id, message)| Some((id, message?))));
    }
    Ok(found)
}

/// A ticket's number, mailbox and customer.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Its number.
    pub number: i64,
    /// Its mailbox.
    pub channel_id: ChannelId,
    /// Its customer.
    pub contact_id: Option<ContactId>,
}

/// These tickets, unopened. One that is gone is left out.
pub async fn lines(
    store: &Store,
    organization_id: OrganizationId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Line>> {
    use entity::ticket::Column;
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(Uuid, i64, Uuid, Option<Uuid>)> = entity::ticket::Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::Number)
            .column(Column::ChannelId)
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        found.extend(rows.into_iter().map(|(id, number, channel, contact)| {
            let contact_id = contact.map(ContactId);
            (id, Line { number, channel_id: ChannelId(channel), contact_id })
        }));
    }
    Ok(found)
}

/// How many addresses each of these contacts is known by.
pub async fn count_addresses(
    store: &Store,
    organization_id: OrganizationId,
    contacts: &[Uuid],
) -> Result<HashMap<Uuid, u64>> {
    use entity::contact_identity::Column;
    let mut found = HashMap::new();
    for chunk in contacts.chunks(CHUNK) {
        let rows: Vec<Uuid> = entity::contact_identity::Entity::find()
            .select_only()
            .column(Column::ContactId)
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ContactId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(store.db().read())
            .await?;
        for contact in rows {
            *found.entry(contact).or_default() += 1;
        }
    }
    Ok(found)
}
