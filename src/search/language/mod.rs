//! What a text says to the search index, and what a word in a query may look like there.
//!
//! In order, for a text that is indexed:
//!
//! 1. [`detect`] tells which of the four languages a message is in, from its first few kilobytes.
//! 2. [`analyze`] walks over it once ([`words`]), and for every word gives ONE term: folded
//!    ([`fold`]: lower case, no accents) and stemmed in that language ([`stem`]).
//! 3. The parts of a Dutch or German compound ([`compound`]) come as further terms at the place of
//!    the whole word, marked [`Kind::Part`]: they belong in another field, worth less.
//! 4. What looks like a number by which somebody is known ([`codes`]: an order, an IBAN, a
//!    telephone) comes once more as overlapping pieces of four characters, marked [`Kind::Gram`],
//!    so that a phrase of such pieces finds any part of it in any grouping.
//!
//! For a query, [`Forms`] says what the same word is in a text of any of the languages, since
//! nobody knows in which language the answer is written. [`mark`] finds the best place of a text
//! to show, with the hits in it.
//!
//! All of it is pure: no file, no clock, no allocation that grows with the text. To add a
//! language: a variant of [`Language`], its stemmer in `stem.rs`, its name in `detect.rs`, and
//! questions in `tests/search`.

mod analyze;
mod codes;
mod compound;
mod detect;
mod fold;
mod forms;
mod known;
mod mark;
mod stem;
#[cfg(test)]
mod tests;
mod words;

pub use analyze::{Kind, Token, analyze};
pub use codes::is_code;
pub use detect::{detect, detect_or};
pub use fold::fold;
pub use forms::Forms;
pub use known::Languages;
pub use mark::{Marks, Snippet, mark};

/// A language whose words are stemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Nederlands.
    Dutch,
    /// English.
    English,
    /// Deutsch.
    German,
    /// Français.
    French,
    /// Any other: words are folded only.
    Other,
}

impl Language {
    /// The languages that have a stemmer.
    pub const STEMMED: [Self; 4] = [Self::Dutch, Self::English, Self::German, Self::French];

    /// ISO 639-1, `und` for [`Language::Other`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Other => "und",
        }
    }

    /// The language of an ISO 639-1 code or a longer tag (`nl-BE`).
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code.split(['-', '_']).next().unwrap_or_default() {
            "nl" => Self::Dutch,
            "en" => Self::English,
            "de" => Self::German,
            "fr" => Self::French,
            _ => Self::Other,
        }
    }
}
