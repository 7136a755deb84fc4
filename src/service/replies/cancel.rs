//! Undo: an answer that has not gone out becomes a draft again.

use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::delivery::may_cancel;
use crate::domain::ids::{AttachmentId, MessageId};
use crate::domain::words::EventKind;
use crate::service::drafts::{self, View};
use crate::service::{Result, ServiceError, Services, outbox as delivery, uploads};
use crate::store::drafts::Content;
use crate::store::events::NewEvent;
use crate::store::outbox::{Entry, Restore};
use crate::store::tickets::{self, Change, Ticket};
use crate::store::{Tx, drafts as store_drafts, jobs, messages, outbox};

use super::conversation::PERMISSION;

/// Takes an answer back: its text, recipients and files become the actor's draft, the ticket is
/// as it was before, and nothing else of the answer stays.
pub async fn cancel(services: &Services, actor: &Actor, id: MessageId) -> Result<View> {
    let scope = services.scope(actor, PERMISSION)?;
    let store = services.store();
    let known = outbox::find_of_message(store, &scope, id).await?;
    let known = known.ok_or(ServiceError::NotFound)?;
    let message = messages::find(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let key = store.keyring().get(message.key_id).await?;

    let tx = store.begin().await?;
    let (ticket, entry) = delivery::lock(&tx, &known).await?;
    if !may_cancel(entry.state, entry.attempts, entry.error_code.as_deref()) {
        return Err(ServiceError::conflict(
            "on_its_way",
            "This answer is on its way already and cannot be taken back.",
        ));
    }
    let Some(restore) = entry.restore(&key)? else { return Err(ServiceError::NotFound) };
    let ticket_key = store.keyring().get(ticket.key_id).await?;
    let owner = drafts::owner(actor, &ticket);
    let other = store_drafts::lock(&tx, owner, &ticket_key).await?;
    let content = join(restore.draft.clone(), other.map(|draft| draft.content));
    let draft = store_drafts::put(&tx, owner, &ticket_key, &content).await?;
    drafts::hold(&tx, actor, &draft).await?;
    put_back(&tx, actor, (&ticket, &ticket_key, &entry), &message, restore).await?;
    let leftover = outbox::remove_answer(&tx, &entry).await?;
    jobs::remove(&tx, &delivery::unique_key(delivery::SEND, entry.id)).await?;
    gone(&tx, actor, &entry);
    tx.commit().await?;
    uploads::clear(services, leftover).await;
    drafts::view(services, actor, &scope, draft).await
}

/// What the agent has begun to write meanwhile is not lost: it stands below.
fn join(mut first: Content, second: Option<Content>) -> Content {
    let Some(second) = second.filter(|content| !content.is_empty()) else { return first };
    if let (None, Some(_)) = (&first.html, &second.html) {
        first.html = Some(as_html(&first.text));
    }
    if let Some(html) = &mut first.html {
        html.push_str("<br><br>");
        html.push_str(&second.html.unwrap_or_else(|| as_html(&second.text)));
    }
    first.text = format!("{}\n\n{}", first.text.trim_end(), second.text);
    let known: Vec<AttachmentId> = first.attachment_ids.clone();
    let new = second.attachment_ids.into_iter().filter(|id| !known.contains(id));
    first.attachment_ids.extend(new);
    first
}

fn as_html(text: &str) -> String {
    html_escape::encode_text(text).replace('\n', "<br>")
}

/// The ticket as it was, as far as nobody else has changed it.
async fn put_back(
    tx: &Tx,
    actor: &Actor,
    (ticket, key, entry): (&Ticket, &OpenKey, &Entry),
    message: &messages::Message,
    restore: Restore,
) -> Result<()> {
    let Restore { status_after, before, .. } = restore;
    let mut state = ticket.state.clone();
    state.message_count = (state.message_count - 1).max(0);
    let overtaken = delivery::is_overtaken(ticket, entry);
    let untouched = state.status == status_after && !overtaken;
    if untouched {
        state.status = before.status;
        state.closed_at = before.closed_at;
        state.waiting_since = before.waiting_since;
    }
    let is_last =
        !overtaken && state.last_message_at.timestamp_millis() == message.at.timestamp_millis();
    if is_last {
        state.last_message_at = before.last_message_at;
        state.has_attachment = before.has_attachment;
    }
    let snippet = is_last.then_some(before.snippet.as_str());
    let change = Change { version: ticket.version, state: &state, snippet, customer: None };
    tickets::update(tx, actor.organization_id, ticket.id, key, &change).await?;
    if untouched && before.status != status_after {
        super::status_event(tx, actor, ticket, before.status);
    }
    Ok(())
}

/// Tells listeners that the message is no longer there.
fn gone(tx: &Tx, actor: &Actor, entry: &Entry) {
    let kind = EventKind::DeliveryChanged;
    tx.event(
        NewEvent::ticket(entry.organization_id, kind, entry.channel_id, entry.ticket_id)
            .message(entry.message_id)
            .by(Some(actor.membership_id))
            .data(serde_json::json!({ "state": "cancelled" })),
    );
}
