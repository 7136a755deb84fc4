//! What tickets score, in memory that one search leaves to the next: to clear a slot for each ticket of an
//! organization takes longer than many a search does.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::table::{Seen, Sight, Table};
use super::kept::{Gather, Hits};
use super::set::{SPARSE, Set};

/// What a search needs a slot for each ticket for.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) gather: Gather,
    /// What each ticket scores in the set that is being made, by place; zeroes when none is.
    sums: Vec<f32>,
    /// Tickets that have more than one hit in a field; none between two fields.
    again: Vec<bool>,
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").field("slots", &self.sums.len()).finish_non_exhaustive()
    }
}

/// Hits of one part, what they count, and what the first message of the part is counted as.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) hits: Arc<Hits>,
    pub(super) factor: f32,
    pub(super) first: u32,
}

/// What scored so far.
pub(super) struct Scores {
    /// What the asker may read.
    pub(super) seen: Arc<Seen>,
    /// Messages that the asker may not read although they may read the ticket, by their lower halves.
    pub(super) without: HashSet<u64>,
    pub(super) scratch: Scratch,
    /// How many tickets there are.
    places: usize,
    /// Places that scored in the set that is being made, unless there are many.
    touched: Vec<u32>,
    is_dense: bool,
    /// All hits of the search, to tell at the end by which message a ticket was found.
    lists: Vec<List>,
}

impl Scores {
    pub(super) fn new(table: &Table, sight: &Sight<'_>, mut scratch: Scratch) -> Self {
        let places = table.len();
        scratch.sums.resize(places, 0.0);
        scratch.again.resize(places, false);
        Self {
            seen: table.seen(sight),
            without: HashSet::new(),
            scratch,
            places,
            touched: Vec::new(),
            is_dense: false,
            lists: Vec::new(),
        }
    }

    /// Adds what a field was found to have: of each ticket the best hit, whichever list it is in.
    pub(super) fn add(&mut self, mut lists: Vec<List>) {
        lists.retain(|list| !list.hits.tickets.is_empty());
        let all: usize = lists.iter().map(|list| list.hits.tickets.len()).sum();
        self.is_dense |= self.touched.len() + all > self.places / SPARSE;
        // Within a list each number comes once. So only a ticket that is in a shorter list as well, or that others went
        // up in, may have more than one: they are few, and wait until all are known.
        lists.sort_by_key(|list| std::cmp::Reverse(list.hits.tickets.len()));
        let Some((longest, others)) = lists.split_first() else { return };
        let mut several: Vec<(u32, f32)> = Vec::new();
        let seen = Arc::clone(&self.seen);
        for (place, score) in others.iter().flat_map(|list| places(&seen, list)) {
            if let Some(again) = self.scratch.again.get_mut(place as usize) {
                *again = true;
                several.push((place, score));
            }
        }
        for (place, score) in places(&seen, longest) {
            let at = place as usize;
            if self.scratch.again.get(at).is_some_and(|again| *again) || seen.is_joined(place) {
                several.push((place, score));
            } else {
                sum(&mut self.scratch.sums, &mut self.touched, self.is_dense, place, score);
            }
        }
        several.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        several.dedup_by_key(|(place, _)| *place);
        for (place, score) in several {
            if let Some(again) = self.scratch.again.get_mut(place as usize) {
                *again = false;
            }
            sum(&mut self.scratch.sums, &mut self.touched, self.is_dense, place, score);
        }
        self.lists.append(&mut lists);
    }

    /// The set of what was added since the last one was made.
    pub(super) fn take(&mut self) -> Set {
        let sums = &mut self.scratch.sums;
        let set = if self.is_dense {
            Set::dense(std::mem::replace(sums, vec![0.0; self.places]))
        } else {
            let scored = self.touched.iter().map(|place| {
                let sum = sums.get_mut(*place as usize).map(std::mem::take);
                (*place, sum.unwrap_or_default())
            });
            Set::of(self.places, scored.collect())
        };
        self.touched.clear();
        self.is_dense = false;
        set
    }

    /// The message that scored best of those with these numbers, counted over all parts.
    pub(super) fn best(&self, numbers: &[u32]) -> Option<u32> {
        let mut best: Option<(f32, u32)> = None;
        for list in &self.lists {
            for (score, doc) in numbers.iter().filter_map(|number| list.hits.of(*number)) {
                let score = score * list.factor;
                if best.is_none_or(|(known, _)| score > known) {
                    best = Some((score, list.first.saturating_add(doc)));
                }
            }
        }
        best.map(|(_, message)| message)
    }

    /// What the next search is left.
    pub(super) fn take_scratch(&mut self) -> Scratch {
        // One that failed on its way has not taken what it gathered.
        drop(self.take());
        self.scratch.gather.take(&mut Hits::default());
        std::mem::take(&mut self.scratch)
    }
}

/// What a list says of the tickets that may be seen, by their places.
fn places<'a>(seen: &'a Seen, list: &'a List) -> impl Iterator<Item = (u32, f32)> {
    let hits = list.hits.tickets.iter().zip(&list.hits.scores);
    hits.filter_map(|(number, score)| {
        Some((*seen.places.get(*number as usize)?, *score * list.factor))
    })
}

#[inline]
fn sum(sums: &mut [f32], touched: &mut Vec<u32>, is_dense: bool, place: u32, score: f32) {
    // What may not be seen has no place.
    let Some(sum) = sums.get_mut(place as usize) else { return };
    if !is_dense && *sum == 0.0 {
        touched.push(place);
    }
    *sum += score;
}
