//! From a text to the terms of the index.

use std::ops::ControlFlow;

use super::codes::{Code, Runs};
use super::compound::{self, Parts};
use super::fold::fold_into;
use super::stem::stem;
use super::words::{Raw, words};
use super::{Language, fold};

/// What a term is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A word: the one term that every word has.
    Word,
    /// A part of the compound that stands at this position, or a hyphenated word joined.
    Part,
    /// Four characters out of a code; positions are counted apart from those of words.
    Gram,
}

/// A term, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What to index: folded, stemmed, at most 64 bytes.
    pub term: &'a str,
    /// Which field it belongs in.
    pub kind: Kind,
    /// The word's number in the text, from 0; for grams, one that goes on by one within a code
    /// and leaves a gap between two codes, so that no phrase goes across.
    pub position: u32,
    /// Where it stands in the text, in bytes; of a part, the whole word's place.
    pub start: usize,
    /// The first byte after it.
    pub end: usize,
}

/// Tells `each` every term of a text, in the order of the text, until it says
/// [`ControlFlow::Break`]: whoever indexes decides how many terms of one message are enough.
/// Returns `false` when it was stopped. Memory does not grow with the text.
pub fn analyze(
    text: &str,
    language: Language,
    each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
) -> bool {
    analyze_where(text, language, (&|_| true, true), each)
}

/// As [`analyze`], but of words only those whose folded form is asked for, for most of the time goes into stems, and of
/// codes only if they are.
pub(super) fn analyze_where(
    text: &str,
    language: Language,
    (asked, codes): (&dyn Fn(&str) -> bool, bool),
    each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
) -> bool {
    let (folded, runs) = (String::new(), Runs::default());
    Walk { language, asked, codes, folded, runs, grams: 0 }.over(text, each).is_continue()
}

struct Walk<'a, 'f> {
    language: Language,
    asked: &'f dyn Fn(&str) -> bool,
    codes: bool,
    folded: String,
    runs: Runs<'a>,
    /// The position that the next gram gets.
    grams: u32,
}

impl<'a> Walk<'a, '_> {
    fn over(
        &mut self,
        text: &'a str,
        each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut before: Option<Raw<'_>> = None;
        for (position, raw) in (0_u32..).zip(words(text)) {
            let gap = text.get(before.map_or(0, |b| b.end())..raw.start).unwrap_or_default();
            self.word(raw, position, each)?;
            if let Some(before) = before
                && (hyphenated(before, gap, raw) || self.is_name(before, gap, raw))
            {
                self.joined(before, raw, position - 1, each)?;
            }
            if self.codes
                && let Some(code) = self.runs.add(gap, raw)
            {
                self.grams(&code, each)?;
            }
            before = Some(raw);
        }
        match self.runs.finish() {
            Some(code) => self.grams(&code, each),
            None => ControlFlow::Continue(()),
        }
    }

    fn word(
        &mut self,
        raw: Raw<'_>,
        position: u32,
        each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        fold_into(raw.text, &mut self.folded);
        if self.folded.is_empty() || !(self.asked)(&self.folded) {
            return ControlFlow::Continue(());
        }
        let mut tell = |term: &str, kind| {
            each(Token { term, kind, position, start: raw.start, end: raw.end() })
        };
        tell(&stem(&self.folded, self.language), Kind::Word)?;
        let Some(Parts { parts }) = compound::split(&self.folded, self.language) else {
            return ControlFlow::Continue(());
        };
        for part in parts {
            tell(&stem(part, self.language), Kind::Part)?;
        }
        ControlFlow::Continue(())
    }

    /// `O'Connor` is found as `oconnor`; in French the apostrophe is an article's.
    fn is_name(&self, before: Raw<'_>, gap: &str, raw: Raw<'_>) -> bool {
        matches!(gap, "'" | "’")
            && self.language != Language::French
            && before.text.len() <= 2
            && raw.text.len() >= 3
    }

    /// `e-mail` is found as `email` too, and `order-bevestiging` as one word.
    fn joined(
        &mut self,
        before: Raw<'_>,
        raw: Raw<'_>,
        position: u32,
        each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut whole = fold(before.text);
        whole.push_str(&fold(raw.text));
        fold_into(&whole, &mut self.folded);
        if !(self.asked)(&self.folded) {
            return ControlFlow::Continue(());
        }
        each(Token {
            term: &stem(&self.folded, self.language),
            kind: Kind::Part,
            position,
            start: before.start,
            end: raw.end(),
        })
    }

    fn grams(
        &mut self,
        code: &Code,
        each: &mut impl FnMut(Token<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for (term, start, end) in code.grams() {
            each(Token { term, kind: Kind::Gram, position: self.grams, start, end })?;
            self.grams = self.grams.saturating_add(1);
        }
        self.grams = self.grams.saturating_add(2);
        ControlFlow::Continue(())
    }
}

/// Whether two words are one with a hyphen in it: letters on both sides.
pub(super) fn hyphenated(before: Raw<'_>, gap: &str, raw: Raw<'_>) -> bool {
    let letters = |text: &str| text.len() <= 32 && text.chars().all(char::is_alphabetic);
    matches!(gap, "-" | "\u{2010}" | "\u{2011}") && letters(before.text) && letters(raw.text)
}
