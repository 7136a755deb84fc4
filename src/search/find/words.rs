//! Words: from their forms to the tickets that have any of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, Term};
use zeroize::Zeroizing;

use super::super::index::Result;
use super::super::index::schema::SCHEMA;
use super::super::language::Forms;
use super::kept::{Hits, Wanted};
use super::{FEW, Part, Place, SPELLINGS, Search, Set, Weighted};

/// BM25's usual constants.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What a word is worth that another form stands for: one that begins like it, a part of a compound, one that is spelt
/// almost like it.
const BEGUN: f32 = 0.6;
const PART: f32 = 0.5;
const ALMOST: f32 = 0.35;

/// Words that begin in one way, in one field of one segment: those that most messages have, of as many as are looked at.
const BEGINNINGS: usize = 400;
const LOOKED_AT: usize = 10_000;

/// Blocks of postings between two looks at the clock.
const LOOK_EVERY: usize = 512;

/// How a word of the query is compared with those of the index.
#[derive(Clone, Copy, Hash)]
pub(super) enum Compare<'q> {
    Exactly(&'q str),
    Beginning(&'q str),
    Almost(&'q str, u8),
}

impl Search<'_> {
    /// The tickets that have the word in any of its forms.
    pub(super) fn word(&mut self, forms: &Forms, place: Place, is_begun: bool) -> Result<Set> {
        let mut set = match forms.words.as_slice() {
            [] => return Ok(self.nothing()),
            [terms] => self.any_term(terms, place, 1.0)?,
            // A hyphenated word or an address: its words in a row.
            _ => self.rows(&forms.phrases, place)?,
        };
        if !forms.joined.is_empty() {
            set.or(&self.any_term(&forms.joined, place, 1.0)?);
        }
        for grams in &forms.codes {
            set.or(&self.code(grams, place)?);
        }
        for parts in &forms.parts {
            set.or(&self.all_parts(parts, place)?);
        }
        if is_begun {
            set.or(&self.begun(forms, place)?);
        }
        if set.count_to(FEW) < FEW {
            set.or(&self.almost(forms, place, is_begun)?);
        }
        Ok(set)
    }

    /// The tickets that have any of these terms, or, anywhere, a compound that one is a part of.
    fn any_term(&mut self, terms: &[String], place: Place, worth: f32) -> Result<Set> {
        let all: Vec<Compare<'_>> = terms.iter().map(|term| Compare::Exactly(term)).collect();
        let mut set = self.terms(&all, &self.fields(place), worth)?;
        if matches!(place, Place::Anywhere | Place::Subject | Place::Body) {
            set.or(&self.terms(&all, &[(SCHEMA.1.part, 1.0)], worth * PART)?);
        }
        Ok(set)
    }

    /// The tickets in which all parts of a compound stand.
    fn all_parts(&mut self, parts: &[Vec<String>], place: Place) -> Result<Set> {
        let mut all: Option<Set> = None;
        for terms in parts {
            let found = self.any_term(terms, place, PART)?;
            match &mut all {
                None => all = Some(found),
                Some(all) => all.and(&found),
            }
        }
        Ok(all.unwrap_or_else(|| self.nothing()))
    }

    /// The tickets with a word that begins like the last one.
    fn begun(&mut self, forms: &Forms, place: Place) -> Result<Set> {
        let Some(last) = forms.folded.rsplit(' ').next() else { return Ok(self.nothing()) };
        if last.chars().count() < 2 {
            return Ok(self.nothing());
        }
        let typed = forms.typed();
        let mut compare: Vec<Compare<'_>> = vec![Compare::Beginning(last)];
        compare.extend(typed.iter().map(|term| Compare::Exactly(term)));
        let mut set = self.terms(&compare, &self.fields(place), BEGUN)?;
        if place == Place::Anywhere {
            set.or(&self.terms(&compare, &[(SCHEMA.1.part, 1.0)], BEGUN * PART)?);
        }
        // The words before it must be there too.
        if let Some((_, before)) = forms.words.split_last() {
            for terms in before {
                set.and(&self.any_term(terms, place, 1.0)?);
            }
        }
        Ok(set)
    }

    /// The tickets with a word that is spelt almost like it.
    fn almost(&mut self, forms: &Forms, place: Place, is_begun: bool) -> Result<Set> {
        let [terms] = forms.words.as_slice() else { return Ok(self.nothing()) };
        let mut compare = Vec::new();
        for term in terms {
            let length = term.chars().count();
            // A number with one digit wrong is another number.
            if length < 4 || term.chars().any(|c| c.is_ascii_digit()) {
                continue;
            }
            compare.push(Compare::Almost(term, if length < 8 { 1 } else { 2 }));
        }
        if compare.is_empty() {
            return Ok(self.nothing());
        }
        let fields: Vec<Weighted> = self
            .fields(place)
            .into_iter()
            .filter(|(field, _)| *field != SCHEMA.1.quote)
            .chain((place == Place::Anywhere).then_some((SCHEMA.1.part, PART)))
            .collect();
        let worth = if is_begun { ALMOST * BEGUN } else { ALMOST };
        self.terms(&compare, &fields, worth)
    }

    /// The tickets that have any of these words, by field.
    fn terms(&mut self, compare: &[Compare<'_>], fields: &[Weighted], worth: f32) -> Result<Set> {
        for (field, weight) in fields {
            let wanted = Wanted::Words(*field, compare);
            let found = self.each(&wanted, |this, part| this.look(part, *field, compare))?;
            let idf = self.idf(found.iter().map(|(_, hits)| hits.messages).sum());
            self.scores.add(Self::lists(&found, weight * worth * idf * (K1 + 1.0)).collect());
        }
        Ok(self.scores.take())
    }

    /// The words of a field that compare, and the messages that have them, in a part.
    fn look(&mut self, part: &Part<'_>, field: Field, compare: &[Compare<'_>]) -> Result<Hits> {
        let mut hits = Hits::default();
        let index = part.segment.inverted_index(field)?;
        let found = matching(&index, field, compare, &mut hits)?;
        if found.is_empty() {
            return Ok(hits);
        }
        let average = average(index.total_num_tokens(), part.segment.max_doc());
        let measure = Measure::new(part.facts.lengths(part.segment, field), average);
        let mut seen = 0;
        for (info, worth) in found.into_values() {
            hits.messages += u64::from(info.doc_freq);
            let option = IndexRecordOption::WithFreqs;
            let mut postings = index.read_block_postings_from_terminfo(&info, option)?;
            while postings.block_len() > 0 {
                // One by one: where nothing is counted, the list of counts is empty and each of them is 1.
                let scored = (0..postings.block_len()).map(|at| {
                    let (doc, count) = (postings.doc(at), postings.freq(at) as f32);
                    (doc, worth * count / (count + measure.of(doc)))
                });
                self.gather(part, scored)?;
                postings.advance();
                seen += 1;
                if seen % LOOK_EVERY == 0 && self.is_over() {
                    break;
                }
            }
        }
        self.scores.scratch.gather.take(&mut hits);
        Ok(hits)
    }

    /// How rare a word is in a field, over all indexes that are searched.
    pub(super) fn idf(&self, documents: u64) -> f32 {
        let (all, with) = (self.messages.max(documents) as f32, documents as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

/// The words of a field that compare, by where their postings begin: each once, however many forms of the word lead to it.
/// With each what it is worth of a word that is there exactly.
fn matching(
    index: &InvertedIndexReader,
    field: Field,
    compare: &[Compare<'_>],
    hits: &mut Hits,
) -> Result<BTreeMap<usize, (TermInfo, f32)>> {
    let terms = index.terms();
    let mut found: BTreeMap<usize, (TermInfo, f32)> = BTreeMap::new();
    let mut add = |info: &TermInfo, worth: f32| {
        let at = info.postings_range.start;
        let known = found.entry(at).or_insert_with(|| (info.clone(), worth));
        known.1 = known.1.max(worth);
    };
    for compare in compare {
        match *compare {
            Compare::Exactly(term) => {
                if let Some(info) = terms.get(term)? {
                    add(&info, 1.0);
                }
            }
            Compare::Beginning(begin) => {
                let mut stream = terms.range().ge(begin).into_stream()?;
                let mut all: Vec<TermInfo> = Vec::new();
                while stream.advance() && stream.key().starts_with(begin.as_bytes()) {
                    all.push(stream.value().clone());
                    if all.len() == LOOKED_AT {
                        break;
                    }
                }
                if all.len() > BEGINNINGS {
                    hits.is_cut = true;
                    all.select_nth_unstable_by_key(BEGINNINGS, |info| Reverse(info.doc_freq));
                    all.truncate(BEGINNINGS);
                }
                for info in &all {
                    add(info, 1.0);
                }
            }
            Compare::Almost(term, most) => {
                let automaton = FuzzyTermQuery::new(Term::from_field_text(field, term), most, true)
                    .automaton()?;
                let mut stream = terms.search(automaton).into_stream()?;
                let mut left = SPELLINGS;
                while left > 0 && stream.advance() {
                    let Ok(other) = std::str::from_utf8(stream.key()) else { continue };
                    // People get the first letter right.
                    if other.chars().next() != term.chars().next() {
                        continue;
                    }
                    left -= 1;
                    hits.spelled.push(Zeroizing::new(other.to_owned()));
                    let apart = strsim::damerau_levenshtein(term, other);
                    let worth = if apart <= 1 { 1.0 } else { 0.5 };
                    add(stream.value(), worth);
                }
            }
        }
    }
    Ok(found)
}

/// What a message's length does to what a word in it scores.
enum Measure<'a> {
    /// By the code of its length.
    Each(&'a [u8], Box<[f32; 256]>),
    Same(f32),
}

impl<'a> Measure<'a> {
    fn new(lengths: Option<&'a [u8]>, average: f32) -> Self {
        let norm = |length: f32| K1 * (1.0 - B + B * length / average);
        let Some(lengths) = lengths else { return Self::Same(norm(average)) };
        let mut norms = Box::new([0.0; 256]);
        for (code, slot) in (0_u8..=255).zip(norms.iter_mut()) {
            *slot = norm(FieldNormReader::id_to_fieldnorm(code) as f32);
        }
        Self::Each(lengths, norms)
    }

    #[inline]
    fn of(&self, doc: u32) -> f32 {
        match self {
            Self::Same(norm) => *norm,
            Self::Each(lengths, norms) => {
                let code = lengths.get(doc as usize).copied().unwrap_or_default();
                norms.get(usize::from(code)).copied().unwrap_or(K1)
            }
        }
    }
}

fn average(tokens: u64, documents: u32) -> f32 {
    (tokens as f32 / documents.max(1) as f32).max(1.0)
}
