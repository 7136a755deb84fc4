//! A last message to the customers whose tickets are open, before their mailbox is disconnected.

use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::ChannelId;
use crate::domain::words::Status;
use crate::service::replies::{self, Mode, ReplyRequest};
use crate::service::{Result, ServiceError, Services, access, consent};
use crate::store::drafts::Content;
use crate::store::tickets::{self, Filter};
use crate::store::{Scope, mailboxes};

/// Tickets per look.
const LOOK: u64 = 100;

/// The longest text, in characters.
const LONGEST: usize = 10_000;

/// Answers every open ticket of the mailbox with the same words, through the outbox as any answer,
/// and answers how many they were. Asked again, it answers only tickets that it has not answered.
/// Whoever may disconnect the mailbox may say so to its customers; no mail is read for it.
pub async fn farewell(
    services: &Services,
    actor: &Actor,
    id: ChannelId,
    text: &str,
) -> Result<u64> {
    services.scope(actor, Permission::ManageMailboxes)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    mailboxes::find(store, organization_id, id).await?.ok_or(ServiceError::NotFound)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(ServiceError::invalid("text", "write a message of at most 10,000 characters"));
    }
    let (action, kind) = (Action::WriteFarewell, ObjectKind::Mailbox);
    access::record(services, actor, action, kind, id.0, id).await?;
    let writer = Actor { channels: [id].into(), ..actor.clone() };
    let scope = Scope::channels(organization_id, [id]);
    let passed_over = consent::passed_over(services, organization_id).await?;
    let mut open = Vec::new();
    for status in [Status::Open, Status::OnHold, Status::Pending] {
        let filter = Filter { status: Some(status), channel_id: Some(id), ..Filter::default() };
        let mut after = None;
        loop {
            let page = tickets::list(store, &scope, &filter, after, LOOK).await?;
            let asked = page.tickets.iter().filter(|ticket| {
                // Nothing asks for this mail: whoever wants none of that gets none.
                ticket.state.contact_id.is_none_or(|id| !passed_over.contains(&id))
            });
            open.extend(asked.map(|ticket| (ticket.number, ticket.version, status)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let mut count = 0;
    for (number, version, status) in open {
        let request = ReplyRequest {
            snooze_until: None,
            number,
            mode: Mode::Reply,
            content: Content { text: text.to_owned(), ..Content::default() },
            then: Some(if status == Status::Open { Status::Open } else { Status::Pending }),
            seen_version: version,
            idempotency_key: Some(format!("farewell:{id}:{number}")),
        };
        match replies::create(services, &writer, request).await {
            Ok(_) => count += 1,
            // Nobody to write to, or a customer who is writing right now: not a reason to stop.
            Err(ServiceError::Conflict { .. } | ServiceError::Invalid { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}
