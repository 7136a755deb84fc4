//! The fields of the query language, and their values.

use super::dates::Days;

/// A field's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// A place that is searched.
    In(Place),
    /// `is:`
    Is,
    /// `tag:`
    Tag,
    /// `mailbox:`
    Mailbox,
    /// `has:`
    Has,
    /// `before:`
    Before,
    /// `after:`
    After,
    /// `on:`
    On,
    /// `assignee:`
    Assignee,
    /// `team:`
    Team,
    /// `priority:`
    Priority,
    /// `contact:`
    Contact,
    /// `number:`
    Number,
}

/// A place that can be searched alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Names and addresses of the sender.
    From,
    /// Names and addresses of the receivers, copies too.
    To,
    /// The subject.
    Subject,
    /// The text of messages.
    Body,
    /// Internal notes.
    Note,
    /// Names of attached files.
    File,
}

/// What a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Is {
    /// Status open.
    Open,
    /// Status pending.
    Pending,
    /// Status `on_hold`.
    OnHold,
    /// Status closed.
    Closed,
    /// In spam.
    Spam,
    /// In the trash.
    Trash,
    /// Has something that the searcher has not read.
    Unread,
    /// Sleeps until a time.
    Snoozed,
    /// Nobody's.
    Unassigned,
    /// The customer waits for an answer.
    Waiting,
}

/// What a ticket has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Has {
    /// A file.
    Attachment,
    /// An internal note.
    Note,
    /// A tag.
    Tag,
}

/// Whose a ticket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// The searcher's.
    Me,
    /// Nobody's.
    None,
    /// Whose name or address this is (part of).
    Named(String),
}

/// What a ticket is or has, other than words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `is:open`
    Is(Is),
    /// `tag:bug`: a tag's name, as typed.
    Tag(String),
    /// `mailbox:support`: a mailbox's name or address, as typed.
    Mailbox(String),
    /// `has:attachment`
    Has(Has),
    /// `before:2026-03`: before the first of these days.
    Before(Days),
    /// `after:2026-03`: from the first of these days on.
    After(Days),
    /// `on:2026-03`: on one of these days.
    On(Days),
    /// `assignee:me`
    Assignee(Assignee),
    /// `team:sales`: a team's name, as typed.
    Team(String),
    /// `priority:high`: `low`, `normal`, `high` or `urgent`.
    Priority(&'static str),
    /// `contact:jan`: a customer's name or address, as typed.
    Contact(String),
    /// `number:123`
    Number(i64),
}

/// The names by which each field is known: the first is written, the others are understood.
const NAMES: &[(Name, &[&str])] = &[
    (Name::In(Place::From), &["from", "van", "afzender"]),
    (Name::In(Place::To), &["to", "aan", "cc", "ontvanger"]),
    (Name::In(Place::Subject), &["subject", "onderwerp"]),
    (Name::In(Place::Body), &["body", "tekst", "text"]),
    (Name::In(Place::Note), &["note", "notitie", "notes", "notities"]),
    (Name::In(Place::File), &["file", "bestand", "bijlage", "filename", "attachment"]),
    (Name::Is, &["is", "status"]),
    (Name::Tag, &["tag", "label", "tags", "labels"]),
    (Name::Mailbox, &["mailbox", "postvak", "inbox"]),
    (Name::Has, &["has", "heeft", "met"]),
    (Name::Before, &["before", "voor", "until", "tot"]),
    (Name::After, &["after", "na", "since", "sinds", "vanaf"]),
    (Name::On, &["on", "op", "date", "datum"]),
    (Name::Assignee, &["assignee", "toegewezen", "behandelaar", "assigned"]),
    (Name::Team, &["team"]),
    (Name::Priority, &["priority", "prioriteit", "prio"]),
    (Name::Contact, &["contact", "klant", "customer"]),
    (Name::Number, &["number", "nummer", "ticket"]),
];

const IS: &[(Is, &[&str])] = &[
    (Is::Open, &["open"]),
    (Is::Pending, &["pending", "wachtend", "afwachten"]),
    (Is::OnHold, &["on_hold", "on-hold", "onhold", "hold", "aangehouden", "gepauzeerd"]),
    (Is::Closed, &["closed", "gesloten", "dicht"]),
    (Is::Spam, &["spam"]),
    (Is::Trash, &["trash", "prullenbak", "verwijderd", "deleted"]),
    (Is::Unread, &["unread", "ongelezen"]),
    (Is::Snoozed, &["snoozed", "uitgesteld", "sluimert"]),
    (Is::Unassigned, &["unassigned", "niet-toegewezen", "vrij"]),
    (Is::Waiting, &["waiting", "wacht"]),
];

const HAS: &[(Has, &[&str])] = &[
    (Has::Attachment, &["attachment", "bijlage", "attachments", "bijlagen", "file", "bestand"]),
    (Has::Note, &["note", "notitie", "notes", "notities"]),
    (Has::Tag, &["tag", "label", "tags", "labels"]),
];

const PRIORITIES: &[(&str, &[&str])] = &[
    ("low", &["low", "laag"]),
    ("normal", &["normal", "normaal"]),
    ("high", &["high", "hoog"]),
    ("urgent", &["urgent", "dringend", "spoed"]),
];

/// What a word means in a table of names.
fn known<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    let word = word.to_lowercase();
    table.iter().find(|(_, names)| names.contains(&word.as_str())).map(|(meant, _)| *meant)
}

/// The name that is written.
fn written<T: PartialEq + Copy>(table: &[(T, &[&'static str])], meant: T) -> &'static str {
    let of = table.iter().find(|(other, _)| *other == meant);
    of.and_then(|(_, names)| names.first()).copied().unwrap_or_default()
}

fn all<T>(table: &[(T, &[&'static str])]) -> Vec<&'static str> {
    table.iter().filter_map(|(_, names)| names.first()).copied().collect()
}

impl Name {
    /// The field of a name, in English or Dutch, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        known(NAMES, word)
    }

    /// The name that is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        written(NAMES, self)
    }

    /// All fields, to complete a name.
    pub fn each() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The values of a field that has only some.
    #[must_use]
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Self::Is => all(IS),
            Self::Has => all(HAS),
            Self::Priority => all(PRIORITIES),
            Self::Before | Self::After | Self::On => vec!["today", "yesterday", "7d", "1m", "1y"],
            Self::Assignee => vec!["me", "none"],
            _ => Vec::new(),
        }
    }

    /// Whether `from: jan`, with a space, is this field too, as people type it. Not for others:
    /// `status: new` and `on: …` stand in many a pasted text.
    pub(super) fn may_stand_apart(self) -> bool {
        matches!(self, Self::In(Place::From | Place::To | Place::Subject))
    }
}

impl Is {
    /// The value of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        known(IS, word)
    }

    /// As it is written: the status's name in the API where it is a status.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        written(IS, self)
    }
}

impl Has {
    /// The value of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        known(HAS, word)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        written(HAS, self)
    }
}

impl Assignee {
    pub(super) fn of(word: &str) -> Self {
        match word.to_lowercase().as_str() {
            "me" | "mij" | "ik" => Self::Me,
            "none" | "niemand" | "nobody" => Self::None,
            _ => Self::Named(word.to_owned()),
        }
    }
}

pub(super) fn priority(word: &str) -> Option<&'static str> {
    known(PRIORITIES, word)
}

impl Name {
    /// Whether any value of the field, in any language, begins so.
    pub(super) fn any_value_begins(self, beginning: &str) -> bool {
        fn begins<T>(table: &[(T, &[&str])], beginning: &str) -> bool {
            table.iter().any(|(_, names)| names.iter().any(|name| name.starts_with(beginning)))
        }
        match self {
            Self::Is => begins(IS, beginning),
            Self::Has => begins(HAS, beginning),
            Self::Priority => begins(PRIORITIES, beginning),
            _ => false,
        }
    }
}
