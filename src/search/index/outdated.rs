//! Which messages to take out: those with certain ids, among certain tickets.
//!
//! A term for each message, by which to find it, would be a fifth of the dictionaries and never be asked for. The tickets
//! that a message may be in are known to whoever changes it, and few messages are in a ticket.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};
use uuid::Uuid;

use super::schema::SCHEMA;
use super::view::Columns;

#[derive(Debug, Clone)]
pub(super) struct Outdated {
    ids: Arc<HashSet<Uuid>>,
    tickets: Arc<HashSet<u64>>,
}

impl Outdated {
    pub(super) fn new(ids: HashSet<Uuid>, tickets: HashSet<u64>) -> Self {
        Self { ids: Arc::new(ids), tickets: Arc::new(tickets) }
    }

    fn docs(&self, segment: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let field = SCHEMA.1.ticket;
        let index = segment.inverted_index(field)?;
        let (mut columns, mut found) = (None, Vec::new());
        for ticket in self.tickets.iter() {
            let term = Term::from_field_u64(field, *ticket);
            let postings = index.read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else { continue };
            let columns = match &mut columns {
                Some(columns) => columns,
                none => none.insert(Columns::of(segment)?),
            };
            while postings.doc() != TERMINATED {
                if self.ids.contains(&columns.id(postings.doc())) {
                    found.push(postings.doc());
                }
                postings.advance();
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

impl Query for Outdated {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Outdated {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let docs = Listed { docs: self.docs(segment)?, at: 0 };
        Ok(Box::new(ConstScorer::new(docs, boost)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nothing is scored".to_owned()))
    }
}

/// Documents that are listed, in order.
struct Listed {
    docs: Vec<DocId>,
    at: usize,
}

impl DocSet for Listed {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}
