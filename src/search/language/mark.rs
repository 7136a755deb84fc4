//! The place of a text that best shows why it was found, with the hits in it.

use std::collections::{HashSet, VecDeque};
use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;

use super::analyze::{Kind, Token, analyze_where};
use super::compound::SHORTEST;
use super::stem::irregular_forms;
use super::words::cut;
use super::{Forms, Language};

/// How much of a text is looked at for a snippet: hits further down are not shown.
const LOOKED_AT: usize = 64 * 1024;
/// No more hits of one text are weighed.
const HITS: usize = 512;

/// What counts as a hit: the terms of a query's words.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    words: Vec<Mark>,
    /// Worked out with the first text.
    beginnings: OnceLock<Beginnings>,
}

/// One word of the query.
#[derive(Debug, Clone, Default)]
struct Mark {
    terms: HashSet<String>,
    /// Beginnings of terms (the word being typed).
    prefix: Option<String>,
    /// The grams of each code that it may be.
    codes: Vec<Vec<String>>,
}

impl Marks {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A word of the query; `prefix` when it is the beginning of a word.
    pub fn add(&mut self, forms: &Forms, prefix: bool) {
        let all = forms.words.iter().chain(forms.parts.iter().flatten());
        self.beginnings.take();
        // A code's own pieces (`06`, `12`) are everywhere: the code is marked as a whole.
        let pieces = if forms.codes.is_empty() || forms.words.len() == 1 {
            all.flatten().chain(&forms.joined).cloned().collect()
        } else {
            HashSet::new()
        };
        self.words.push(Mark {
            terms: pieces,
            prefix: prefix
                .then(|| forms.folded.rsplit(' ').next().unwrap_or_default().to_owned())
                .filter(|prefix| !prefix.is_empty()),
            codes: forms.codes.clone(),
        });
    }

    /// Further terms of the word added last (other spellings that the index has found).
    pub fn also(&mut self, terms: impl IntoIterator<Item = String>) {
        self.beginnings.take();
        if let Some(last) = self.words.last_mut() {
            last.terms.extend(terms);
        }
    }

    fn beginnings(&self) -> &Beginnings {
        self.beginnings.get_or_init(|| {
            let terms = self.words.iter().flat_map(|word| word.terms.iter().chain(&word.prefix));
            Beginnings::of(terms.map(String::as_str))
        })
    }

    /// Whether nothing can be a hit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// How whatever can be a hit begins, or a part of it: stems differ from their words further on.
#[derive(Debug, Clone)]
struct Beginnings {
    /// A bit for each two bytes.
    pairs: Vec<u64>,
}

impl Beginnings {
    fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Self {
        let mut all = Self { pairs: vec![0; (1 << 16) / 64] };
        for term in terms {
            all.add(term.as_bytes());
        }
        // But for these.
        let others: Vec<&str> = irregular_forms()
            .filter(|(.., base)| all.has(base.as_bytes()))
            .map(|(_, form, _)| form)
            .collect();
        for form in others {
            all.add(form.as_bytes());
        }
        all
    }

    fn add(&mut self, term: &[u8]) {
        match *term {
            [first, second, ..] => self.set(first, second),
            [only] => (0..=u8::MAX).for_each(|any| self.set(only, any)),
            [] => {}
        }
    }

    fn set(&mut self, first: u8, second: u8) {
        let at = usize::from(first) << 8 | usize::from(second);
        if let Some(bits) = self.pairs.get_mut(at / 64) {
            *bits |= 1 << (at % 64);
        }
    }

    /// Whether something begins like this.
    #[inline]
    fn has(&self, word: &[u8]) -> bool {
        let [first, second, ..] = *word else { return true };
        let at = usize::from(first) << 8 | usize::from(second);
        self.pairs.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// Whether a folded word can be a hit: by itself or, if it is long enough, by a part of it. What begins with `ge`
    /// may be a participle.
    fn fit(&self, word: &str) -> bool {
        let bytes = word.as_bytes();
        if bytes.len() < SHORTEST && !word.starts_with("ge") {
            return self.has(bytes);
        }
        bytes.windows(2).any(|pair| self.has(pair))
    }
}

/// A piece of a text, with the hits in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The piece: one line, white space collapsed.
    pub text: String,
    /// The hits in it, in bytes, in order, not overlapping.
    pub hits: Vec<Range<usize>>,
    /// Whether the text has more before it.
    pub more_before: bool,
    /// Whether the text has more after it.
    pub more_after: bool,
    /// How many different words of the query are hit in the piece.
    pub distinct: usize,
}

impl Snippet {
    /// The text cut at the hits: each piece, and whether it is one.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut at = 0;
        let mut cuts = Vec::with_capacity(self.hits.len() * 2 + 1);
        for hit in &self.hits {
            cuts.push((at..hit.start, false));
            cuts.push((hit.clone(), true));
            at = hit.end;
        }
        cuts.push((at..self.text.len(), false));
        cuts.into_iter()
            .filter_map(|(range, hit)| Some((self.text.get(range)?, hit)))
            .filter(|(text, _)| !text.is_empty())
    }
}

/// A hit in the text: where, and of which word of the query.
#[derive(Debug, Clone, Copy)]
struct Hit {
    start: usize,
    end: usize,
    word: usize,
}

/// The piece of about `length` bytes (160 to 200 is a line or two) around the most different
/// words of the query, the earliest of several; the beginning of the text when there is no hit.
#[must_use]
pub fn mark(text: &str, language: Language, marks: &Marks, length: usize) -> Snippet {
    let text = cut(text, LOOKED_AT);
    let hits = hits(text, language, marks);
    let (first, last) = best(&hits, length);
    let chosen = hits.get(first..last).unwrap_or_default();
    let from = chosen.iter().map(|hit| hit.start).min().unwrap_or(0);
    let to = chosen.iter().map(|hit| hit.end).max().unwrap_or(0);
    let window = window(text, from, to, length);
    piece(text, window, &hits)
}

fn hits(text: &str, language: Language, marks: &Marks) -> Vec<Hit> {
    let mut hits = Vec::new();
    if marks.is_empty() {
        return hits;
    }
    let mut codes = Codes::default();
    let beginnings = marks.beginnings();
    let asked = |word: &str| beginnings.fit(word);
    let has_codes = marks.words.iter().any(|word| !word.codes.is_empty());
    analyze_where(text, language, (&asked, has_codes), &mut |token| {
        if token.kind == Kind::Gram {
            codes.add(&token, marks, &mut hits);
        } else {
            for (word, mark) in marks.words.iter().enumerate() {
                let prefixed = mark.prefix.as_ref().is_some_and(|p| token.term.starts_with(p));
                if prefixed || mark.terms.contains(token.term) {
                    hits.push(Hit { start: token.start, end: token.end, word });
                }
            }
        }
        if hits.len() < HITS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    hits.sort_by_key(|hit| (hit.start, hit.end, hit.word));
    hits.dedup_by_key(|hit| (hit.start, hit.end, hit.word));
    hits
}

/// The last grams seen, to tell whether they are a whole code of the query.
#[derive(Default)]
struct Codes {
    seen: VecDeque<(String, u32, usize, usize)>,
}

impl Codes {
    fn add(&mut self, token: &Token<'_>, marks: &Marks, hits: &mut Vec<Hit>) {
        if self.seen.back().is_some_and(|(_, position, ..)| position + 1 != token.position) {
            self.seen.clear();
        }
        self.seen.push_back((token.term.to_owned(), token.position, token.start, token.end));
        if self.seen.len() > 40 {
            self.seen.pop_front();
        }
        for (word, mark) in marks.words.iter().enumerate() {
            for code in &mark.codes {
                let Some(from) = self.seen.len().checked_sub(code.len()) else { continue };
                let matched = self.seen.iter().skip(from).map(|(gram, ..)| gram).eq(code.iter());
                if matched && let Some((_, _, start, _)) = self.seen.get(from) {
                    hits.push(Hit { start: *start, end: token.end, word });
                }
            }
        }
    }
}

/// The run of hits within the length that has the most different words, then the most hits.
fn best(hits: &[Hit], length: usize) -> (usize, usize) {
    let mut best = (0, 0);
    let mut most = (0, 0);
    for (first, start) in hits.iter().enumerate() {
        let rest = hits.get(first..).unwrap_or_default();
        let near = rest.iter().take_while(|hit| hit.end <= start.start.saturating_add(length));
        let (mut words, mut count) = (HashSet::new(), 0);
        for hit in near {
            words.insert(hit.word);
            count += 1;
        }
        let count = count.max(1);
        if (words.len(), count) > most {
            most = (words.len(), count);
            best = (first, first + count);
        }
    }
    best
}

/// A window around the hits: a little before them, the rest after, cut between words.
fn window(text: &str, from: usize, to: usize, length: usize) -> Range<usize> {
    let spare = length.saturating_sub(to - from);
    let start = from.saturating_sub(spare / 3);
    let end = (start.saturating_add(length)).max(to).min(text.len());
    let start = if end == text.len() { start.min(end.saturating_sub(length)) } else { start };
    let start = text.floor_char_boundary(start.min(from));
    let end = text.ceil_char_boundary(end);
    // Not in the middle of a word, unless there is no other place for a long while.
    let head = text.get(start..from).unwrap_or_default();
    let start = if start == 0 {
        0
    } else {
        let gap = head.char_indices().take(40).find(|(_, c)| c.is_whitespace());
        gap.map_or(start, |(at, c)| start + at + c.len_utf8())
    };
    let tail = text.get(to.min(end)..end).unwrap_or_default();
    let end = if end == text.len() {
        end
    } else {
        let gap = tail.char_indices().rev().take(40).find(|(_, c)| c.is_whitespace());
        gap.map_or(end, |(at, _)| end - (tail.len() - at))
    };
    start..end.max(start)
}

/// The window as one line.
fn piece(text: &str, window: Range<usize>, hits: &[Hit]) -> Snippet {
    let mut snippet = Snippet {
        more_before: text.get(..window.start).is_some_and(|t| !t.trim().is_empty()),
        more_after: text.get(window.end..).is_some_and(|t| !t.trim().is_empty()),
        ..Snippet::default()
    };
    let within = hits.iter().filter(|h| window.start <= h.start && h.end <= window.end);
    let mut words: Vec<usize> = within.clone().map(|hit| hit.word).collect();
    words.sort_unstable();
    words.dedup();
    snippet.distinct = words.len();
    // Overlapping hits are one.
    let mut merged: Vec<Range<usize>> = Vec::new();
    for hit in within {
        match merged.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => merged.push(hit.start..hit.end),
        }
    }
    let mut at = window.start;
    for hit in merged {
        squeeze(text.get(at..hit.start).unwrap_or_default(), &mut snippet.text);
        let start = snippet.text.len();
        squeeze(text.get(hit.clone()).unwrap_or_default(), &mut snippet.text);
        snippet.hits.push(start..snippet.text.len());
        at = hit.end;
    }
    squeeze(text.get(at..window.end).unwrap_or_default(), &mut snippet.text);
    let kept = snippet.text.trim_end().len();
    snippet.text.truncate(kept);
    snippet
}

/// White space and control characters as single spaces.
fn squeeze(text: &str, line: &mut String) {
    for c in text.chars() {
        if !c.is_whitespace() && !c.is_control() {
            line.push(c);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
}
