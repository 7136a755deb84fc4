//! Words in a row, and parts of codes.

use std::ops::ControlFlow;

use tantivy::query::{BooleanQuery, EnableScoring, PhraseQuery, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, TERMINATED, Term};

use super::super::index::Result;
use super::super::index::schema::SCHEMA;
use super::super::language::{Kind, Language, analyze};
use super::kept::{Hits, Wanted};
use super::scores::List;
use super::{Place, Search, Set, View};

/// Words of a phrase that are looked at.
const WORDS: usize = 32;

/// What a phrase is worth, for it says more than its words do.
const ROW: f32 = 1.5;

impl Search<'_> {
    /// The tickets that have these words in a row.
    pub(super) fn phrase(&mut self, text: &str, place: Place) -> Result<Set> {
        let rows = rows(text);
        for (field, weight) in &self.fields(place) {
            // Of what is quoted no places are known.
            if *field == SCHEMA.1.quote {
                continue;
            }
            let mut lists = Vec::new();
            for row in &rows {
                lists.append(&mut self.row(*field, row, weight * ROW)?);
            }
            self.scores.add(lists);
        }
        Ok(self.scores.take())
    }

    /// The tickets that have any of these rows of words.
    pub(super) fn rows(&mut self, rows: &[Vec<String>], place: Place) -> Result<Set> {
        for (field, weight) in &self.fields(place) {
            if *field == SCHEMA.1.quote {
                continue;
            }
            let mut lists = Vec::new();
            for row in rows {
                let row: Vec<(usize, String)> = row.iter().cloned().enumerate().collect();
                lists.append(&mut self.row(*field, &row, weight * ROW)?);
            }
            self.scores.add(lists);
        }
        Ok(self.scores.take())
    }

    /// The tickets with a message in which all pieces of this part of a code stand. They need not be of one code: that
    /// those of two make up a third is rare, and to know where each stands takes a tenth of an index.
    pub(super) fn code(&mut self, grams: &[String], place: Place) -> Result<Set> {
        if place == Place::Anywhere || place == Place::Body || place == Place::Subject {
            let term = |gram: &String| -> Box<dyn Query> {
                let term = Term::from_field_text(SCHEMA.1.gram, gram);
                Box::new(TermQuery::new(term, IndexRecordOption::Basic))
            };
            let all = BooleanQuery::intersection(grams.iter().map(term).collect());
            let lists = self.collect(&Wanted::Code(grams), &all, 2.0 * ROW)?;
            self.scores.add(lists);
        }
        Ok(self.scores.take())
    }

    fn row(&mut self, field: Field, row: &[(usize, String)], weight: f32) -> Result<Vec<List>> {
        let term = |word: &str| Term::from_field_text(field, word);
        let query: Box<dyn Query> = match row {
            [] => return Ok(Vec::new()),
            [(_, word)] => Box::new(TermQuery::new(term(word), IndexRecordOption::Basic)),
            row => Box::new(PhraseQuery::new_with_offset(
                row.iter().map(|(place, word)| (*place, term(word))).collect(),
            )),
        };
        self.collect(&Wanted::Row(field, row), query.as_ref(), weight)
    }

    /// The messages that a query of Tantivy's finds score alike.
    fn collect(
        &mut self,
        wanted: &Wanted<'_>,
        query: &dyn Query,
        weight: f32,
    ) -> Result<Vec<List>> {
        let mut known: Option<(*const View, Box<dyn Weight>)> = None;
        let found = self.each(wanted, |this, part| {
            let of = match &known {
                Some((view, of)) if std::ptr::eq(*view, part.view) => of,
                _ => {
                    let scoring = EnableScoring::disabled_from_searcher(part.view.searcher());
                    &known.insert((part.view, query.weight(scoring)?)).1
                }
            };
            let mut docs = Vec::new();
            let mut scorer = of.scorer(part.segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                docs.push((doc, 1.0));
                doc = scorer.advance();
            }
            let messages = docs.len() as u64;
            this.gather(part, docs)?;
            let mut hits = Hits { messages, ..Hits::default() };
            this.scores.scratch.gather.take(&mut hits);
            Ok(hits)
        })?;
        let idf = self.idf(found.iter().map(|(_, hits)| hits.messages).sum());
        Ok(Self::lists(&found, weight * idf).collect())
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
