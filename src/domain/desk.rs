//! The words of writing: what a draft is of, who uses a saved reply; and of what members are told.

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

    /// What somebody does with a ticket right now.
    PresenceState {
        /// Reads it.
        Viewing = "viewing",
        /// Writes an answer.
        Replying = "replying",
        /// Has left it.
        Away = "away",
    }

    /// Why a member is told of a ticket.
    NoticeKind {
        /// A colleague named them in a note.
        Mention = "mention",
        /// A colleague gave them the ticket.
        Assigned = "assigned",
        /// The customer answered in a ticket of theirs.
        Replied = "replied",
    }

    /// What a member switches off: a way in which they are told of a kind.
    NoticeSwitch {
        /// Mentions, by the bell.
        MentionApp = "mention_app",
        /// Mentions by mail.
        MentionMail = "mention_mail",
        /// Mentions by the browser.
        MentionBrowser = "mention_browser",
        /// Tickets given to them, by the bell.
        AssignedApp = "assigned_app",
        /// Tickets given to them, by mail.
        AssignedMail = "assigned_mail",
        /// Tickets given to them, by the browser.
        AssignedBrowser = "assigned_browser",
        /// Answers of customers, in the application at all.
        RepliedApp = "replied_app",
        /// Answers of customers, by the browser.
        RepliedBrowser = "replied_browser",
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
