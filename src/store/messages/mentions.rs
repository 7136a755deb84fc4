//! Addresses that a mail names, by their blinds: of people who take part in no ticket, such as in
//! Reply-To, in a report of non-delivery or as the sender of what was forwarded. So a person can be
//! found everywhere without opening any mail.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::domain::ids::{MessageId, OrganizationId};
use crate::store::error::Result;
use crate::store::{Store, Tx};

/// Adds them. A message is given once.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    mentions: Vec<(MessageId, Vec<u8>)>,
) -> Result<()> {
    use entity::mention::{ActiveModel, Entity};
    let rows = mentions
        .into_iter()
        .map(|(message, blind)| ActiveModel {
            organization_id: Set(organization_id.0),
            message_id: Set(message.0),
            address_blind: Set(blind),
        })
        .collect();
    for chunk in crate::store::chunks(rows, 3) {
        Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The messages that name one of these addresses.
pub async fn find(
    store: &Store,
    organization_id: OrganizationId,
    blinds: &[Vec<u8>],
) -> Result<Vec<MessageId>> {
    use entity::mention::{Column, Entity};
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::MessageId)
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::AddressBlind.is_in(blinds.iter().cloned()))
        .into_tuple()
        .all(store.db().read())
        .await?;
    let mut found: Vec<MessageId> = rows.into_iter().map(MessageId).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
