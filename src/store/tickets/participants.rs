//! Who takes part in a ticket, by blind address: whoever wrote to it or was written to.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::domain::ids::{OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, Tx};

/// Adds who is not there yet.
pub async fn add(
    tx: &Tx,
    organization_id: OrganizationId,
    participants: impl IntoIterator<Item = (TicketId, Vec<u8>)>,
) -> Result<()> {
    use entity::participant::{ActiveModel, Column, Entity};
    let rows: Vec<_> = participants
        .into_iter()
        .collect::<HashSet<_>>()
        .into_iter()
        .map(|(ticket, blind)| ActiveModel {
            organization_id: Set(organization_id.0),
            ticket_id: Set(ticket.0),
            address_blind: Set(blind),
        })
        .collect();
    for chunk in crate::store::chunks(rows, 3) {
        Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::columns([
                    Column::OrganizationId,
                    Column::TicketId,
                    Column::AddressBlind,
                ])
                .do_nothing()
                .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Removes those who have no more to do with the ticket.
pub async fn remove(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket: TicketId,
    blinds: &[Vec<u8>],
) -> Result<()> {
    use entity::participant::{Column, Entity};
    if blinds.is_empty() {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket.0))
        .filter(Column::AddressBlind.is_in(blinds.iter().cloned()))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The participants of a ticket, as the transaction sees them.
pub async fn of(
    tx: &Tx,
    organization_id: OrganizationId,
    ticket_id: TicketId,
) -> Result<Vec<Vec<u8>>> {
    use entity::participant::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.address_blind).collect())
}

/// The participants of these tickets.
pub async fn list(
    store: &Store,
    organization_id: OrganizationId,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, HashSet<Vec<u8>>>> {
    use entity::participant::{Column, Entity};
    let mut found: HashMap<TicketId, HashSet<Vec<u8>>> = HashMap::new();
    for chunk in tickets.chunks(500) {
        let rows = Entity::find()
            .filter(Column::OrganizationId.eq(organization_id.0))
            .filter(Column::TicketId.is_in(chunk.iter().map(|id| id.0)))
            .all(store.db().read())
            .await?;
        for row in rows {
            found.entry(TicketId(row.ticket_id)).or_default().insert(row.address_blind);
        }
    }
    Ok(found)
}
