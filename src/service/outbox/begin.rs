//! What is to be done about an entry now. An attempt is counted here, before anybody dials.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ask, changed, set_code};
use crate::crypto::{KeyError, OpenKey};
use crate::domain::delivery::{self, code};
use crate::domain::ids::{OrganizationId, OutboxId};
use crate::domain::words::{ChannelState, OutboxState, Provider};
use crate::service::outgoing::{self, Envelope};
use crate::service::{Result, ServiceError, Services};
use crate::store::mailboxes::{self, Mailbox};
use crate::store::messages::Message;
use crate::store::outbox::Entry;
use crate::store::tickets::Ticket;
use crate::store::{Scope, StoreError, Tx, messages, outbox, raw};

/// How long a worker has an entry after its last sign of life ([`renew`]).
const LEASE: TimeDelta = TimeDelta::minutes(4);

/// How many earlier answers are looked for to tell whether the provider keeps copies.
const EARLIER: u64 = 3;

/// How often an answer looks whether its mailbox works again, beside being told.
const MAILBOX_WAIT: TimeDelta = TimeDelta::minutes(15);

/// What a worker is to do.
#[derive(Debug)]
pub enum Step {
    /// Nothing, and never again: it was sent, taken back, or waits for a person.
    Nothing,
    /// Nothing before this.
    Wait(DateTime<Utc>),
    /// Send it, then [`super::record()`].
    Send(Box<Assignment>),
    /// Look whether it was sent, then [`super::record_look`].
    Look(Box<Assignment>),
}

/// A mail, and the attempt that a worker makes with it.
#[derive(Debug)]
pub struct Assignment {
    /// The entry as it stands.
    pub entry: Entry,
    /// The mailbox.
    pub mailbox: outgoing::Mailbox,
    /// Whether a copy must be put into the Sent folder.
    pub append_copy: bool,
    /// From whom to whom.
    pub envelope: Envelope,
    /// The Message-ID, without brackets.
    pub message_id: String,
    /// Those of answers that left by this mailbox before: where not even their copies are in the
    /// Sent folder, a missing copy says nothing. Only for a look.
    pub earlier: Vec<String>,
    /// The mail: the same bytes at each attempt.
    pub raw: Vec<u8>,
    pub(super) key: OpenKey,
}

/// The worker is still talking to the server: nobody else takes the entry.
pub async fn renew(services: &Services, assignment: &Assignment) -> Result<()> {
    let store = services.store();
    Ok(outbox::extend_lease(store, &assignment.entry, store.now() + LEASE).await?)
}

/// Decides. What the decision needs is read first, so that a failure to read counts no attempt.
pub async fn begin(
    services: &Services,
    organization_id: OrganizationId,
    id: OutboxId,
) -> Result<Step> {
    let (store, now) = (services.store(), services.store().now());
    let Some(entry) = outbox::find(store, organization_id, id).await? else {
        return Ok(Step::Nothing);
    };
    match entry.state {
        OutboxState::Waiting | OutboxState::Retrying if entry.not_before > now => {
            return Ok(Step::Wait(entry.not_before));
        }
        OutboxState::Waiting
        | OutboxState::Retrying
        | OutboxState::Sending
        | OutboxState::InDoubt => {}
        OutboxState::Sent
        | OutboxState::Failed
        | OutboxState::Cancelled
        | OutboxState::NeedsConfirmation => return Ok(Step::Nothing),
    }
    let mailbox = mailboxes::find(store, organization_id, entry.channel_id).await?;
    let Some(mailbox) = mailbox else {
        return give_up(services, &entry, code::DISCONNECTED).await;
    };
    let Some((message, key, raw)) = read(services, &entry).await? else {
        return give_up(services, &entry, code::UNREADABLE).await;
    };
    let bounced = entry.bounced(&key)?;
    let earlier = match entry.state {
        OutboxState::InDoubt | OutboxState::Sending => earlier(services, &entry).await?,
        _ => Vec::new(),
    };

    let tx = store.begin().await?;
    let (ticket, mut entry) = super::lock(&tx, &entry).await?;
    let step = decide(services, &mut entry, &ticket, &mailbox);
    let assignment = |entry| {
        let mut made = assign(entry, &mailbox, &message, raw, key);
        if let Some(whom) = bounced {
            made.envelope.recipients.retain(|recipient| whom.contains(recipient));
        }
        made.earlier = earlier;
        Box::new(made)
    };
    Ok(match step {
        Decision::Nothing => Step::Nothing,
        Decision::Wait(until) => Step::Wait(until),
        Decision::Ask => {
            store_change(tx, &entry).await?;
            Step::Nothing
        }
        Decision::WaitForMailbox => {
            store_change(tx, &entry).await?;
            Step::Wait(entry.not_before)
        }
        Decision::Send => {
            store_change(tx, &entry).await?;
            Step::Send(assignment(entry))
        }
        Decision::Doubt => {
            store_change(tx, &entry).await?;
            Step::Look(assignment(entry))
        }
        Decision::Look => Step::Look(assignment(entry)),
    })
}

/// The message, its key and the mail; `None` when one of them is no longer there.
async fn read(services: &Services, entry: &Entry) -> Result<Option<(Message, OpenKey, Vec<u8>)>> {
    let store = services.store();
    let scope = Scope::whole(entry.organization_id);
    let message = match messages::find(store, &scope, entry.message_id).await {
        Ok(Some(message)) => message,
        Ok(None) | Err(StoreError::Key(KeyError::Missing(_) | KeyError::Destroyed(_))) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let key = store.keyring().get(message.key_id).await?;
    let Some(mail) = raw::find(store, entry.organization_id, entry.message_id).await? else {
        return Ok(None);
    };
    let raw = mail.read_all(store, services.blobs()).await?;
    Ok(Some((message, key, raw)))
}

/// The Message-IDs of the answers that last left by this mailbox.
async fn earlier(services: &Services, entry: &Entry) -> Result<Vec<String>> {
    let store = services.store();
    let scope = Scope::whole(entry.organization_id);
    let mut ids = Vec::new();
    for id in outbox::last_sent(store, entry, EARLIER).await? {
        let message = messages::find(store, &scope, id).await?;
        ids.extend(message.and_then(|message| message.envelope.message_id));
    }
    Ok(ids)
}

enum Decision {
    Nothing,
    Wait(DateTime<Utc>),
    WaitForMailbox,
    /// It is written down that it does not go by itself: it asks, or has become pointless.
    Ask,
    Send,
    Doubt,
    Look,
}

fn decide(services: &Services, entry: &mut Entry, ticket: &Ticket, mailbox: &Mailbox) -> Decision {
    let now = services.store().now();
    match (entry.state, entry.lease_until) {
        (OutboxState::Waiting | OutboxState::Retrying, _) => {}
        (OutboxState::Sending, Some(until)) if until > now => return Decision::Wait(until),
        (OutboxState::Sending, _) => {
            interrupted(entry);
            return Decision::Doubt;
        }
        (OutboxState::InDoubt, _) => return Decision::Look,
        _ => return Decision::Nothing,
    }
    if entry.not_before > now {
        return Decision::Wait(entry.not_before);
    }
    if super::is_overtaken(ticket, entry) {
        ask(entry, code::NEWER_MESSAGE);
        return Decision::Ask;
    }
    if entry.is_automatic && delivery::is_late(entry.created_at, delivery::AUTOMATIC_FOR, now) {
        entry.state = OutboxState::Cancelled;
        set_code(entry, code::LATE);
        return Decision::Ask;
    }
    if delivery::is_late(due(services, entry), late_after(services), now) {
        ask(entry, code::LATE);
        return Decision::Ask;
    }
    let blocked = match mailbox.state {
        ChannelState::NeedsReauthorization => Some(code::NEEDS_REAUTHORIZATION),
        ChannelState::Paused => Some(code::PAUSED),
        _ => None,
    };
    if let Some(blocked) = blocked {
        entry.state = OutboxState::Retrying;
        set_code(entry, blocked);
        entry.not_before = now + MAILBOX_WAIT;
        return Decision::WaitForMailbox;
    }
    entry.state = OutboxState::Sending;
    entry.attempts += 1;
    entry.lease_until = Some(now + LEASE);
    entry.last_attempt_at = Some(now);
    Decision::Send
}

/// Whoever sent it died before they could say what became of it.
fn interrupted(entry: &mut Entry) {
    entry.state = OutboxState::InDoubt;
    entry.lease_until = None;
    entry.error_code = Some(code::INTERRUPTED.to_owned());
    entry.forget_restore();
}

/// When it should have gone: after the undo window, or when a person last said so.
fn due(services: &Services, entry: &Entry) -> DateTime<Utc> {
    entry.confirmed_at.unwrap_or(entry.created_at + super::undo(services))
}

fn late_after(services: &Services) -> TimeDelta {
    TimeDelta::from_std(services.options().late_after).unwrap_or(TimeDelta::MAX)
}

fn assign(
    entry: Entry,
    mailbox: &Mailbox,
    message: &Message,
    raw: Vec<u8>,
    key: OpenKey,
) -> Assignment {
    let head = &message.envelope;
    let from = head.from.first().map_or(mailbox.address.as_str(), |from| from.address.as_str());
    Assignment {
        mailbox: outgoing::Mailbox {
            organization_id: entry.organization_id,
            channel_id: entry.channel_id,
        },
        // Gmail and Microsoft 365 keep a copy of what is handed to their SMTP servers.
        append_copy: mailbox.provider == Provider::Imap,
        envelope: Envelope { from: from.to_owned(), recipients: head.recipients() },
        message_id: head.message_id.clone().unwrap_or_default(),
        earlier: Vec::new(),
        entry,
        raw,
        key,
    }
}

async fn store_change(tx: Tx, entry: &Entry) -> Result<()> {
    entry.save(&tx).await?;
    changed(&tx, entry, None);
    Ok(tx.commit().await?)
}

/// It can never be sent: a person is told why, instead of an answer that waits for ever.
async fn give_up(services: &Services, entry: &Entry, why: &'static str) -> Result<Step> {
    let tx = services.store().begin().await?;
    let (_, mut entry) = super::lock(&tx, entry).await?;
    match (entry.state, entry.lease_until) {
        (OutboxState::Waiting | OutboxState::Retrying, _) => {
            entry.state = OutboxState::Failed;
            set_code(&mut entry, why);
        }
        (OutboxState::Sending, Some(until)) if until > services.store().now() => {
            return Ok(Step::Wait(until));
        }
        (OutboxState::Sending, _) => interrupted(&mut entry),
        _ => return Ok(Step::Nothing),
    }
    store_change(tx, &entry).await?;
    Ok(Step::Nothing)
}

/// A mail that was sent, to put a copy of it into the Sent folder.
#[derive(Debug)]
pub struct SentMail {
    /// The mailbox.
    pub mailbox: outgoing::Mailbox,
    /// The Message-ID, without brackets.
    pub message_id: String,
    /// The mail.
    pub raw: Vec<u8>,
}

/// The mail of an entry that was sent.
pub async fn sent_mail(
    services: &Services,
    organization_id: OrganizationId,
    id: OutboxId,
) -> Result<SentMail> {
    let store = services.store();
    let entry = outbox::find(store, organization_id, id).await?;
    let entry = entry.filter(|entry| entry.state == OutboxState::Sent);
    let entry = entry.ok_or(ServiceError::NotFound)?;
    let scope = Scope::whole(organization_id);
    let message = messages::find(store, &scope, entry.message_id).await?;
    let message = message.ok_or(ServiceError::NotFound)?;
    let mail = raw::find(store, organization_id, entry.message_id).await?;
    let mail = mail.ok_or(ServiceError::NotFound)?;
    Ok(SentMail {
        mailbox: outgoing::Mailbox { organization_id, channel_id: entry.channel_id },
        message_id: message.envelope.message_id.unwrap_or_default(),
        raw: mail.read_all(store, services.blobs()).await?,
    })
}
