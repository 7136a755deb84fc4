//! The words of writing: what a draft is of, who uses a saved reply.

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, words};

words! {
    /// What a draft is of: a member has one of each on a ticket.
    DraftKind {
        /// An answer to the customer.
        Answer = "answer",
        /// A mail that is passed on.
        Forward = "forward",
        /// A note for colleagues.
        Note = "note",
    }

    /// Who uses a saved reply.
    ReplyScope {
        /// Who wrote it.
        Personal = "personal",
        /// A team.
        Team = "team",
        /// Those who belong to a mailbox.
        Mailbox = "mailbox",
        /// Everybody.
        Organization = "organization",
    }
}
