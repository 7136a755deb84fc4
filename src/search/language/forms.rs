//! What a word of a query may be in a text.

use super::codes;
use super::compound;
use super::fold::LONGEST;
use super::stem::stem;
use super::words::{Raw, cut, words};
use super::{Language, fold};

/// A word of a query that has more words in it than this (an address, say) is cut.
const WORDS: usize = 16;

/// Everything that counts as a hit for one word of a query, in a text of any language. The word
/// is found where any of these is:
///
/// - all of [`words`](Self::words) at consecutive positions, each as any of its terms
///   ([`Kind::Word`](super::Kind::Word)); mostly it is a single word;
/// - [`joined`](Self::joined) as a word or a part;
/// - any alternative of [`parts`](Self::parts): all of its words, each as any of its terms, as
///   words or parts, in any order;
/// - any of [`codes`](Self::codes): its grams at consecutive positions
///   ([`Kind::Gram`](super::Kind::Gram)).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forms {
    /// The word, folded; where there are several, with one space between them.
    pub folded: String,
    /// For each word in a row, the terms that it may be: first the folded word itself, then its
    /// stems in the four languages and other spellings, no term twice. Empty when there is no
    /// letter or digit in it.
    pub words: Vec<Vec<String>>,
    /// The same as sequences of one term each, which most indexes need for a phrase: one for each
    /// language (all words of a text are stemmed in the same one) and spelling, none twice.
    pub phrases: Vec<Vec<String>>,
    /// The terms of a hyphenated word without its hyphens (`e-mail`: `email`).
    pub joined: Vec<String>,
    /// If the word is a compound, or letters and digits: its parts, as alternatives.
    pub parts: Vec<Vec<Vec<String>>>,
    /// If the word is a code: the grams of what it may be.
    pub codes: Vec<Vec<String>>,
}

impl Forms {
    /// The forms of a word, a hyphenated word, an address, or a code with spaces in it. Bounded:
    /// of more than 16 words in it only the first are taken.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let raws = without_clitics(text, words(text).take(WORDS).collect());
        let folded: Vec<_> = raws.iter().map(|r| fold(r.text)).filter(|f| !f.is_empty()).collect();
        let mut forms = Self {
            folded: folded.join(" "),
            words: raws.iter().map(|raw| terms(raw.text)).filter(|t| !t.is_empty()).collect(),
            ..Self::default()
        };
        if let [word] = folded.as_slice() {
            forms.parts = parts(word);
            forms.parts.extend(apart(word));
        }
        forms.phrases = phrases(&raws);
        if folded.len() > 1 && raws.windows(2).all(|pair| is_hyphenated(text, pair)) {
            forms.joined = terms(&folded.concat());
        }
        if codes::is_code(text) {
            let grams = |code: &String| codes::grams(code).map(str::to_owned).collect();
            forms.codes = codes::variants(text).iter().map(grams).collect();
        }
        forms
    }

    /// Whether there is anything to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// For a word that is still being typed: the exact terms that its beginning may have in the
    /// index already, where stems are shorter than words (`bestelli` is `bestel` there). To be
    /// looked for beside all terms that begin with [`Self::folded`].
    #[must_use]
    pub fn typed(&self) -> Vec<String> {
        let mut typed: Vec<String> = self.words.last().cloned().unwrap_or_default();
        let Some(last) = self.folded.rsplit(' ').next().filter(|last| last.is_ascii()) else {
            return typed;
        };
        if last.bytes().any(|b| b.is_ascii_digit()) {
            return typed;
        }
        // What it may become.
        for ending in ["n", "en", "g", "ng", "e", "t", "s"] {
            if last.len() >= 5 {
                push_stems(&mut typed, &format!("{last}{ending}"));
            }
        }
        // What was left of it.
        for left in 1..=2 {
            if let Some(stem) = last.len().checked_sub(left).filter(|left| *left >= 5) {
                push(&mut typed, last.get(..stem).unwrap_or(last));
            }
        }
        typed
    }
}

/// Words without what an apostrophe hangs on them, which the text may not have: the s of `accu's`
/// and `Jan's`, the l of `l'aspirateur`.
fn without_clitics<'a>(text: &str, mut raws: Vec<Raw<'a>>) -> Vec<Raw<'a>> {
    const ELIDED: [&str; 10] = ["l", "d", "j", "n", "m", "t", "s", "c", "qu", "jusqu"];
    let hangs = |before: &Raw<'_>, after: &Raw<'_>| {
        matches!(text.get(before.end()..after.start), Some("'" | "’"))
    };
    if let [.., before, last] = raws.as_slice()
        && last.text.eq_ignore_ascii_case("s")
        && hangs(before, last)
    {
        raws.pop();
    }
    if let [first, second, ..] = raws.as_slice()
        && ELIDED.contains(&first.text.to_lowercase().as_str())
        && hangs(first, second)
    {
        raws.remove(0);
    }
    raws
}

/// The words as one sequence of terms in each language, in both spellings.
fn phrases(raws: &[Raw<'_>]) -> Vec<Vec<String>> {
    let mut phrases = Vec::new();
    let folded: Vec<_> = raws.iter().map(|r| (r.text, fold(r.text))).collect();
    let folded: Vec<_> = folded.into_iter().filter(|(_, folded)| !folded.is_empty()).collect();
    let other: Vec<_> = folded
        .iter()
        .map(|(word, folded)| spellings(word, folded).pop().unwrap_or_else(|| folded.clone()))
        .collect();
    let as_typed: Vec<_> = folded.into_iter().map(|(_, folded)| folded).collect();
    for spelling in [&as_typed, &other] {
        for language in [Language::Other].into_iter().chain(Language::STEMMED) {
            let phrase: Vec<_> =
                spelling.iter().map(|word| stem(word, language).into_owned()).collect();
            if !phrase.is_empty() && !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
    }
    phrases
}

fn is_hyphenated(text: &str, pair: &[Raw<'_>]) -> bool {
    let [before, after] = pair else { return false };
    let gap = text.get(before.end()..after.start).unwrap_or_default();
    super::analyze::hyphenated(*before, gap, *after)
}

/// The terms that one word may be in the index.
pub(super) fn terms(word: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let folded = fold(word);
    if folded.is_empty() {
        return terms;
    }
    push(&mut terms, &folded);
    push_stems(&mut terms, &folded);
    for other in spellings(word, &folded) {
        push(&mut terms, &other);
        push_stems(&mut terms, &other);
    }
    terms
}

fn push_stems(terms: &mut Vec<String>, folded: &str) {
    for language in Language::STEMMED {
        push(terms, &stem(folded, language));
    }
}

fn push(terms: &mut Vec<String>, term: &str) {
    if !terms.iter().any(|known| known == term) {
        terms.push(term.to_owned());
    }
}

/// Umlauts as people without them write them, and the other way round: `Müller` and `Mueller`.
fn spellings(word: &str, folded: &str) -> Vec<String> {
    const UMLAUTS: [(char, &str, &str); 3] = [('ä', "ae", "a"), ('ö', "oe", "o"), ('ü', "ue", "u")];
    let mut spellings = Vec::new();
    let lower: String = cut(word, LONGEST).to_lowercase();
    if UMLAUTS.iter().any(|(umlaut, ..)| lower.contains(*umlaut)) {
        let written = UMLAUTS
            .iter()
            .fold(lower.clone(), |written, (umlaut, digraph, _)| written.replace(*umlaut, digraph));
        spellings.push(fold(&written));
    }
    if folded.len() >= 4 && UMLAUTS.iter().any(|(_, digraph, _)| folded.contains(digraph)) {
        let bare = UMLAUTS
            .iter()
            .fold(folded.to_owned(), |bare, (_, digraph, vowel)| bare.replace(digraph, vowel));
        spellings.push(bare);
    }
    spellings
}

/// `1016gb` as `1016` and `gb`: letters and digits of a code, which the text may have with a space
/// between them.
fn apart(folded: &str) -> Option<Vec<Vec<String>>> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for c in folded.chars() {
        let digit = c.is_ascii_digit();
        if before != Some(digit) {
            pieces.push(String::new());
        }
        before = Some(digit);
        pieces.last_mut()?.push(c);
    }
    let long = pieces.iter().all(|piece| piece.len() >= 2);
    let several = (2..=4).contains(&pieces.len());
    (several && long).then(|| pieces.iter().map(|piece| terms(piece)).collect())
}

/// The parts of a compound, each alternative as the terms of its parts.
fn parts(folded: &str) -> Vec<Vec<Vec<String>>> {
    let mut alternatives: Vec<Vec<Vec<String>>> = Vec::new();
    for language in [Language::Dutch, Language::German] {
        if let Some(split) = compound::split(folded, language) {
            let parts = split.parts.iter().map(|part| terms(part)).collect();
            if !alternatives.contains(&parts) {
                alternatives.push(parts);
            }
        }
    }
    alternatives
}
