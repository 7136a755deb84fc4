//! Rows whose words are gone: they keep ids, times, states and counts.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use super::error::Result;
use super::messages::Envelope;
use super::packed::pack;
use super::removal::remove;
use super::tickets::Customer;
use super::{Store, Tx, columns, millis};
use crate::crypto::OpenKey;
use crate::domain::ids::{MessageId, OrganizationId, TicketId};

/// Messages of the ticket that are not sealed under `new` yet, with their keys.
pub async fn messages_of(
    store: &Store,
    organization_id: OrganizationId,
    ticket_id: TicketId,
    new: Uuid,
    limit: u64,
) -> Result<Vec<(MessageId, Uuid)>> {
    use entity::message::Column;
    let rows: Vec<(Uuid, Uuid)> = entity::message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::KeyId])
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::TicketId.eq(ticket_id.0))
        .filter(Column::KeyId.ne(new))
        .limit(limit)
        .into_tuple()
        .all(store.db().write())
        .await?;
    Ok(rows.into_iter().map(|(id, key)| (MessageId(id), key)).collect())
}

/// Of a message stays what it was and when.
pub async fn empty_message(
    tx: &Tx,
    organization_id: OrganizationId,
    id: MessageId,
    key: &OpenKey,
) -> Result<()> {
    use entity::message::{ActiveModel, Column, Entity};
    let envelope = serde_json::to_vec(&Envelope::default())?;
    Entity::update_many()
        .set(ActiveModel {
            key_id: Set(key.id()),
            contact_id: Set(None),
            has_html: Set(false),
            has_remote_images: Set(false),
            flags: Set(String::new()),
            envelope: Set(key.seal(columns::MESSAGE_ENVELOPE.of(id.0), &pack(&envelope))),
            text: Set(key.seal(columns::MESSAGE_TEXT.of(id.0), &pack(b""))),
            quoted: Set(None),
            html: Set(None),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    remove!(tx, attachment, organization_id, entity::attachment::Column::MessageId.eq(id.0));
    remove!(tx, raw_message, organization_id, entity::raw_message::Column::MessageId.eq(id.0));
    remove!(
        tx,
        message_reference,
        organization_id,
        entity::message_reference::Column::MessageId.eq(id.0)
    );
    remove!(tx, mention, organization_id, entity::mention::Column::MessageId.eq(id.0));
    remove!(tx, note_mention, organization_id, entity::note_mention::Column::MessageId.eq(id.0));
    remove!(tx, outbox, organization_id, entity::outbox::Column::MessageId.eq(id.0));
    Ok(())
}

/// Of a ticket stays its number, its states and its times.
pub async fn empty_ticket(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    key: &OpenKey,
) -> Result<()> {
    use entity::ticket::{ActiveModel, Column, Entity};
    let customer = serde_json::to_vec(&Customer::default())?;
    Entity::update_many()
        .set(ActiveModel {
            key_id: Set(key.id()),
            contact_id: Set(None),
            replaced_contact_id: Set(None),
            subject: Set(key.seal(columns::TICKET_SUBJECT.of(id.0), b"")),
            snippet: Set(key.seal(columns::TICKET_SNIPPET.of(id.0), b"")),
            customer: Set(key.seal(columns::TICKET_CUSTOMER.of(id.0), &customer)),
            anonymized_at: Set(Some(millis(tx.store().now()))),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    remove!(tx, draft, organization_id, entity::draft::Column::TicketId.eq(id.0));
    remove!(tx, participant, organization_id, entity::participant::Column::TicketId.eq(id.0));
    // What was done with it cannot be undone any more.
    remove!(tx, act_ticket, organization_id, entity::act_ticket::Column::TicketId.eq(id.0));
    Ok(())
}

/// Exempts a ticket from retention, or ends that.
pub async fn set_exemption(
    tx: &Tx,
    organization_id: OrganizationId,
    id: TicketId,
    exemption: Option<(&OpenKey, &str, crate::domain::ids::MembershipId)>,
) -> Result<()> {
    use entity::ticket::{ActiveModel, Column, Entity};
    let place = columns::TICKET_EXEMPT_REASON.of(id.0);
    Entity::update_many()
        .set(ActiveModel {
            exempt_at: Set(exemption.map(|_| millis(tx.store().now()))),
            exempt_by: Set(exemption.map(|(_, _, by)| by.0)),
            exempt_reason: Set(exemption.map(|(key, reason, _)| key.seal(place, reason.as_bytes()))),
            ..Default::default()
        })
        .filter(Column::OrganizationId.eq(organization_id.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}
