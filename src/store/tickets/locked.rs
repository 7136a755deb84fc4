//! Tickets as a transaction sees them, locked until its end, without their words: no key is needed
//! to change who works on them or what they are.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{TicketState, state};
use crate::domain::ids::{OrganizationId, TicketId};
use crate::store::error::Result;
use crate::store::{Store, Tx};

/// A ticket without its words.
#[derive(Debug, Clone)]
pub struct Locked {
    /// Its id.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its content key.
    pub key_id: Uuid,
    /// Rises with each change.
    pub version: i32,
    /// What stands in the clear.
    pub state: TicketState,
}

/// Locks these tickets, in the order of their ids: two who lock the same ones do not wait for each
/// other forever.
pub async fn lock_states(
    tx: &Tx,
    organization_id: OrganizationId,
    ids: &[TicketId],
) -> Result<Vec<Locked>> {
    use entity::ticket::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    rows.iter().map(without_words).collect()
}

/// A ticket without its words, as it is committed now; not locked.
pub async fn find_state(
    store: &Store,
    organization_id: OrganizationId,
    id: TicketId,
) -> Result<Option<Locked>> {
    let row = entity::ticket::Entity::find_by_id((organization_id.0, id.0))
        .one(store.db().write())
        .await?;
    row.as_ref().map(without_words).transpose()
}

fn without_words(row: &entity::ticket::Model) -> Result<Locked> {
    Ok(Locked {
        id: TicketId(row.id),
        number: row.number,
        key_id: row.key_id,
        version: row.version,
        state: state::of(row)?,
    })
}
