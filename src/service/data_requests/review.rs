//! Before a file is made: a handler looks through what would be handed out, and keeps back what
//! belongs to others, each with a reason. What is read here is written to the audit log, message by
//! message.

use uuid::Uuid;

use super::gather::Gathered;
use super::{Open, View, begin, require_identity, require_kind, view, words};
use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::domain::ids::{AttachmentId, DataRequestId, MessageId};
use crate::domain::words::{RequestEventKind, RequestKind, RequestState};
use crate::service::access::{self, Object};
use crate::service::{Result, ServiceError, Services};
use crate::store::data_requests::withheld::{self, Kept};
use crate::store::messages::{self, Message, attachments};
use crate::store::{Scope, mailboxes, tickets};

/// Tickets on a page.
const TICKETS: usize = 20;

/// Characters of a message that are shown.
const SHOWN: usize = 2_000;

pub(super) const KINDS: &[RequestKind] = &[RequestKind::Access, RequestKind::Portability];

/// A file of a message that would be handed out.
#[derive(Debug, Clone)]
pub struct File {
    /// Its id.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it is kept back, if it is.
    pub withheld: Option<String>,
}

/// A message that would be handed out.
#[derive(Debug, Clone)]
pub struct Item {
    /// The message, its text cut.
    pub message: Message,
    /// The number of its ticket.
    pub ticket_number: i64,
    /// Addresses of others in it.
    pub strangers: Vec<String>,
    /// Why it is kept back, if it is.
    pub withheld: Option<String>,
    /// Its files.
    pub files: Vec<File>,
}

/// A page of them.
#[derive(Debug, Clone)]
pub struct Page {
    /// The messages of some tickets.
    pub items: Vec<Item>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// What would be handed out, page by page.
pub async fn list(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    cursor: Option<&str>,
) -> Result<Page> {
    let mut open = reviewable(services, actor, id).await?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let begins: usize = match cursor {
        None => 0,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| ServiceError::invalid("cursor", "pass on next_cursor, unchanged"))?,
    };
    let gathered = Gathered::of(services, &open.request).await?;
    let all = gathered.tickets();
    let ids: Vec<_> = all.iter().skip(begins).take(TICKETS).copied().collect();
    let kept = withheld::list(store, &open.key, &open.request).await?;
    let reason = |id: Uuid| kept.get(&id).map(|withheld| withheld.reason.clone());
    let ours = own_addresses(services, actor).await?;
    let scope = Scope::whole(organization_id);
    let mut numbers = std::collections::HashMap::new();
    for ticket in tickets::find_many(store, &scope, &ids).await? {
        numbers.insert(ticket.id, ticket.number);
    }
    let (mut items, mut entries) = (Vec::new(), Vec::new());
    for ticket in &ids {
        let mut found = messages::list(store, &scope, *ticket).await?;
        found.retain(|message| gathered.has(message));
        let of: Vec<MessageId> = found.iter().map(|message| message.id).collect();
        let files = attachments::list(store, &scope, &of).await?;
        for mut message in found {
            message.text = message.text.chars().take(SHOWN).collect();
            let read = Object::of(message.channel_id, ObjectKind::Message, message.id.0);
            entries.push((Action::ReadMessage, read));
            let files = files.iter().filter(|file| file.message_id == message.id);
            items.push(Item {
                ticket_number: numbers.get(ticket).copied().unwrap_or_default(),
                strangers: gathered.strangers(&message, &ours),
                withheld: reason(message.id.0),
                files: files
                    .map(|file| File {
                        id: file.id,
                        name: file.meta.name.clone(),
                        size: file.size,
                        withheld: reason(file.id.0),
                    })
                    .collect(),
                message,
            });
        }
    }
    let object = Object::new(ObjectKind::DataRequest, id.0);
    entries.push((Action::ReviewRequest, object));
    access::record_all(services, actor, &entries).await?;
    if open.request.state == RequestState::Identified {
        open.request.state = RequestState::InReview;
        let tx = store.begin().await?;
        open.save(&tx, RequestEventKind::ReviewBegun, Some(actor.membership_id), None).await?;
        tx.commit().await?;
    }
    let next = begins + ids.len();
    Ok(Page { items, next_cursor: (next < all.len()).then(|| next.to_string()) })
}

/// A request whose file may be made or looked through now.
pub(super) async fn reviewable(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
) -> Result<Open> {
    let open = begin(services, actor, id).await?;
    require_kind(&open.request, KINDS)?;
    require_identity(&open.request)?;
    Ok(open)
}

async fn own_addresses(services: &Services, actor: &Actor) -> Result<Vec<String>> {
    let store = services.store();
    let mut all = mailboxes::list(store, actor.organization_id).await?;
    all.extend(mailboxes::list_disconnected(store, actor.organization_id).await?);
    Ok(all.into_iter().map(|mailbox| mailbox.address.to_lowercase()).collect())
}

/// Keeps a message or one of its files back; or hands it out after all, where there is no reason.
pub async fn withhold(
    services: &Services,
    actor: &Actor,
    id: DataRequestId,
    message_id: MessageId,
    file: Option<AttachmentId>,
    reason: Option<&str>,
) -> Result<View> {
    let open = reviewable(services, actor, id).await?;
    let store = services.store();
    let reason = reason.map(|reason| words("reason", reason)).transpose()?;
    let scope = Scope::whole(actor.organization_id);
    let gathered = Gathered::of(services, &open.request).await?;
    messages::find(store, &scope, message_id)
        .await?
        .filter(|message| gathered.tickets().contains(&message.ticket_id))
        .filter(|message| gathered.has(message))
        .ok_or(ServiceError::NotFound)?;
    if let Some(file) = file {
        let files = attachments::list(store, &scope, &[message_id]).await?;
        if !files.iter().any(|known| known.id == file) {
            return Err(ServiceError::NotFound);
        }
    }
    super::record(services, actor, id, Action::ReviewRequest).await?;
    let kept = Kept { object: file.map_or(message_id.0, |file| file.0), message_id };
    let tx = store.begin().await?;
    let by = actor.membership_id;
    withheld::set(&tx, &open.key, &open.request, kept, reason.as_deref(), by).await?;
    tx.commit().await?;
    view(services, actor, id).await
}
