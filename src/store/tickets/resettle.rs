//! A ticket moves to another channel, with its words and the drafts on it: all of it is sealed anew
//! with a key of that channel. Its messages stay where they came from.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::{Ticket, place};
use crate::crypto::{OpenKey, Place};
use crate::domain::ids::ChannelId;
use crate::store::error::Result;
use crate::store::{Tx, columns};

/// Seals the ticket anew. The state is written apart; the caller destroys the old key once this is
/// committed.
pub async fn resettle(
    tx: &Tx,
    ticket: &Ticket,
    channel_id: ChannelId,
    old: &OpenKey,
    new: &OpenKey,
) -> Result<()> {
    let (organization, id) = (ticket.organization_id.0, ticket.id);
    let customer = serde_json::to_vec(&ticket.customer)?;
    let reason = ticket.exemption.as_ref().map(|exemption| {
        new.seal(place(columns::TICKET_EXEMPT_REASON, id), exemption.reason.as_bytes())
    });
    entity::ticket::Entity::update_many()
        .set(entity::ticket::ActiveModel {
            channel_id: Set(channel_id.0),
            key_id: Set(new.id()),
            subject: Set(new.seal(place(columns::TICKET_SUBJECT, id), ticket.subject.as_bytes())),
            snippet: Set(new.seal(place(columns::TICKET_SNIPPET, id), ticket.snippet.as_bytes())),
            customer: Set(new.seal(place(columns::TICKET_CUSTOMER, id), &customer)),
            exempt_reason: Set(reason),
            ..Default::default()
        })
        .filter(entity::ticket::Column::OrganizationId.eq(organization))
        .filter(entity::ticket::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    let drafts = entity::draft::Entity::find()
        .filter(entity::draft::Column::OrganizationId.eq(organization))
        .filter(entity::draft::Column::TicketId.eq(id.0))
        .filter(entity::draft::Column::KeyId.eq(old.id()))
        .all(tx.conn())
        .await?;
    for draft in drafts {
        let of = draft_place(draft.id);
        let content = new.seal(of, &old.open(of, &draft.content)?);
        let row = entity::draft::ActiveModel {
            organization_id: Set(organization),
            id: Set(draft.id),
            key_id: Set(new.id()),
            content: Set(content),
            ..Default::default()
        };
        row.update(tx.conn()).await?;
    }
    Ok(())
}

fn draft_place(row: Uuid) -> Place {
    Place { column: columns::DRAFT_CONTENT, row }
}
