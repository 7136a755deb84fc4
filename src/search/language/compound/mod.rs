//! The parts of Dutch and German compounds: `rechnungsnummer` is `rechnung` and `nummer`.
//!
//! A word is split if, and only if, all of it is words of the language's dictionary, with linking
//! letters between them; of several ways the one with the fewest parts is taken, then the one
//! with the fewest linking letters, then the one whose last part is the shortest (`liefer-schein`,
//! not `lief-erschein`). A word that is in the dictionary itself has no parts.
//!
//! The dictionaries are finite-state sets made by `make.rs` out of free word lists
//! (`dictionaries/README.md` names them and their licences). Nothing in them comes from anybody's
//! mail.

#[cfg(test)]
mod make;

use std::sync::LazyLock;

use fst::raw::Fst;

use super::Language;

/// Shorter words are not compounds.
pub(super) const SHORTEST: usize = 7;
/// Longer ones are not looked at: the cost of a split grows with the square of the length.
const LONGEST: usize = 48;
/// A compound of more parts is a joke.
const MOST: u32 = 5;
/// How long a part is at least; the dictionaries have only chosen words of three letters.
const PART: usize = 3;

static DUTCH: LazyLock<Option<Dictionary>> = LazyLock::new(|| {
    Dictionary::open(include_bytes!("../dictionaries/nl.fst"), &["s", "e", "en", "n", "er"])
});
static GERMAN: LazyLock<Option<Dictionary>> = LazyLock::new(|| {
    Dictionary::open(include_bytes!("../dictionaries/de.fst"), &["s", "es", "n", "en", "e", "er"])
});

/// What the last part may have at its end that the dictionary does not have.
const ENDINGS: [&str; 6] = ["en", "es", "er", "e", "n", "s"];

/// The parts of a compound, in order, without the letters that link them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub parts: Vec<&'a str>,
}

/// The parts of a folded word, if it is a compound of this language.
pub(super) fn split(folded: &str, language: Language) -> Option<Parts<'_>> {
    let dictionary = match language {
        Language::Dutch => DUTCH.as_ref(),
        Language::German => GERMAN.as_ref(),
        Language::English | Language::French | Language::Other => None,
    }?;
    let worth = (SHORTEST..=LONGEST).contains(&folded.len())
        && folded.bytes().all(|b| b.is_ascii_lowercase())
        && !dictionary.words.contains_key(folded);
    if worth { dictionary.split(folded) } else { None }
}

struct Dictionary<D = &'static [u8]> {
    words: Fst<D>,
    links: &'static [&'static str],
}

/// The best way to a place in the word.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    parts: u32,
    /// The part that ends here (before its linking letters).
    from: usize,
    to: usize,
}

impl Dictionary {
    fn open(bytes: &'static [u8], links: &'static [&'static str]) -> Option<Self> {
        Fst::new(bytes).ok().map(|words| Self { words, links })
    }
}

impl<D: AsRef<[u8]>> Dictionary<D> {
    /// The cheapest way through the whole word, in two parts or more.
    fn split<'a>(&self, word: &'a str) -> Option<Parts<'a>> {
        let length = word.len();
        let mut ways: Vec<Option<Way>> = vec![None; length + 1];
        for from in 0..length {
            let (cost, parts) = if from == 0 {
                (0, 0)
            } else if let Some(Some(way)) = ways.get(from) {
                (way.cost, way.parts)
            } else {
                continue;
            };
            if parts >= MOST {
                continue;
            }
            for to in self.ends(word, from) {
                // A part of three letters is a coincidence more often than others.
                let cost = cost + 10 + if to - from == PART { 5 } else { 0 };
                let mut reach = |place: usize, extra: u32| {
                    let way = Way { cost: cost + extra, parts: parts + 1, from, to };
                    if let Some(best) = ways.get_mut(place)
                        && best.is_none_or(|best| way.cost <= best.cost)
                    {
                        *best = Some(way);
                    }
                };
                if to == length {
                    reach(length, 0);
                    continue;
                }
                reach(to, 0);
                let rest = word.get(to..).unwrap_or_default();
                for link in self.links {
                    if rest.len() >= link.len() + PART && rest.starts_with(link) {
                        reach(to + link.len(), 1);
                    }
                }
                if from > 0 && to - from > PART && ENDINGS.contains(&rest) {
                    reach(length, 2);
                }
            }
        }
        let last = (*ways.get(length)?)?;
        if last.parts < 2 {
            return None;
        }
        let mut parts = Vec::with_capacity(last.parts as usize);
        let mut at = Some(last);
        // The last part keeps its ending, for the stemmer.
        let mut end = length;
        while let Some(way) = at {
            parts.push(word.get(way.from..end)?);
            at = if way.from == 0 { None } else { *ways.get(way.from)? };
            end = at.map_or(0, |way| way.to);
        }
        parts.reverse();
        Some(Parts { parts })
    }

    /// Where the words end that begin at a place, shortest first: one walk down the dictionary.
    fn ends(&self, word: &str, from: usize) -> impl Iterator<Item = usize> + use<D> {
        let mut ends = [0_u8; LONGEST];
        let mut count = 0;
        let mut node = self.words.root();
        let rest = word.as_bytes().get(from..).unwrap_or_default();
        for (at, byte) in (from + 1..).zip(rest) {
            let Some(step) = node.find_input(*byte) else { break };
            node = self.words.node(node.transition(step).addr);
            if node.is_final()
                && let Some(slot) = ends.get_mut(count)
            {
                *slot = u8::try_from(at).unwrap_or(u8::MAX);
                count += 1;
            }
        }
        ends.into_iter().take(count).map(usize::from)
    }
}
