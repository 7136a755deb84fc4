//! What people decide about an answer.

use super::{SEND, changed, enqueue, lock, unique_key};
use crate::authz::{Actor, Permission};
use crate::domain::delivery::{self, code};
use crate::domain::ids::MessageId;
use crate::domain::words::{OutboxState, Provider};
use crate::service::{Result, ServiceError, Services};
use crate::store::outbox::Entry;
use crate::store::{jobs, mailboxes, messages, outbox};

/// Lets a person send what waits for one: an answer that is late or was overtaken by a newer
/// message, or one that is in doubt (which may then reach the customer twice: they were asked).
pub async fn confirm(services: &Services, actor: &Actor, id: MessageId) -> Result<()> {
    let may = |entry: &Entry| match entry.state {
        OutboxState::NeedsConfirmation | OutboxState::InDoubt => Ok(()),
        _ => Err(ServiceError::conflict("not_waiting", "This answer does not wait for anybody.")),
    };
    send_now(services, actor, id, may).await
}

/// Tries an answer again that was refused, or that came back: then only whom it did not reach
/// gets it.
pub async fn retry(services: &Services, actor: &Actor, id: MessageId) -> Result<()> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let store = services.store();
    let known = outbox::find_of_message(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let bounced = if known.has_bounced() {
        let message = messages::find(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
        known.bounced(&store.keyring().get(message.key_id).await?)?
    } else {
        None
    };
    let may = |entry: &Entry| match entry.state {
        OutboxState::Failed if bounced.as_ref().is_some_and(Vec::is_empty) => {
            Err(ServiceError::conflict(
                "recipients_unknown",
                "The report does not say who did not get this answer. Write to them anew, so that \
                 nobody gets it twice.",
            ))
        }
        // Sent again it would fail in the same way.
        OutboxState::Failed if entry.error_code.as_deref() == Some(code::UNREADABLE) => {
            Err(ServiceError::conflict("unreadable", "This answer can no longer be read."))
        }
        OutboxState::Failed | OutboxState::Retrying => Ok(()),
        _ => Err(ServiceError::conflict("not_failed", "This answer was not refused.")),
    };
    send_now(services, actor, id, may).await
}

async fn send_now(
    services: &Services,
    actor: &Actor,
    id: MessageId,
    may: impl Fn(&Entry) -> Result<()> + Send,
) -> Result<()> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let (store, now) = (services.store(), services.store().now());
    let known = outbox::find_of_message(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    if mailboxes::find(store, known.organization_id, known.channel_id).await?.is_none() {
        return Err(ServiceError::conflict(
            "mailbox_disconnected",
            "The mailbox of this answer is no longer connected, so nothing can be sent.",
        ));
    }
    let tx = store.begin().await?;
    let (ticket, mut entry) = lock(&tx, &known).await?;
    may(&entry)?;
    entry.seen_version = ticket.version;
    entry.confirmed_at = Some(now);
    entry.not_before = now;
    entry.state = if entry.attempts == 0 { OutboxState::Waiting } else { OutboxState::Retrying };
    entry.save(&tx).await?;
    enqueue(&tx, &entry).await?;
    changed(&tx, &entry, Some(actor.membership_id));
    tx.commit().await?;
    Ok(())
}

/// A person knows that an answer arrived of which we could not know it. Nothing is sent any more.
pub async fn mark_sent(services: &Services, actor: &Actor, id: MessageId) -> Result<()> {
    let scope = services.scope(actor, Permission::WorkOnTickets)?;
    let store = services.store();
    let known = outbox::find_of_message(store, &scope, id).await?.ok_or(ServiceError::NotFound)?;
    let mailbox = mailboxes::find(store, known.organization_id, known.channel_id).await?;
    let tx = store.begin().await?;
    let (_, mut entry) = lock(&tx, &known).await?;
    if !delivery::may_settle(entry.state, entry.error_code.as_deref()) {
        return Err(ServiceError::conflict("not_in_doubt", "This answer is not in doubt."));
    }
    entry.state = OutboxState::Sent;
    entry.sent_at = entry.last_attempt_at.or(Some(store.now()));
    entry.lease_until = None;
    entry.clear_trouble();
    entry.save(&tx).await?;
    jobs::remove(&tx, &unique_key(SEND, entry.id)).await?;
    if mailbox.is_some_and(|mailbox| mailbox.provider == Provider::Imap) {
        super::add_copy_job(&tx, &entry).await?;
    }
    changed(&tx, &entry, Some(actor.membership_id));
    tx.commit().await?;
    Ok(())
}
