//! A mailbox says by itself that a mail has arrived, where an admin has switched that on.
//!
//! 1. [`enqueue`]: intake, in the transaction that makes a ticket, for a mail that may be answered by a
//!    machine at all (`intake::draft`: nothing old, automatic, forged or from a list).
//! 2. [`run`]: a job looks at what the mail does not tell: whose address it is, whether somebody has
//!    answered meanwhile, and the limits. Then one transaction holds message, raw mail and outbox entry.
//! 3. The outbox sends it as it sends every answer, at once. One that is held up for an hour is dropped.
//!
//! It cannot loop (RFC 3834): it says of itself that it is automatic, it answers nothing that does, only
//! the first mail of a ticket is answered (and an answer to it joins that ticket), an address once a day
//! from all mailboxes together, and a mailbox answers so many an hour. It repeats nothing that the
//! sender wrote: no subject, no text, no name; so nobody can have it say something to others.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::access::{self, Object};
use super::replies::write::{self, Sealed};
use super::saved_replies::unknown_variable;
use super::{Result, ServiceError, Services, outbox as delivery, replies, uploads};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::domain::delivery::AUTOMATIC_FOR;
use crate::domain::ids::{ChannelId, ContactId, MessageId, OrganizationId, OutboxId, TicketId};
use crate::domain::words::{ChannelState, EventKind, MessageKind, Status};
use crate::mail::compose::{AutoSubmitted, Language};
use crate::mail::{Address, Outgoing};
use crate::store::events::NewEvent;
use crate::store::jobs::NewJob;
use crate::store::mailboxes::{self, Mailbox};
use crate::store::messages::references;
use crate::store::messages::{self, Envelope, Message, NewMessage, Party};
use crate::store::outbox::{self, Leftover, NewEntry};
use crate::store::tickets::{self, Ticket};
use crate::store::{
    Scope, StoreError, Tx, accounts, acknowledgements, contacts, jobs, keys, memberships,
    organizations, person_marks, raw,
};

/// The kind of job.
pub const KIND: &str = "acknowledge";

/// What can stand in `{{…}}`.
pub const VARIABLES: &[&str] = &["mailbox.name", "organization.name", "ticket.number"];

/// The longest text, in characters.
const MAX_TEXT: usize = 5_000;

/// An address gets one in this time.
const PER_ADDRESS: TimeDelta = TimeDelta::days(1);

/// So many leave a mailbox in an hour: a helpdesk's worst hour has fewer who write for the first time
/// that day, and providers take more.
const PER_HOUR: u64 = 100;

/// The mail that is to be answered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Order {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The mailbox that it came in by.
    pub channel_id: ChannelId,
    /// The ticket that it began.
    pub ticket_id: TicketId,
    /// The mail.
    pub message_id: MessageId,
}

/// Adds the job that answers.
pub(super) async fn enqueue(tx: &Tx, order: Order) -> Result<(), StoreError> {
    let job = NewJob {
        kind: KIND,
        organization_id: Some(order.organization_id),
        subject_id: Some(order.channel_id.0),
        payload: serde_json::to_value(order)?,
        unique_key: Some(format!("{KIND}:{}", order.ticket_id)),
        run_at: tx.store().now(),
    };
    jobs::add(tx, job).await
}

/// The text as it is stored. Of one that is empty nothing is left.
pub(super) fn check(text: &str) -> Result<Option<String>> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > MAX_TEXT {
        let message = format!("Take at most {MAX_TEXT} characters.");
        return Err(ServiceError::invalid("acknowledgement.text", message));
    }
    if let Some(unknown) = unknown_variable(&text, VARIABLES) {
        let known = VARIABLES.join(", ");
        let message = format!("There is no variable \"{unknown}\". There are: {known}.");
        return Err(ServiceError::invalid("acknowledgement.text", message));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// What stands in the subject, in the language of the mailbox.
#[must_use]
pub fn subject(language: &str) -> &'static str {
    match Language::from_tag(language) {
        Language::En => "We have received your message (number {{ticket.number}})",
        Language::Nl => "We hebben uw bericht ontvangen (nummer {{ticket.number}})",
        Language::De => "Wir haben Ihre Nachricht erhalten (Nummer {{ticket.number}})",
    }
}

fn fill(text: &str, number: i64, organization: &str, mailbox: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        filled.push_str(before);
        match name.split_once('|').map_or(name, |(name, _)| name).trim() {
            "ticket.number" => filled.push_str(&number.to_string()),
            "organization.name" => filled.push_str(organization),
            "mailbox.name" => filled.push_str(mailbox),
            _ => {}
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// Answers the mail, if it is to be answered. Done twice it answers once.
pub async fn run(services: &Services, order: Order) -> Result<()> {
    let Some(case) = look(services, order).await? else { return Ok(()) };
    let channel_key =
        keys::of_channel(services.store(), order.organization_id, order.channel_id).await?;
    let made = compose(services, &case, &channel_key).await?;
    let leftover = Leftover {
        keys: vec![made.message.key.id()],
        objects: made.raw.object_name.iter().cloned().collect(),
    };
    let object = Object::of(order.channel_id, ObjectKind::Ticket, order.ticket_id.0);
    let who = Who::System;
    let logged =
        access::record_by(services, order.organization_id, who, Action::Acknowledge, object).await;
    let stored = match logged {
        Ok(()) => store(services, order, &case, &channel_key, made).await,
        Err(error) => Err(error),
    };
    if !matches!(stored, Ok(true)) {
        uploads::clear(services, leftover).await;
    }
    stored.map(|_| ())
}

/// What is answered, by whom.
struct Case {
    mailbox: Mailbox,
    ticket: Ticket,
    contact_id: ContactId,
    text: String,
    answered: Message,
    to: String,
}

/// What the mail itself does not tell; `None` when it is not to be answered.
async fn look(services: &Services, order: Order) -> Result<Option<Case>> {
    let Order { organization_id, channel_id, ticket_id, message_id } = order;
    let store = services.store();
    let scope = Scope::whole(organization_id);
    let mailbox = mailboxes::find(store, organization_id, channel_id).await?;
    let is_on = |mailbox: &Mailbox| mailbox.acknowledges && mailbox.state != ChannelState::Paused;
    let Some(mailbox) = mailbox.filter(is_on) else { return Ok(None) };
    let Some(text) = mailbox.acknowledgement.clone() else { return Ok(None) };
    let ticket = tickets::find(store, &scope, ticket_id).await?;
    let Some(ticket) = ticket.filter(waits) else { return Ok(None) };
    let Some(contact_id) = ticket.state.contact_id else { return Ok(None) };
    // A message that is being purged cannot be opened; nobody is answered then.
    let mut messages = messages::list(store, &scope, ticket_id).await?;
    messages.retain(|message| message.id == message_id);
    let Some(answered) = messages.pop() else { return Ok(None) };
    if store.now() - answered.at >= AUTOMATIC_FOR || answered.kind != MessageKind::Inbound {
        return Ok(None);
    }
    let [from] = answered.envelope.from.as_slice() else { return Ok(None) };
    let to = from.address.trim().to_owned();
    // Only a customer: neither ourselves nor a colleague, nobody who wants to hear nothing, and
    // nobody who was put in the sender's place since.
    let organization_key = keys::of_organization(store, organization_id).await?;
    let blind = contacts::address_blind(&organization_key, &to);
    let owners = contacts::find_by_blinds(store, organization_id, std::slice::from_ref(&blind));
    if owners.await?.get(&blind) != Some(&contact_id)
        || mailboxes::is_own(store, organization_id, &to).await?
        || is_user(services, organization_id, &to).await?
        || !contacts::profile::blocked_among(store, organization_id, &[contact_id])
            .await?
            .is_empty()
        || !person_marks::of(store, organization_id, &[blind]).await?.is_empty()
    {
        return Ok(None);
    }
    Ok(Some(Case { mailbox, ticket, contact_id, text, answered, to }))
}

/// Whether the customer waits for a first word: nobody has answered, closed or merged it.
fn waits(ticket: &Ticket) -> bool {
    let state = &ticket.state;
    state.status == Status::Open
        && state.waiting_since.is_some()
        && state.merged_into_id.is_none()
        && !state.is_history
        && ticket.anonymized_at.is_none()
}

async fn is_user(services: &Services, organization: OrganizationId, address: &str) -> Result<bool> {
    let store = services.store();
    let Some(account) = accounts::find_by_email(store, address).await? else { return Ok(false) };
    let of = memberships::list_of_account(store, account.id).await?;
    Ok(of.iter().any(|membership| membership.organization_id == organization))
}

struct Made {
    message: NewMessage,
    raw: raw::SealedRaw,
}

async fn compose(
    services: &Services,
    case: &Case,
    channel_key: &crate::crypto::OpenKey,
) -> Result<Made> {
    let Case { mailbox, ticket, contact_id, text, answered, to } = case;
    let store = services.store();
    let organization = organizations::find(store, ticket.organization_id).await?;
    let organization = organization.ok_or(ServiceError::NotFound)?;
    let (id, now) = (store.new_id(), store.now());
    let filled = |text: &str| fill(text, ticket.number, &organization.name, &mailbox.display_name);
    let text = filled(text);
    let (in_reply_to, references) = write::thread(Some(answered));
    let outgoing = Outgoing {
        from: Address {
            name: Some(mailbox.display_name.clone()).filter(|name| !name.trim().is_empty()),
            address: mailbox.address.clone(),
        },
        // Without a name: that is what the sender wrote.
        to: vec![Address { name: None, address: to.clone() }],
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: Vec::new(),
        subject: filled(subject(&mailbox.language)),
        date: now,
        message_id: replies::message_id(channel_key, ticket.id, id, &mailbox.address),
        in_reply_to,
        references,
        text: text.clone(),
        html: None,
        plain: false,
        signature: mailbox.signature.clone(),
        quoted: None,
        attachments: Vec::new(),
        inline_images: Vec::new(),
        language: Language::from_tag(&mailbox.language),
        auto_submitted: Some(AutoSubmitted::Replied),
    };
    let by = (mailbox.channel_id, channel_key);
    let Sealed { raw, key, mail } = write::seal(services, by, MessageId(id), outgoing).await?;
    let parties =
        |list: Vec<Address>| -> Vec<Party> { list.into_iter().map(write::party).collect() };
    let message = NewMessage {
        id: MessageId(id),
        ticket_id: ticket.id,
        channel_id: mailbox.channel_id,
        contact_id: Some(*contact_id),
        author_id: None,
        kind: MessageKind::Outbound,
        key,
        at: now,
        is_auto: true,
        is_bounce: false,
        has_remote_images: false,
        flags: Vec::new(),
        envelope: Envelope {
            from: parties(mail.from),
            to: parties(mail.to),
            subject: mail.subject,
            message_id: mail.message_id,
            in_reply_to: mail.in_reply_to,
            references: mail.references,
            date: mail.date,
            ..Envelope::default()
        },
        text,
        quoted: Some(mail.quoted_text).filter(|quoted| !quoted.trim().is_empty()),
        html: None,
    };
    Ok(Made { message, raw })
}

/// One transaction: the answer, or nothing. The ticket is left as it is: it waits as before, nobody has
/// anything new to read, and in the list it shows what the customer wrote.
async fn store(
    services: &Services,
    order: Order,
    case: &Case,
    channel_key: &crate::crypto::OpenKey,
    made: Made,
) -> Result<bool> {
    let Order { organization_id, channel_id, ticket_id, .. } = order;
    let now = services.store().now();
    let Made { message, raw } = made;
    let (message_id, key) = (message.id, message.key.clone());
    let tx = services.store().begin().await?;
    let ticket = tickets::lock(&tx, organization_id, &[ticket_id]).await?.pop();
    let Some(ticket) = ticket.filter(waits) else { return Ok(false) };
    let since = now - PER_ADDRESS;
    let known = acknowledgements::was_answered(&tx, organization_id, case.contact_id, since);
    if known.await? != Some(false) {
        return Ok(false);
    }
    let hour = now - TimeDelta::hours(1);
    if acknowledgements::count(&tx, organization_id, channel_id, hour).await? >= PER_HOUR {
        tracing::warn!(
            mailbox.id = %channel_id,
            "a mailbox has answered as many by itself as it may in an hour"
        );
        return Ok(false);
    }
    let rows = replies::reference_rows(channel_key, ticket_id, &message);
    messages::add(&tx, organization_id, std::slice::from_ref(&message)).await?;
    references::add(&tx, organization_id, channel_id, rows).await?;
    raw::add(&tx, organization_id, channel_id, vec![raw]).await?;
    let id = OutboxId(services.store().new_id());
    let entry = NewEntry {
        id,
        channel_id,
        ticket_id,
        message_id,
        not_before: now,
        seen_version: ticket.version,
        restore: None,
        is_automatic: true,
    };
    outbox::add(&tx, organization_id, &key, &entry).await?;
    delivery::add_job(&tx, delivery::SEND, organization_id, (channel_id, id, now)).await?;
    tx.event(
        NewEvent::ticket(organization_id, EventKind::MessageAdded, channel_id, ticket_id)
            .message(message_id),
    );
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{check, fill};

    #[test]
    fn nothing_is_filled_in_twice() {
        let text = "{{organization.name}}: {{ ticket.number }} {{mailbox.name|us}} {{";
        assert_eq!(fill(text, 7, "{{mailbox.name}}", "Help"), "{{mailbox.name}}: 7 Help {{");
    }

    #[test]
    fn only_what_is_ours_is_a_variable() {
        assert!(check("Hi {{customer.name}}").is_err());
        assert!(check(&"x".repeat(5_001)).is_err());
        assert_eq!(check(" \r\n ").unwrap(), None);
        assert_eq!(check("a\r\nb ").unwrap().as_deref(), Some("a\nb"));
    }
}
