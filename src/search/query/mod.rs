//! The query language: what an agent types into the search box.
//!
//! | typed | means |
//! |---|---|
//! | `kapotte fiets` | both words, in any of their forms |
//! | `"kapotte fiets"` | these words in a row |
//! | `fact*` | words that begin so |
//! | `-fiets`, `-"…"`, `-from:jan` | not |
//! | `fiets OR step` | one of them; binds tighter than the space, as in other search boxes |
//! | `( … )` | together |
//! | `from: to: subject: body: note: file:` | in that place only |
//! | `is: tag: mailbox: has: before: after: on: assignee: team: priority: contact: number:` | filters |
//! | `#123` | the ticket of that number, or the number in a text |
//!
//! Field names are understood in Dutch as well ([`Name`]); a value with spaces stands in quotes.
//! What looks like a field and is none (`re:hallo`, `http://…`, `12:30`) is words. Words that stand
//! in a row and look like one code are kept together ([`Node::Code`]).
//!
//! In order: [`scan`](self) cuts the text into pieces, [`parse`] builds a [`Query`] of them, which
//! [`Query::to_text`] writes back. Both are pure, take time in proportion to the text, and end
//! with a [`QueryError`] that says what to change, never with a panic. A query of filters and
//! negations only is allowed: `is:open -tag:bug` is a list like another.
//!
//! To add a field: [`Name`], its names and its value in `fields.rs`, its text in `text.rs`.

mod dates;
mod error;
mod fields;
mod parse;
mod scan;
#[cfg(test)]
mod tests;
mod text;

pub use dates::Days;
pub use error::{Problem, QueryError};
pub use fields::{Assignee, Filter, Has, Is, Name, Place};
pub use parse::{Mode, Typing, parse, typing};

/// A query, understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of these; none when nothing was asked.
    pub nodes: Vec<Node>,
}

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every one of them.
    All(Vec<Node>),
    /// At least one of them.
    Any(Vec<Node>),
    /// All that this does not find.
    Not(Box<Node>),
    /// A word, anywhere.
    Word(Word),
    /// Words in a row, anywhere.
    Phrase(Phrase),
    /// Words that stand in a row and may be one code (`06 1234 5678`): all the words, or the code
    /// ([`Forms::of`](super::language::Forms::of) of `text`) in any grouping.
    Code {
        /// The words with one space between them.
        text: String,
        /// The words.
        words: Vec<Word>,
    },
    /// A word or a phrase in one place of a ticket.
    In(Place, Text),
    /// What a ticket is or has, other than words.
    Filter(Filter),
}

/// What a place is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// A word.
    Word(Word),
    /// Words in a row.
    Phrase(Phrase),
}

/// One word as it was typed: without spaces, with at least one letter or digit. It may be several
/// words for the index (`jan@example.nl`), which then stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As typed, without the `*`.
    pub text: String,
    /// Whether only the beginning is given.
    pub prefix: Prefix,
}

/// Whether a word is the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prefix {
    /// It is a whole word.
    #[default]
    No,
    /// It ends in `*`: words that begin so are hits.
    Star,
    /// It is the last one and may not be finished: words that begin so are hits too, worth less.
    Typed,
}

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// What stood between the quotes, white space collapsed.
    pub text: String,
    /// Whether the last word may not be finished: the quote is still open.
    pub prefix: Prefix,
}

impl Query {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether there are words to look for (and so a ranking), or only filters and negations.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.nodes.iter().any(Node::has_words)
    }

    /// The words and phrases that are looked for (not those that are excluded), to mark them in
    /// what was found.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted<'_>> {
        let mut wanted = Vec::new();
        for node in &self.nodes {
            node.wanted(&mut wanted);
        }
        wanted
    }
}

/// A text that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Where only.
    pub place: Option<Place>,
    /// A word, a phrase or a code.
    pub text: &'a str,
    /// Whether its last word is the beginning of one.
    pub prefix: Prefix,
}

impl Node {
    fn has_words(&self) -> bool {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().any(Self::has_words),
            Self::Not(_) | Self::Filter(_) => false,
            Self::Word(_) | Self::Phrase(_) | Self::Code { .. } | Self::In(..) => true,
        }
    }

    fn wanted<'a>(&'a self, all: &mut Vec<Wanted<'a>>) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => {
                for node in nodes {
                    node.wanted(all);
                }
            }
            Self::Not(_) | Self::Filter(_) => {}
            Self::Word(word) => {
                all.push(Wanted { place: None, text: &word.text, prefix: word.prefix });
            }
            Self::Phrase(phrase) => {
                all.push(Wanted { place: None, text: &phrase.text, prefix: phrase.prefix });
            }
            Self::Code { text, words } => {
                all.push(Wanted { place: None, text, prefix: Prefix::No });
                all.extend(words.iter().map(|word| Wanted {
                    place: None,
                    text: &word.text,
                    prefix: word.prefix,
                }));
            }
            Self::In(
                place,
                Text::Word(Word { text, prefix }) | Text::Phrase(Phrase { text, prefix }),
            ) => {
                all.push(Wanted { place: Some(*place), text, prefix: *prefix });
            }
        }
    }
}
