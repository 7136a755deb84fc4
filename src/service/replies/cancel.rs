//! Undo: an answer that has not gone out becomes a draft again.

use std::collections::HashSet;

use crate::audit::{Action, ObjectKind};
use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::ids::{AttachmentId, MessageId};
use crate::domain::words::EventKind;
use crate::service::drafts::{self, View};
use crate::service::{Result, ServiceError, Services, access, outbox as delivery, uploads};
use crate::store::drafts::Content;
use crate::store::events::NewEvent;
use crate::store::messages::{self, Envelope, Party};
use crate::store::outbox::{Entry, Restore};
use crate::store::tickets::{self, Change, Ticket, participants};
use crate::store::{Scope, Tx, contacts, drafts as store_drafts, jobs, keys, outbox};

use super::conversation::PERMISSION;

/// How often undo is tried anew when somebody changes the ticket under it.
const MAX_TRIES: usize = 5;

/// Takes an answer back: its text, recipients and files become the actor's draft, the ticket is
/// as it was before, and nothing else of the answer stays.
pub async fn cancel(services: &Services, actor: &Actor, id: MessageId) -> Result<View> {
    for _ in 1..MAX_TRIES {
        match attempt(services, actor, id).await {
            Err(ServiceError::Stale) => {}
            done => return done,
        }
    }
    attempt(services, actor, id).await
}

async fn attempt(services: &Services, actor: &Actor, id: MessageId) -> Result<View> {
    let scope = services.scope(actor, PERMISSION)?;
    let store = services.store();
    let known = outbox::find_of_message(store, &scope, id).await?;
    let known = known.ok_or(ServiceError::NotFound)?;
    let message = messages::find(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let key = store.keyring().get(message.key_id).await?;
    let (version, strangers) = strangers(services, &message).await?;
    // The draft that it becomes is handed out.
    let (action, kind) = (Action::ReadMessage, ObjectKind::Message);
    access::record(services, actor, action, kind, id.0, message.channel_id).await?;

    let tx = store.begin().await?;
    let (ticket, entry) = delivery::lock(&tx, &known).await?;
    let restore = if delivery::may_cancel(&entry) { entry.restore(&key)? } else { None };
    let Some(restore) = restore else {
        return Err(ServiceError::conflict(
            "on_its_way",
            "This answer is on its way already and cannot be taken back.",
        ));
    };
    if ticket.version != version {
        return Err(ServiceError::Stale);
    }
    let ticket_key = store.keyring().get(ticket.key_id).await?;
    let owner = drafts::owner(actor, &ticket, super::draft_kind(&restore.draft));
    let other = store_drafts::lock(&tx, owner, &ticket_key).await?;
    let content = join(restore.draft.clone(), other.map(|draft| draft.content));
    let draft = store_drafts::put(&tx, owner, &ticket_key, &content).await?;
    drafts::hold(&tx, actor, &draft).await?;
    put_back(&tx, actor, (&ticket, &ticket_key, &entry), &message, restore).await?;
    let leftover = outbox::remove_answer(&tx, &entry).await?;
    participants::remove(&tx, actor.organization_id, ticket.id, &strangers).await?;
    jobs::remove(&tx, &delivery::unique_key(delivery::SEND, entry.id)).await?;
    gone(&tx, actor, &entry);
    tx.commit().await?;
    uploads::clear(services, leftover).await;
    drafts::view(services, actor, &scope, draft).await
}

/// The ticket's version, and who takes part in the ticket only because this answer was to go to
/// them: once it is taken back, their mail is a stranger's again.
async fn strangers(services: &Services, answer: &messages::Message) -> Result<(i32, Vec<Vec<u8>>)> {
    let store = services.store();
    let scope = Scope::whole(answer.organization_id);
    let ticket = tickets::find(store, &scope, answer.ticket_id).await?;
    let ticket = ticket.ok_or(ServiceError::NotFound)?;
    let key = keys::of_organization(store, answer.organization_id).await?;
    let blind = |address: &str| contacts::address_blind(&key, address);
    let mut known: HashSet<Vec<u8>> = HashSet::from([blind(&ticket.customer.address)]);
    for message in messages::list(store, &scope, ticket.id).await? {
        if message.id != answer.id {
            let head = &message.envelope;
            known.extend(head.from.iter().map(|party| blind(&party.address)));
            known.extend(everybody(head).map(|party| blind(&party.address)));
        }
    }
    let written_to = everybody(&answer.envelope).map(|party| blind(&party.address));
    Ok((ticket.version, written_to.filter(|blind| !known.contains(blind)).collect()))
}

fn everybody(head: &Envelope) -> impl Iterator<Item = &Party> {
    head.to.iter().chain(&head.cc).chain(&head.bcc).chain(&head.reply_to)
}

/// What the agent has begun to write meanwhile is not lost: it stands below.
fn join(mut first: Content, second: Option<Content>) -> Content {
    let Some(second) = second.filter(|content| !content.is_empty()) else { return first };
    if let (None, Some(_)) = (&first.html, &second.html) {
        first.html = Some(as_html(&first.text));
    }
    if let Some(html) = &mut first.html {
        html.push_str(&second.html.unwrap_or_else(|| as_html(&second.text)));
    }
    first.text = format!("{}\n\n{}", first.text.trim_end(), second.text);
    let known: Vec<AttachmentId> = first.attachment_ids.clone();
    let new = second.attachment_ids.into_iter().filter(|id| !known.contains(id));
    first.attachment_ids.extend(new);
    first
}

/// A paragraph for what stands between empty lines, as the editor makes them.
fn as_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(|part| part.trim_matches('\n'));
    paragraphs.filter(|part| !part.is_empty()).fold(String::new(), |mut html, part| {
        html.push_str("<p>");
        html.push_str(&html_escape::encode_text(part).replace('\n', "<br>"));
        html.push_str("</p>");
        html
    })
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
        state.snoozed_until = before.snoozed_until;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str, html: Option<&str>) -> Content {
        Content { text: text.to_owned(), html: html.map(str::to_owned), ..Content::default() }
    }

    #[test]
    fn what_is_joined_is_paragraphs_of_both() {
        let rich = content("Hello.", Some("<p>Hello.</p>"));
        let plain = content("One & two\nthree\n\n\nfour\n", None);
        let joined = join(rich.clone(), Some(plain.clone()));
        let html = "<p>Hello.</p><p>One &amp; two<br>three</p><p>four</p>";
        assert_eq!(joined.html.as_deref(), Some(html));
        assert_eq!(joined.text, "Hello.\n\nOne & two\nthree\n\n\nfour\n");
        let joined = join(plain.clone(), Some(rich));
        let html = "<p>One &amp; two<br>three</p><p>four</p><p>Hello.</p>";
        assert_eq!(joined.html.as_deref(), Some(html));
        assert_eq!(join(plain.clone(), Some(plain)).html, None);
    }
}
