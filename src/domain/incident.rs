//! What an incident package says: whose mail was reached in a window, by whom and how. The
//! documented schema `loket.incident/1` (docs/incident.md): ids, numbers, times, and names of
//! users and mailboxes; never a customer's name, address or word.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The name of the schema.
pub const SCHEMA: &str = "loket.incident/1";

/// The time in which an authority is to be told (GDPR, article 33).
pub const NOTIFY_WITHIN: TimeDelta = TimeDelta::hours(72);

/// How something was reached.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Its line was shown in a list: subject, customer, first words.
    Listed,
    /// It was read on the screen.
    Read,
    /// A file was downloaded.
    Downloaded,
    /// The mail as it came was downloaded, with everything in it.
    Original,
    /// It left as an export.
    Exported,
}

/// What kind of actor it was.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WhoKind {
    /// A user.
    Member,
    /// The server by itself.
    Server,
    /// The operator at the command line.
    Operator,
}

/// Who it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentWho {
    /// What kind of actor.
    pub kind: WhoKind,
    /// A user's id.
    pub id: Option<Uuid>,
    /// Their name; null once they are gone.
    pub name: Option<String>,
}

/// The same access, once or more often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentAccess {
    /// Who.
    pub who: IncidentWho,
    /// How.
    pub how: How,
    /// How often.
    pub count: u64,
    /// First.
    pub first_at: DateTime<Utc>,
    /// Last.
    pub last_at: DateTime<Utc>,
}

/// A ticket that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentTicket {
    /// Its id.
    pub id: Uuid,
    /// Its number; null when it has been deleted since.
    pub number: Option<i64>,
    /// Its mailbox.
    pub mailbox_id: Option<Uuid>,
    /// Its customer.
    pub contact_id: Option<Uuid>,
    /// How many addresses take part in it.
    pub addresses: u64,
    /// Who reached it, and how.
    pub accesses: Vec<IncidentAccess>,
}

/// A mailbox of which something was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentMailbox {
    /// Its id.
    pub id: Uuid,
    /// Its name; empty once it is gone.
    pub name: String,
    /// How many of its tickets were reached.
    pub tickets: u64,
    /// Accesses to something of it that is no ticket, or is gone: quarantined mail, for one.
    pub others: Vec<IncidentAccess>,
}

/// A customer of whom something was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentPerson {
    /// The contact.
    pub contact_id: Uuid,
    /// How many addresses they are known by.
    pub addresses: u64,
    /// The numbers of their tickets that were reached.
    pub tickets: Vec<i64>,
}

/// Something else that was done in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentAct {
    /// What, as the audit log spells it.
    pub action: String,
    /// Who.
    pub who: IncidentWho,
    /// How often.
    pub count: u64,
    /// First.
    pub first_at: DateTime<Utc>,
    /// Last.
    pub last_at: DateTime<Utc>,
}

/// Whether the audit log can be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentLog {
    /// Whether every entry, from the first to the newest, is there and as it was written.
    pub unbroken: bool,
    /// The number of the first entry that was altered or is missing.
    pub broken_at: Option<u64>,
    /// How many entries there are. Compare it with what you noted before: entries that were cut
    /// off the end leave a log that looks whole.
    pub entries: u64,
    /// How many of them are of the window and of whom or what was asked for.
    pub in_window: u64,
    /// How many cannot be read, and so may be missing here.
    pub unreadable: u64,
}

/// How much was reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentCounts {
    /// Mailboxes.
    pub mailboxes: u64,
    /// Tickets.
    pub tickets: u64,
    /// Contacts of these tickets.
    pub people: u64,
    /// Addresses that take part in these tickets, each counted once.
    pub addresses: u64,
    /// Lists that were shown. They name tickets that stand nowhere here.
    pub lists: u64,
    /// Reads.
    pub reads: u64,
    /// Downloads of files.
    pub downloads: u64,
    /// Downloads of mail as it came.
    pub originals: u64,
    /// Exports.
    pub exports: u64,
}

/// The package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentPackage {
    /// The schema: `loket.incident/1`.
    pub schema: String,
    /// The organization's id.
    pub organization_id: Uuid,
    /// Its name.
    pub organization: String,
    /// When this was made.
    pub made_at: DateTime<Utc>,
    /// The window's begin, which is part of it.
    pub from: DateTime<Utc>,
    /// The window's end, which is not.
    pub to: DateTime<Utc>,
    /// Only what this user did.
    pub user_id: Option<Uuid>,
    /// Only what was done to this mailbox.
    pub mailbox_id: Option<Uuid>,
    /// When the incident became known; when this was made, unless somebody said otherwise.
    pub aware_at: DateTime<Utc>,
    /// By when the authority is to be told: 72 hours later.
    pub notify_by: DateTime<Utc>,
    /// Whether the log can be believed.
    pub log: IncidentLog,
    /// Whether everything is here; if not, ask for shorter windows.
    pub complete: bool,
    /// How much was reached.
    pub counts: IncidentCounts,
    /// Mailboxes.
    pub mailboxes: Vec<IncidentMailbox>,
    /// Tickets, by number.
    pub tickets: Vec<IncidentTicket>,
    /// Customers.
    pub people: Vec<IncidentPerson>,
    /// Lists that were shown, of several mailboxes at once.
    pub lists: Vec<IncidentAccess>,
    /// Everything else that was done: sign-ins, changes, deletions.
    pub acts: Vec<IncidentAct>,
}
