//! Message-IDs as blinds under the channel's key: a message's own, and those it refers to, so
//! that mail finds its ticket in whichever order it arrives.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::crypto::{BlindDomain, OpenKey};
use crate::domain::ids::{ChannelId, MessageId, OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, Tx};

/// The blind of a Message-ID.
#[must_use]
pub fn blind(channel_key: &OpenKey, message_id: &str) -> Vec<u8> {
    channel_key.blind(BlindDomain::MessageId, message_id.trim().as_bytes()).to_vec()
}

/// A Message-ID that a message has or refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The blind of the Message-ID.
    pub blind: Vec<u8>,
    /// The message.
    pub message_id: MessageId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// Whether it is the message's own.
    pub own: bool,
}

/// Adds references of one channel.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    references: Vec<Reference>,
) -> Result<()> {
    use entity::message_reference::{ActiveModel, Column, Entity};
    let mut seen = HashSet::new();
    let rows: Vec<_> = references
        .into_iter()
        .filter(|r| seen.insert((r.blind.clone(), r.message_id)))
        .map(|reference| ActiveModel {
            organization_id: Set(organization_id.0),
            channel_id: Set(channel_id.0),
            blind: Set(reference.blind),
            message_id: Set(reference.message_id.0),
            ticket_id: Set(reference.ticket_id.0),
            own: Set(reference.own),
        })
        .collect();
    for chunk in crate::store::chunks(rows, 6) {
        Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::columns([
                    Column::OrganizationId,
                    Column::ChannelId,
                    Column::Blind,
                    Column::MessageId,
                ])
                .do_nothing()
                .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Who has or refers to these Message-IDs.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    channel_id: ChannelId,
    blinds: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Vec<Reference>>> {
    use entity::message_reference::{Column, Entity};
    let mut found: HashMap<Vec<u8>, Vec<Reference>> = HashMap::new();
    for chunk in blinds.chunks(500) {
        let rows = Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::ChannelId.eq(channel_id.0))
            .filter(Column::Blind.is_in(chunk.iter().cloned()))
            .all(store.db().read())
            .await?;
        for row in rows {
            found.entry(row.blind.clone()).or_default().push(Reference {
                blind: row.blind,
                message_id: MessageId(row.message_id),
                ticket_id: TicketId(row.ticket_id),
                own: row.own,
            });
        }
    }
    Ok(found)
}
