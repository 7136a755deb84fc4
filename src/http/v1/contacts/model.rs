//! Customers as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::v1::tickets::model::ContactIdentity;
use crate::service::contacts::{self, FactKind, NewFact, Written};

/// A customer with all that the actor may know of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactProfile {
    /// Their id.
    pub id: Uuid,
    /// The name.
    pub name: Option<String>,
    /// How they can be reached.
    pub identities: Vec<ContactIdentity>,
    /// What colleagues wrote down.
    pub facts: Vec<ContactFact>,
    /// When they were first seen: with their first message, also if that was imported later.
    pub first_seen_at: DateTime<Utc>,
    /// When the last message in a ticket of theirs came or went.
    pub last_message_at: Option<DateTime<Utc>>,
    /// When the person had it corrected.
    pub rectified_at: Option<DateTime<Utc>>,
    /// Since when their mail goes to spam.
    pub blocked_at: Option<DateTime<Utc>>,
}

/// Something that a colleague wrote down.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContactFact {
    /// What kind of thing.
    pub kind: ContactFactKind,
    /// What a field is called; nothing for the others.
    #[serde(default)]
    pub label: Option<String>,
    /// What it says.
    pub value: String,
}

/// What kinds of things are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContactFactKind {
    /// A telephone number.
    Phone,
    /// Where they work.
    Company,
    /// Anything else, in words.
    Note,
    /// Something with a name of its own, such as a customer number.
    Field,
}

/// What a customer is to be called, and what is known of them: all of it, as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ContactRequest {
    /// The name; null for just the address.
    pub name: Option<String>,
    /// What is written down.
    pub facts: Vec<ContactFact>,
    /// The contact as it was read. Nothing is changed when it is another by now: what a colleague wrote in
    /// the meantime would be lost.
    #[serde(default)]
    pub builds_on: Option<ContactWritten>,
}

/// What a customer is called, and what is known of them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ContactWritten {
    /// The name.
    pub name: Option<String>,
    /// What is written down.
    pub facts: Vec<ContactFact>,
}

/// Whether a customer's mail goes to spam.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct BlockRequest {
    /// Whether it does.
    pub blocked: bool,
}

/// Which customer one is taken up in.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct MergeContactRequest {
    /// The id of the one that stays.
    pub into: Uuid,
}

/// Which customers.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ContactQuery {
    /// A whole e-mail address.
    #[param(required = false, value_type = String)]
    pub address: Option<String>,
    /// `true`: only those whose mail goes to spam.
    #[param(required = false, value_type = bool)]
    pub blocked: Option<bool>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = Uuid)]
    pub cursor: Option<Uuid>,
    /// How many, 1 to 100; 50 unless given.
    #[param(required = false, value_type = u64)]
    pub limit: Option<u64>,
}

impl From<contacts::Contact> for ContactProfile {
    fn from(contact: contacts::Contact) -> Self {
        Self {
            id: contact.id.0,
            name: contact.name,
            identities: contact
                .identities
                .into_iter()
                .map(|(kind, value)| ContactIdentity { kind, value })
                .collect(),
            facts: contact
                .facts
                .into_iter()
                .map(|fact| ContactFact {
                    kind: ContactFactKind::of(&fact.kind),
                    label: fact.label,
                    value: fact.value,
                })
                .collect(),
            first_seen_at: contact.created_at,
            last_message_at: contact.last_message_at,
            rectified_at: contact.rectified_at,
            blocked_at: contact.blocked_at,
        }
    }
}

impl ContactFactKind {
    fn of(word: &str) -> Self {
        match word {
            "phone" => Self::Phone,
            "company" => Self::Company,
            "field" => Self::Field,
            _ => Self::Note,
        }
    }
}

impl From<ContactWritten> for Written {
    fn from(written: ContactWritten) -> Self {
        let kind = |kind| match kind {
            ContactFactKind::Phone => FactKind::Phone,
            ContactFactKind::Company => FactKind::Company,
            ContactFactKind::Note => FactKind::Note,
            ContactFactKind::Field => FactKind::Field,
        };
        Self {
            name: written.name,
            facts: written
                .facts
                .into_iter()
                .map(|fact| NewFact { kind: kind(fact.kind), label: fact.label, value: fact.value })
                .collect(),
        }
    }
}
