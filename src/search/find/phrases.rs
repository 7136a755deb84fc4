//! Words in a row, and parts of codes.

use std::ops::ControlFlow;

use tantivy::query::{EnableScoring, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, TERMINATED, Term};

use super::super::index::Result;
use super::super::index::schema::SCHEMA;
use super::super::language::{Kind, Language, analyze};
use super::{Address, Place, Search, Set};

/// Words of a phrase that are looked at.
const WORDS: usize = 32;

/// What a phrase is worth, for it says more than its words do.
const ROW: f32 = 1.5;

impl Search<'_> {
    /// The tickets that have these words in a row.
    pub(super) fn phrase(&mut self, text: &str, place: Place) -> Result<Set> {
        let mut set = self.nothing();
        let rows = rows(text);
        for (field, weight) in &self.fields(place) {
            // Of what is quoted no places are known.
            if *field == SCHEMA.1.quote {
                continue;
            }
            for row in &rows {
                self.row(*field, row, weight * ROW)?;
            }
            self.settle(&mut set);
        }
        Ok(set)
    }

    /// The tickets that have any of these rows of words.
    pub(super) fn rows(&mut self, rows: &[Vec<String>], place: Place) -> Result<Set> {
        let mut set = self.nothing();
        for (field, weight) in &self.fields(place) {
            if *field == SCHEMA.1.quote {
                continue;
            }
            for row in rows {
                let row: Vec<(usize, String)> = row.iter().cloned().enumerate().collect();
                self.row(*field, &row, weight * ROW)?;
            }
            self.settle(&mut set);
        }
        Ok(set)
    }

    /// The tickets that have this part of a code.
    pub(super) fn code(&mut self, grams: &[String], place: Place) -> Result<Set> {
        let mut set = self.nothing();
        if place == Place::Anywhere || place == Place::Body || place == Place::Subject {
            let row: Vec<(usize, String)> = grams.iter().cloned().enumerate().collect();
            self.row(SCHEMA.1.gram, &row, 2.0 * ROW)?;
            self.settle(&mut set);
        }
        Ok(set)
    }

    fn row(&mut self, field: Field, row: &[(usize, String)], weight: f32) -> Result<()> {
        let term = |word: &str| Term::from_field_text(field, word);
        let query: Box<dyn Query> = match row {
            [] => return Ok(()),
            [(_, word)] => Box::new(TermQuery::new(term(word), IndexRecordOption::Basic)),
            row => Box::new(PhraseQuery::new_with_offset(
                row.iter().map(|(place, word)| (*place, term(word))).collect(),
            )),
        };
        let mut all: Vec<Address> = Vec::new();
        let views = self.views;
        for (view, searcher) in (0_u32..).zip(views) {
            let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
            for (segment, reader) in (0_u32..).zip(searcher.segment_readers()) {
                if self.is_over() {
                    break;
                }
                let alive = reader.alive_bitset();
                let mut scorer = weight.scorer(reader, 1.0)?;
                let mut doc = scorer.doc();
                while doc != TERMINATED {
                    if alive.is_none_or(|alive| alive.is_alive(doc)) {
                        all.push(Address { view, segment, doc });
                    }
                    doc = scorer.advance();
                }
            }
        }
        let score = weight * self.idf(field, all.len() as u64);
        for address in all {
            let columns = self.columns(address.view, address.segment)?;
            self.hit(&columns, address, score);
        }
        Ok(())
    }
}

/// The terms that the words have in a text of each language, with their places.
fn rows(text: &str) -> Vec<Vec<(usize, String)>> {
    let mut rows: Vec<Vec<(usize, String)>> = Vec::new();
    for language in Language::STEMMED.into_iter().chain([Language::Other]) {
        let mut row = Vec::new();
        analyze(text, language, &mut |token| {
            if token.kind == Kind::Word {
                let place = usize::try_from(token.position).unwrap_or(usize::MAX);
                row.push((place, token.term.to_owned()));
            }
            if row.len() < WORDS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if !row.is_empty() && !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}
