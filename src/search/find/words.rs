//! Words: from their forms to the tickets that have any of them.

use std::collections::BTreeMap;

use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, SegmentReader, TERMINATED, Term};

use super::super::index::Result;
use super::super::index::schema::SCHEMA;
use super::super::language::Forms;
use super::{Address, Columns, FEW, Place, Search, Set, Weighted};

/// BM25's usual constants.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What a word is worth that another form stands for: one that begins like it, a part of a compound, one that is spelt
/// almost like it.
const BEGUN: f32 = 0.6;
const PART: f32 = 0.5;
const ALMOST: f32 = 0.35;

/// Words that begin in one way, in one field of one segment.
const BEGINNINGS: usize = 400;

/// Words that are spelt almost in one way, in one field of one segment.
const SPELLINGS: usize = 40;

/// Postings between two looks at the clock.
const LOOK_EVERY: usize = 1 << 16;

/// A word in one segment's field.
struct Found {
    address: Address,
    info: TermInfo,
    /// What it is worth of a word that is there exactly.
    worth: f32,
}

/// How a word of the query is compared with those of the index.
#[derive(Clone, Copy)]
enum Compare<'q> {
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
        let mut set = self.nothing();
        for (field, weight) in fields {
            let found = self.look_up(*field, compare)?;
            if found.is_empty() {
                continue;
            }
            self.score(*field, &found, weight * worth)?;
            self.settle(&mut set);
        }
        Ok(set)
    }

    /// The words of a field that compare, in every segment.
    fn look_up(&mut self, field: Field, compare: &[Compare<'_>]) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let views = self.views;
        for (view, searcher) in (0_u32..).zip(views) {
            for (segment, reader) in (0_u32..).zip(searcher.segment_readers()) {
                if self.is_over() {
                    return Ok(found);
                }
                let address = Address { view, segment, doc: 0 };
                let matching = self.matching(reader, field, compare)?;
                let these = matching.into_values();
                found.extend(these.map(|(info, worth)| Found { address, info, worth }));
            }
        }
        Ok(found)
    }

    /// Each once, however many forms of the word lead to it.
    fn matching(
        &mut self,
        reader: &SegmentReader,
        field: Field,
        compare: &[Compare<'_>],
    ) -> Result<BTreeMap<u64, (TermInfo, f32)>> {
        let index = reader.inverted_index(field)?;
        let terms = index.terms();
        let mut found: BTreeMap<u64, (TermInfo, f32)> = BTreeMap::new();
        let mut add = |ordinal, info: &TermInfo, worth: f32| {
            let known = found.entry(ordinal).or_insert_with(|| (info.clone(), worth));
            known.1 = known.1.max(worth);
        };
        let mut cut = false;
        for compare in compare {
            match *compare {
                Compare::Exactly(term) => {
                    if let (Some(ordinal), Some(info)) = (terms.term_ord(term)?, terms.get(term)?) {
                        add(ordinal, &info, 1.0);
                    }
                }
                Compare::Beginning(begin) => {
                    let mut stream = terms.range().ge(begin).into_stream()?;
                    let mut left = BEGINNINGS;
                    while stream.advance() && stream.key().starts_with(begin.as_bytes()) {
                        if left == 0 {
                            cut = true;
                            break;
                        }
                        left -= 1;
                        add(stream.term_ord(), stream.value(), 1.0);
                    }
                }
                Compare::Almost(term, most) => {
                    let automaton =
                        FuzzyTermQuery::new(Term::from_field_text(field, term), most, true)
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
                        if self.spelled.len() < SPELLINGS
                            && !self.spelled.iter().any(|s| s == other)
                        {
                            self.spelled.push(other.to_owned());
                        }
                        let apart = strsim::damerau_levenshtein(term, other);
                        let worth = if apart <= 1 { 1.0 } else { 0.5 };
                        add(stream.term_ord(), stream.value(), worth);
                    }
                }
            }
        }
        self.is_cut |= cut;
        Ok(found)
    }

    /// Goes through the postings of one word in one field, and keeps for each ticket the best of its messages.
    fn score(&mut self, field: Field, found: &[Found], weight: f32) -> Result<()> {
        let idf = self.idf(field, found.iter().map(|found| u64::from(found.info.doc_freq)).sum());
        let views = self.views;
        for found in found {
            if self.is_over() {
                break;
            }
            let Some(view) = views.get(found.address.view as usize) else { continue };
            let reader = view.segment_reader(found.address.segment);
            let index = reader.inverted_index(field)?;
            let option = IndexRecordOption::WithFreqs;
            let postings = index.read_postings_from_terminfo(&found.info, option)?;
            let lengths = self.lengths(field, found.address.view, found.address.segment);
            let average = average(index.total_num_tokens(), reader.max_doc());
            let scored = |doc, count: f32| {
                let length =
                    lengths.as_ref().map_or(average, |lengths| lengths.fieldnorm(doc) as f32);
                let norm = K1 * (1.0 - B + B * length / average);
                weight * found.worth * idf * count * (K1 + 1.0) / (count + norm)
            };
            self.go_through(reader, found.address, postings, scored)?;
        }
        Ok(())
    }

    fn go_through(
        &mut self,
        reader: &SegmentReader,
        address: Address,
        mut postings: SegmentPostings,
        scored: impl Fn(u32, f32) -> f32,
    ) -> Result<()> {
        let columns = self.columns(address.view, address.segment)?;
        let alive = reader.alive_bitset();
        let mut seen = 0;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let score = scored(doc, postings.term_freq() as f32);
                self.hit(&columns, Address { doc, ..address }, score);
            }
            seen += 1;
            if seen % LOOK_EVERY == 0 && self.is_over() {
                break;
            }
            doc = postings.advance();
        }
        Ok(())
    }

    /// A message scores in the field that is being read.
    pub(super) fn hit(&mut self, columns: &Columns, address: Address, score: f32) {
        let ticket = columns.ticket.first(address.doc).unwrap_or(0);
        let Some(place) = self.table.find(ticket) else { return };
        if !self.without.is_empty()
            && columns.low.first(address.doc).is_some_and(|low| self.without.contains(&low))
        {
            return;
        }
        if !self.is_readable(place) {
            return;
        }
        if let Some(field) = self.field.get_mut(place as usize)
            && score > *field
        {
            if *field == 0.0 {
                self.touched.push(place);
            }
            *field = score;
        }
        if let Some(best) = self.best.get_mut(place as usize)
            && score > best.0
        {
            *best = (score, Some(address));
        }
    }

    /// The field was read: what it scored is added.
    pub(super) fn settle(&mut self, set: &mut Set) {
        for place in std::mem::take(&mut self.touched) {
            if let Some(score) = self.field.get_mut(place as usize) {
                set.add(place, std::mem::take(score));
            }
        }
    }

    /// How rare a word is in a field, over all indexes that are searched.
    pub(super) fn idf(&self, _: Field, documents: u64) -> f32 {
        let all: u64 = self.views.iter().map(tantivy::Searcher::num_docs).sum();
        let (all, with) = (all.max(documents) as f32, documents as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

fn average(tokens: u64, documents: u32) -> f32 {
    (tokens as f32 / documents.max(1) as f32).max(1.0)
}
