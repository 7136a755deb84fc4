//! The JSON of exports, as docs/data-export.schema.json tells it to programs and
//! docs/data-export.md to people. A change here is a change there.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::words::{MessageKind, OutboxState, Priority, Provider, Status};
use crate::store::contacts;

/// The format of `data.json` and of the files beside it.
pub const FORMAT: &str = "loket-export/1";

/// An id with a name.
#[derive(Debug, Clone, Serialize)]
pub struct Named {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox {
    /// Its id.
    pub id: Uuid,
    /// Its address.
    pub address: String,
    /// The name that customers see.
    pub name: String,
    /// Where it lives.
    pub provider: Provider,
    /// What stands under each answer.
    pub signature: Option<String>,
    /// What it says at once to whoever begins a conversation.
    pub acknowledgement: Option<String>,
    /// Whether it does.
    pub acknowledges: bool,
    /// The language of its mail.
    pub language: String,
    /// When it was connected.
    pub connected_at: DateTime<Utc>,
}

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// The name, if there is one.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// A ticket with what is in it.
#[derive(Debug, Clone, Serialize)]
pub struct Ticket {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// The mailbox that it lives in.
    pub mailbox_id: Uuid,
    /// False when it lives in a mailbox that is not exported; then only messages are told.
    pub is_whole: bool,
    /// Its status.
    pub status: Status,
    /// What it is about.
    pub subject: Option<String>,
    /// Who asked.
    pub customer: Option<Party>,
    /// The id of the contact.
    pub contact_id: Option<Uuid>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// Which team works on it.
    pub team: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// The organization's words on it.
    pub tags: Vec<String>,
    /// Until when it sleeps.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When the last message came or went.
    pub last_message_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The ticket that it went up in.
    pub merged_into_id: Option<Uuid>,
    /// Why it is kept longer than others.
    pub kept_longer_because: Option<String>,
    /// When everything personal was removed from it.
    pub anonymized_at: Option<DateTime<Utc>>,
    /// Its messages and notes, oldest first.
    pub messages: Vec<Message>,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
}

/// A message or a note.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// From a customer, to one, or between colleagues.
    pub kind: MessageKind,
    /// The mailbox that it came or went by.
    pub mailbox_id: Uuid,
    /// When it was received or written.
    pub at: DateTime<Utc>,
    /// The colleague who wrote it.
    pub author: Option<String>,
    /// From whom.
    pub from: Vec<Party>,
    /// To whom.
    pub to: Vec<Party>,
    /// Who got a copy.
    pub cc: Vec<Party>,
    /// Who got a copy unseen.
    pub bcc: Vec<Party>,
    /// Where answers were to go.
    pub reply_to: Vec<Party>,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The Message-IDs that it answers.
    pub in_reply_to: Vec<String>,
    /// As its sender dated it.
    pub sent_at: Option<DateTime<Utc>>,
    /// A machine wrote it.
    pub is_automatic: bool,
    /// It tells that mail was not delivered.
    pub is_bounce: bool,
    /// What is new in it.
    pub text: String,
    /// What it quotes.
    pub quoted: Option<String>,
    /// How far an answer came.
    pub delivery: Option<OutboxState>,
    /// The file with it as it went over the wire.
    pub original: Option<String>,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// A file of a message. It is in the original, and beside it where `file` says so.
#[derive(Debug, Clone, Serialize)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type, as its sender gave it.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// It is shown within the text.
    pub is_inline: bool,
    /// Where it lies in the export.
    pub file: Option<String>,
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Its number in the organization.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// Which colleague did it; null for the server.
    pub by: Option<String>,
    /// The message that it is about.
    pub message_id: Option<Uuid>,
    /// Ids and words.
    pub data: serde_json::Value,
}

/// A customer.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    /// Their id.
    pub id: Uuid,
    /// Their name, if they gave one.
    pub name: Option<String>,
    /// The addresses that they are known by.
    pub addresses: Vec<String>,
    /// When they were first seen.
    pub first_seen_at: DateTime<Utc>,
    /// What colleagues wrote down about them.
    pub facts: Vec<Fact>,
    /// Since when their mail goes to spam.
    pub blocked_at: Option<DateTime<Utc>>,
}

/// Something that a colleague wrote down about a customer.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// `phone`, `company`, `note` or `field`.
    pub kind: String,
    /// What a field is called.
    pub label: Option<String>,
    /// What it says.
    pub value: String,
}

impl From<contacts::Contact> for Contact {
    fn from(contact: contacts::Contact) -> Self {
        let fact =
            |fact: contacts::Fact| Fact { kind: fact.kind, label: fact.label, value: fact.value };
        Self {
            id: contact.id.0,
            name: contact.name,
            addresses: contact.identities.into_iter().map(|(_, value)| value).collect(),
            first_seen_at: contact.created_at,
            facts: contact.facts.into_iter().map(fact).collect(),
            blocked_at: contact.blocked_at,
        }
    }
}

/// A mail that could not be processed.
#[derive(Debug, Clone, Serialize)]
pub struct Quarantined {
    /// Its id.
    pub id: Uuid,
    /// The mailbox that it came by.
    pub mailbox_id: Uuid,
    /// When it was received.
    pub received_at: Option<DateTime<Utc>>,
    /// Why, as a word.
    pub reason: Option<String>,
    /// The file with it.
    pub original: Option<String>,
}

/// How much is in the export.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// Tickets.
    pub tickets: u64,
    /// Messages and notes.
    pub messages: u64,
    /// Files of messages.
    pub attachments: u64,
    /// Customers.
    pub contacts: u64,
    /// Mails that could not be processed.
    pub quarantined: u64,
}
