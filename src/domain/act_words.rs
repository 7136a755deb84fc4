//! The closed sets of words of what agents do with tickets.

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, words};

words! {
    /// How urgent a ticket is.
    Priority {
        /// Can wait.
        Low = "low",
        /// As most are.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }

    /// The colour of a tag. The page has a shade of each for light and for dark.
    TagColor {
        /// Gray.
        Gray = "gray",
        /// Red.
        Red = "red",
        /// Orange.
        Orange = "orange",
        /// Yellow.
        Yellow = "yellow",
        /// Green.
        Green = "green",
        /// Teal.
        Teal = "teal",
        /// Blue.
        Blue = "blue",
        /// Purple.
        Purple = "purple",
    }

    /// What was done with tickets, as a person would say it.
    ActKind {
        /// Status, assignee, team, priority, tags or snooze changed.
        Change = "change",
        /// Called spam.
        Spam = "spam",
        /// Put into the trash.
        Trash = "trash",
        /// Taken out of spam or trash.
        Restore = "restore",
        /// A ticket went up in another.
        Merge = "merge",
        /// A message became a ticket of its own.
        Split = "split",
        /// A ticket lives in another mailbox now.
        Move = "move",
        /// To be deleted for good.
        Delete = "delete",
        /// Several tickets at once.
        Bulk = "bulk",
    }
}
