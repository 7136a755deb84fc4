//! What was committed last, to be searched: its segments, and of each what every search needs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};
use uuid::Uuid;

use super::schema::SCHEMA;
use super::{Entry, Result};

/// The segments of an index at a moment.
pub struct View {
    searcher: Searcher,
    facts: Vec<Arc<Facts>>,
}

impl View {
    pub(in crate::search) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// The segments, each with what is known of it.
    pub(in crate::search) fn segments(
        &self,
    ) -> impl Iterator<Item = (&SegmentReader, &Arc<Facts>)> {
        self.searcher.segment_readers().iter().zip(&self.facts)
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("segments", &self.facts.len()).finish_non_exhaustive()
    }
}

/// What does not change of a segment as long as it is there: numbers, and no word. It would be read anew, and opened anew,
/// for every search.
pub(in crate::search) struct Facts {
    /// The number of each message's ticket.
    tickets: Vec<u32>,
    columns: OnceLock<Columns>,
    lengths: [OnceLock<Option<Vec<u8>>>; FIELDS],
}

/// As many fields as the schema has, and some.
const FIELDS: usize = 16;

impl Facts {
    fn of(segment: &SegmentReader) -> Result<Self> {
        let column = segment.fast_fields().u64("ticket")?;
        let number = |doc| column.first(doc).and_then(|number| u32::try_from(number).ok());
        let tickets = (0..segment.max_doc()).map(|doc| number(doc).unwrap_or(u32::MAX)).collect();
        Ok(Self { tickets, columns: OnceLock::new(), lengths: Default::default() })
    }

    /// The number of the ticket that each message is in.
    pub(in crate::search) fn tickets(&self) -> &[u32] {
        &self.tickets
    }

    /// What tells one message from another.
    pub(in crate::search) fn columns(&self, segment: &SegmentReader) -> Result<&Columns> {
        if let Some(columns) = self.columns.get() {
            return Ok(columns);
        }
        let columns = Columns::of(segment)?;
        Ok(self.columns.get_or_init(|| columns))
    }

    /// How many words each message has in a field, where that is counted: as codes
    /// ([`tantivy::fieldnorm::FieldNormReader`]), 0 for none.
    pub(in crate::search) fn lengths(
        &self,
        segment: &SegmentReader,
        field: Field,
    ) -> Option<&[u8]> {
        let slot = self.lengths.get(usize::try_from(field.field_id()).ok()?)?;
        let read = || {
            let counted = SCHEMA.0.get_field_entry(field).has_fieldnorms();
            let reader = counted.then(|| segment.get_fieldnorms_reader(field).ok()).flatten()?;
            Some((0..segment.max_doc()).map(|doc| reader.fieldnorm_id(doc)).collect())
        };
        slot.get_or_init(read).as_deref()
    }
}

/// The facts of the segments that there are.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<SegmentId, Arc<Facts>>>);

impl Known {
    /// A view of these segments. What was known of others is forgotten.
    pub(super) fn view(&self, searcher: Searcher) -> Result<View> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut facts = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let of = match known.get(&segment.segment_id()) {
                Some(of) => Arc::clone(of),
                None => Arc::new(Facts::of(segment)?),
            };
            facts.push(of);
        }
        if known.len() != facts.len() || facts.iter().any(|of| Arc::strong_count(of) == 1) {
            let ids = searcher.segment_readers().iter().map(SegmentReader::segment_id);
            *known = ids.zip(facts.iter().cloned()).collect();
        }
        Ok(View { searcher, facts })
    }
}

/// What tells one message from another, in a segment.
pub(in crate::search) struct Columns {
    high: Column<u64>,
    pub(in crate::search) low: Column<u64>,
    ticket: Column<u64>,
    stamp: Column<u64>,
}

impl Columns {
    pub(super) fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = |name| segment.fast_fields().u64(name);
        Ok(Self {
            high: column("high")?,
            low: column("low")?,
            ticket: column("ticket")?,
            stamp: column("stamp")?,
        })
    }

    pub(in crate::search) fn entry(&self, doc: u32) -> Entry {
        let of = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        let stamp = of(&self.stamp);
        Entry {
            id: self.id(doc),
            ticket: of(&self.ticket),
            stamp: stamp & u64::from(u32::MAX),
            digest: u32::try_from(stamp >> 32).unwrap_or_default(),
        }
    }

    pub(super) fn id(&self, doc: u32) -> Uuid {
        let of = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        Uuid::from_u64_pair(of(&self.high), of(&self.low))
    }
}
