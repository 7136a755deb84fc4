//! What is wrong with a query, and what to do about it.

use std::ops::Range;

use super::fields::Name;

/// A query that cannot be searched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct QueryError {
    /// What is wrong.
    pub problem: Problem,
    /// Where, in UTF-16 code units of the query, as a browser counts.
    pub at: Range<usize>,
}

/// What is wrong with a query. Its text repeats nothing of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// More than [`Problem::LONGEST`] characters.
    #[error("the query is longer than 1,000 characters: leave some words out")]
    TooLong,
    /// More than [`Problem::MOST_WORDS`] words, phrases and filters.
    #[error("the query has more than 64 words: leave some out")]
    TooManyWords,
    /// More than [`Problem::MOST_WILDCARDS`] words that end in `*`.
    #[error("the query has more than 8 words with a *: write some in full")]
    TooManyWildcards,
    /// A `*` that is not at the end of a word.
    #[error("a * can only stand at the end of a word")]
    WildcardPlace,
    /// A `*` after fewer than [`Problem::SHORTEST_WILDCARD`] characters.
    #[error("write at least two letters before the *")]
    WildcardTooShort,
    /// Brackets in brackets, more than [`Problem::DEEPEST`] deep.
    #[error("the brackets are nested too deep: take some away")]
    TooDeep,
    /// A `"` without its other one.
    #[error("a quote is not closed: add a \" at the end of the phrase")]
    UnclosedQuote,
    /// A `(` without its `)`.
    #[error("a bracket is not closed: add a )")]
    UnclosedBracket,
    /// A `)` without its `(`.
    #[error("a ) has no ( before it: take it away, or add one")]
    UnopenedBracket,
    /// `OR` with nothing on one side.
    #[error("OR needs something on both sides")]
    DanglingOr,
    /// `-` before nothing.
    #[error("write after the - what is not to be found")]
    DanglingNot,
    /// A field without a value.
    #[error("{}: needs a value after the colon", .0.as_str())]
    MissingValue(Name),
    /// A value that the field does not have; [`Name::values`] lists those that it has.
    #[error("{}: knows only {}", .0.as_str(), .0.values().join(", "))]
    UnknownValue(Name),
    /// No day, month, year or time ago.
    #[error("{}: needs a date such as 2026-03-01, 2026-03, 2026, today, yesterday or 7d", .0.as_str())]
    BadDate(Name),
    /// No ticket number.
    #[error("number: needs the number of a ticket, such as 123")]
    BadNumber,
}

impl Problem {
    /// Characters of a query.
    pub const LONGEST: usize = 1000;
    /// Words, phrases and filters of a query.
    pub const MOST_WORDS: usize = 64;
    /// Words with a `*`, each of which may be many terms.
    pub const MOST_WILDCARDS: usize = 8;
    /// Characters before a `*`.
    pub const SHORTEST_WILDCARD: usize = 2;
    /// Brackets in brackets.
    pub const DEEPEST: usize = 8;

    /// A name for the kind of problem, to translate it by.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::TooManyWords => "too_many_words",
            Self::TooManyWildcards => "too_many_wildcards",
            Self::WildcardPlace => "wildcard_place",
            Self::WildcardTooShort => "wildcard_too_short",
            Self::TooDeep => "too_deep",
            Self::UnclosedQuote => "unclosed_quote",
            Self::UnclosedBracket => "unclosed_bracket",
            Self::UnopenedBracket => "unopened_bracket",
            Self::DanglingOr => "dangling_or",
            Self::DanglingNot => "dangling_not",
            Self::MissingValue(_) => "missing_value",
            Self::UnknownValue(_) => "unknown_value",
            Self::BadDate(_) => "bad_date",
            Self::BadNumber => "bad_number",
        }
    }

    /// The field that it is about.
    #[must_use]
    pub const fn field(self) -> Option<Name> {
        match self {
            Self::MissingValue(name) | Self::UnknownValue(name) | Self::BadDate(name) => Some(name),
            Self::BadNumber => Some(Name::Number),
            _ => None,
        }
    }
}
