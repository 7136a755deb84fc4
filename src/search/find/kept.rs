//! What was found in a segment, kept for a while. Who types, turns a page or has a list of results open asks for the
//! same words again and again, and a segment never changes but for what is taken out of it: only what came in since
//! is looked through anew.
//!
//! There is no word in it but those that were found for a word with a letter wrong, which are wiped when they leave.
//! What somebody may read is decided each time.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use tantivy::SegmentReader;
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use zeroize::Zeroizing;

use super::super::table::NONE;
use super::scores::Scratch;
use super::words::Compare;

/// Searches that are likely to go on at once. Each leaves a few bytes for each ticket.
const SCRATCHES: usize = 4;

/// Bytes of an entry beside its hits, and of a hit.
const ENTRY: usize = 128;
const HIT: usize = 12;

/// What is kept of all searches of a server, up to a number of bytes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Kept(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    /// Random, so that what was asked cannot be told from a key.
    seeds: [RandomState; 2],
    entries: Mutex<Entries>,
    /// What searches that are done have left to the next ones.
    scratches: Mutex<Vec<Scratch>>,
}

#[derive(Debug)]
struct Entries {
    known: LruCache<Key, Arc<Hits>>,
    bytes: usize,
}

/// What is looked for in a segment.
#[derive(Hash)]
pub(super) enum Wanted<'a> {
    /// Words of a field.
    Words(Field, &'a [Compare<'a>]),
    /// Words in a row.
    Row(Field, &'a [(usize, String)]),
    /// All pieces of a code.
    Code(&'a [String]),
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    segment: SegmentId,
    /// How many messages were taken out of it.
    without: u32,
    wanted: [u64; 2],
}

/// What was found in a segment: of each ticket the message that scores best, in the order of their numbers. What all
/// searches look at lies apart from what only those look at that show the ticket.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// The tickets' numbers.
    pub(super) tickets: Vec<u32>,
    /// What each scores, whatever the field and however rare the word.
    pub(super) scores: Vec<f32>,
    /// The places of the messages in the segment.
    pub(super) docs: Vec<u32>,
    /// How many messages have any of the words.
    pub(super) messages: u64,
    /// Words that are spelt almost like those that were asked for.
    pub(super) spelled: Vec<Zeroizing<String>>,
    /// Whether there are more words than are looked at.
    pub(super) is_cut: bool,
}

impl Hits {
    /// What a ticket scores, and by which message.
    pub(super) fn of(&self, ticket: u32) -> Option<(f32, u32)> {
        let at = self.tickets.binary_search(&ticket).ok()?;
        Some((*self.scores.get(at)?, *self.docs.get(at)?))
    }
}

impl Kept {
    /// Keeps at most `bytes`.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let entries = Mutex::new(Entries { known: LruCache::unbounded(), bytes: 0 });
        let scratches = Mutex::default();
        Self(Arc::new(Inner { most: bytes, seeds: Default::default(), entries, scratches }))
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut entries = self.entries();
        entries.known.clear();
        entries.bytes = 0;
    }

    /// What this is kept under.
    pub(super) fn key(&self, segment: &SegmentReader, wanted: &Wanted<'_>) -> Key {
        Key {
            segment: segment.segment_id(),
            without: segment.num_deleted_docs(),
            wanted: self.0.seeds.each_ref().map(|seed| seed.hash_one(wanted)),
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<Hits>> {
        self.entries().known.get(key).cloned()
    }

    pub(super) fn put(&self, key: Key, hits: &Arc<Hits>) {
        // Dropped, and wiped, once others may go on.
        let mut out = Vec::new();
        let mut entries = self.entries();
        entries.bytes += size(hits);
        let before = entries.known.put(key, Arc::clone(hits));
        entries.bytes -= before.as_deref().map_or(0, size);
        out.extend(before);
        while entries.bytes > self.0.most {
            let Some((_, oldest)) = entries.known.pop_lru() else { break };
            entries.bytes -= size(&oldest);
            out.push(oldest);
        }
        drop(entries);
    }

    /// What an earlier search has left, if no other has it.
    pub(super) fn scratch(&self) -> Scratch {
        self.scratches().pop().unwrap_or_default()
    }

    pub(super) fn leave(&self, scratch: Scratch) {
        let mut scratches = self.scratches();
        if scratches.len() < SCRATCHES {
            scratches.push(scratch);
        }
    }

    fn scratches(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.0.scratches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(hits: &Hits) -> usize {
    ENTRY + hits.tickets.len() * HIT + hits.spelled.len() * ENTRY
}

/// Puts the hits of a segment together: of each ticket the best.
#[derive(Default)]
pub(super) struct Gather {
    /// By number.
    slots: Vec<(f32, u32)>,
    touched: Vec<u32>,
}

impl Gather {
    #[inline]
    pub(super) fn hit(&mut self, ticket: u32, doc: u32, score: f32) {
        // It may be newer than the table that this search looks at; the next one knows it.
        if ticket as usize >= self.slots.len() && ticket != NONE {
            self.reach(ticket as usize + 1);
        }
        let Some(slot) = self.slots.get_mut(ticket as usize) else { return };
        if score > slot.0 {
            if slot.0 == 0.0 {
                self.touched.push(ticket);
            }
            *slot = (score, doc);
        }
    }

    /// Makes room for tickets with numbers below this one.
    pub(super) fn reach(&mut self, numbers: usize) {
        if self.slots.len() < numbers {
            self.slots.resize(numbers, (0.0, 0));
        }
    }

    /// What there is is put there.
    pub(super) fn take(&mut self, hits: &mut Hits) {
        self.touched.sort_unstable();
        hits.scores = Vec::with_capacity(self.touched.len());
        hits.docs = Vec::with_capacity(self.touched.len());
        for ticket in &self.touched {
            let slot = self.slots.get_mut(*ticket as usize).map(std::mem::take);
            let (score, doc) = slot.unwrap_or_default();
            hits.scores.push(score);
            hits.docs.push(doc);
        }
        hits.tickets = self.touched.as_slice().to_vec();
        self.touched.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(count: usize) -> Arc<Hits> {
        let tickets = (0..).take(count).collect();
        Arc::new(Hits { tickets, ..Hits::default() })
    }

    fn key(number: u64) -> Key {
        Key { segment: SegmentId::generate_random(), without: 0, wanted: [number; 2] }
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let kept = Kept::new(10_000);
        for number in 0..100 {
            kept.put(key(number), &hits(100));
        }
        let entries = kept.entries();
        assert!((1..10).contains(&entries.known.len()), "{}", entries.known.len());
        assert!(entries.bytes <= 10_000);
        drop(entries);
        // What is larger than all the room is not kept, and leaves nothing behind.
        kept.put(key(0), &hits(10_000));
        let entries = kept.entries();
        assert_eq!((entries.known.len(), entries.bytes), (0, 0));
    }

    #[test]
    fn of_each_ticket_the_best_message_is_gathered() {
        let mut gather = Gather::default();
        gather.reach(10);
        for (ticket, doc, score) in
            [(7, 1, 0.5), (3, 2, 1.0), (7, 3, 2.0), (7, 4, 1.0), (10, 5, 1.0), (NONE, 6, 1.0)]
        {
            gather.hit(ticket, doc, score);
        }
        let mut taken = || {
            let mut hits = Hits::default();
            gather.take(&mut hits);
            hits
        };
        let hits = taken();
        assert_eq!(hits.tickets, [3, 7, 10]);
        assert_eq!(
            [3, 7, 10].map(|ticket| hits.of(ticket)),
            [(1.0, 2), (2.0, 3), (1.0, 5)].map(Some)
        );
        assert_eq!(hits.of(4), None);
        assert_eq!(taken().tickets, [0; 0]);
    }
}
