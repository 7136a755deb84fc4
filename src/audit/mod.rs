//! The append-only, tamper-evident log of every access to mail: its entries and its chain.
//!
//! In order: `store` numbers an [`AuditEntry`] within its organization and keeps it with
//! [`link`]: an HMAC over the entry and the hash before it, under a key that is not in that
//! database. [`verify`] walks the entries and finds the first that was altered, removed, doubled
//! or put elsewhere. What was cut off the *end* leaves a chain that fits: keep the head that
//! [`verify`] returns (or the count) somewhere else and compare.
//!
//! An entry holds ids and words of closed sets, never an address, a subject or any text.
//!
//! To extend: a further [`Action`] or [`ObjectKind`]. A word that has been stored keeps its
//! spelling: the chain covers it.

mod chain;
mod words;

pub use self::chain::{Broken, Linked, link, verify};
pub use self::words::{Action, Actor, ObjectKind};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One access or act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// In which organization.
    pub organization_id: Uuid,
    /// Counts from 1 within the organization, without gaps.
    pub number: u64,
    /// When, to the millisecond.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// What kind of thing it was done to.
    pub object_kind: ObjectKind,
    /// Which one; nothing for lists and the like.
    pub object_id: Option<Uuid>,
    /// The channel that it belongs to.
    pub channel_id: Option<Uuid>,
}
