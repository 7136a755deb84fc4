//! What mails quote of a person whose data is restricted.
//!
//! In a ticket in which such a person wrote, whatever anybody else wrote may quote them: nobody can
//! tell which lines are whose. So those who are not named see there what is newly written, and
//! neither quotes nor HTML nor the mail as it came.

use std::collections::HashSet;

use super::{Result, ServiceError, Services};
use crate::authz::Actor;
use crate::domain::ids::{ContactId, MessageId, OrganizationId, TicketId};
use crate::domain::words::MessageKind;
use crate::store::messages::{self, Message};

/// Takes out what the actor may not see; of which messages that was.
pub(super) async fn withhold(
    services: &Services,
    actor: &Actor,
    found: &mut [Message],
) -> Result<HashSet<MessageId>> {
    withhold_of(services, actor.organization_id, &actor.hidden, found).await
}

/// As [`withhold`], for whoever these customers are hidden from.
pub(super) async fn withhold_of(
    services: &Services,
    id: OrganizationId,
    hidden: &[ContactId],
    found: &mut [Message],
) -> Result<HashSet<MessageId>> {
    let tickets = found.iter().map(|message| message.ticket_id);
    let with = tickets_of(services, id, hidden, tickets).await?;
    let mut withheld = HashSet::new();
    for message in found.iter_mut().filter(|message| with.contains(&message.ticket_id)) {
        if may_quote(message) {
            message.quoted = None;
            message.has_html = false;
            message.has_remote_images = false;
            withheld.insert(message.id);
        }
    }
    Ok(withheld)
}

/// Those of these tickets in which one of these customers wrote.
pub(super) async fn tickets_of(
    services: &Services,
    id: OrganizationId,
    hidden: &[ContactId],
    tickets: impl Iterator<Item = TicketId>,
) -> Result<HashSet<TicketId>> {
    // Few organizations restrict anybody.
    if hidden.is_empty() {
        return Ok(HashSet::new());
    }
    let tickets: Vec<TicketId> = tickets.collect::<HashSet<_>>().into_iter().collect();
    Ok(messages::tickets_with(services.store(), id, &tickets, hidden).await?)
}

fn may_quote(message: &Message) -> bool {
    let is_mail = matches!(message.kind, MessageKind::Inbound | MessageKind::Outbound);
    is_mail && (message.quoted.is_some() || message.has_html)
}

/// Refuses what holds quotes: the HTML and the original of a mail.
pub(super) async fn refuse(services: &Services, actor: &Actor, message: &Message) -> Result<()> {
    if !may_quote(message) {
        return Ok(());
    }
    let (store, id) = (services.store(), actor.organization_id);
    let with = messages::tickets_with(store, id, &[message.ticket_id], &actor.hidden).await?;
    if with.is_empty() { Ok(()) } else { Err(ServiceError::NotFound) }
}
