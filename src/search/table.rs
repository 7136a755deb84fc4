//! What is not sealed of an organization's tickets, in memory: whose they are, what state they are in, when
//! they were last heard of. A search is answered from here and from the indexes of words together, so that a
//! ticket that was closed a moment ago is closed in the results without its words being indexed again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use uuid::Uuid;

use crate::domain::ids::{ChannelId, ContactId, MembershipId, TeamId, TicketId};
pub use crate::domain::shape::TicketShape as Row;
use crate::domain::words::{Priority, Status};

/// No ticket, nobody.
pub(super) const NONE: u32 = u32::MAX;

/// Merges after merges that are followed.
const HOPS: usize = 16;

/// What is looked at of every ticket that a search comes by: little, for it is little that stays near the processor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    /// When something was last written, in quarters of an hour since 1970: no zone's year begins between two of them.
    pub(super) last: u32,
    /// What kind of ticket it is, by its place among the kinds.
    pub(super) kind: u32,
}

/// When a ticket was made and last written to, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// When it was made.
    pub first: i64,
    /// When something was last written.
    pub last: i64,
}

/// What tickets have in common. There are few kinds beside the tickets that there are, and what is asked of a ticket is
/// mostly asked of its kind: once for all tickets of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Their home.
    pub channel: ChannelId,
    /// Who works on them.
    pub assignee: Option<MembershipId>,
    /// The team that works on them.
    pub team: Option<TeamId>,
    /// Their status.
    pub status: Status,
    /// How urgent they are.
    pub priority: Priority,
    /// Whether they have files.
    pub has_attachment: bool,
    /// Whether the customer waits for an answer.
    pub is_waiting: bool,
    /// Whether they sleep.
    pub is_snoozed: bool,
    /// Whether each is a ticket by itself: not gone, and not gone up in another one.
    is_whole: bool,
}

impl Kind {
    fn of(row: &Row) -> Self {
        Self {
            channel: row.channel,
            assignee: row.assignee,
            team: row.team,
            status: row.status,
            priority: row.priority,
            has_attachment: row.has_attachment,
            is_waiting: row.is_waiting,
            is_snoozed: row.is_snoozed,
            is_whole: row.merged_into.is_none(),
        }
    }
}

/// Milliseconds.
const QUARTER: i64 = 15 * 60 * 1_000;

/// Quarters of an hour since 1970 until a moment.
pub(super) fn quarter(at: i64) -> u32 {
    u32::try_from(at.div_euclid(QUARTER).max(0)).unwrap_or(u32::MAX)
}

/// What somebody may see.
pub struct Sight<'a> {
    /// Of which channels.
    pub reaches: &'a dyn Fn(ChannelId) -> bool,
    /// In which states.
    pub shows: &'a dyn Fn(Status) -> bool,
    /// Not of these customers.
    pub hidden: &'a [ContactId],
}

impl std::fmt::Debug for Sight<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sight").field("hidden", &self.hidden.len()).finish_non_exhaustive()
    }
}

/// What somebody sees, of the table as it is: whoever sees the same shares it.
#[derive(Debug)]
pub(super) struct Seen {
    /// By place: whether there is a ticket that may be seen.
    pub(super) tickets: Vec<bool>,
    /// For each number the place of the ticket that what was written to it is found in; [`NONE`] where that may not
    /// be seen.
    pub(super) places: Vec<u32>,
    /// By place: whether it is the place of several numbers. Empty where no ticket has gone up in another.
    joined: Vec<bool>,
}

impl Seen {
    /// Whether other tickets have gone up in the one at this place.
    #[inline]
    pub(super) fn is_joined(&self, place: u32) -> bool {
        self.joined.get(place as usize).is_some_and(|joined| *joined)
    }
}

/// A [`Sight`] by its answers: of each kind of tickets, and the customers that it leaves out.
type Answers = (Vec<bool>, Vec<ContactId>);

/// Sights that are remembered: an organization has few, for most of its members are in the same mailboxes.
const SIGHTS: usize = 4;

/// The tickets of an organization.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    briefs: Vec<Brief>,
    times: Vec<Times>,
    kinds: Kinds,
    by_id: HashMap<Uuid, u32>,
    /// The row of each number; numbers are given out one after the other.
    by_number: Vec<u32>,
    /// As `by_number`, with merges followed. Made when it is needed and a merge has changed it.
    finals: OnceLock<Vec<u32>>,
    /// What was seen of the table as it is. Any change empties it.
    sights: Mutex<Vec<(Answers, Arc<Seen>)>>,
    /// How many rows there are of tickets that went up in others.
    merged: usize,
    /// Rows of tickets that are gone, to be used again.
    free: Vec<u32>,
}

impl Table {
    /// How many places there are; some may be empty.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no ticket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Adds a ticket, or replaces what was known of it.
    pub fn put(&mut self, row: Row) {
        self.forget_sights();
        let (id, number, is_whole) = (row.id.0, row.number, row.merged_into.is_none());
        let kind = self.kinds.place(Kind::of(&row));
        let brief = Brief { last: quarter(row.last), kind };
        let times = Times { first: row.first, last: row.last };
        self.merged += usize::from(!is_whole);
        if let Some(place) = self.by_id.get(&id).copied() {
            let told = self.briefs.get(place as usize);
            let was_whole = told.is_some_and(|told| self.kinds.is_whole(told.kind));
            self.set(place, row, brief, times);
            self.merged -= usize::from(!was_whole);
            if !(was_whole && is_whole) {
                self.finals.take();
            }
            return;
        }
        let next = u32::try_from(self.rows.len()).unwrap_or(NONE);
        let place = self.free.pop().unwrap_or(next);
        if place == next {
            self.rows.push(row);
            self.briefs.push(brief);
            self.times.push(times);
        } else {
            self.set(place, row, brief, times);
        }
        self.by_id.insert(id, place);
        let Ok(number) = usize::try_from(number) else { return };
        set(&mut self.by_number, number, place);
        if self.merged > 0 {
            // One that went up in another may have waited for it.
            self.finals.take();
        } else if let Some(finals) = self.finals.get_mut() {
            set(finals, number, place);
        }
    }

    fn set(&mut self, place: u32, row: Row, brief: Brief, times: Times) {
        let at = place as usize;
        let known = self.rows.get_mut(at).zip(self.briefs.get_mut(at)).zip(self.times.get_mut(at));
        if let Some(((known, told), when)) = known {
            (*known, *told, *when) = (row, brief, times);
        }
    }

    /// Forgets a ticket.
    pub fn remove(&mut self, id: TicketId) {
        self.forget_sights();
        let Some(place) = self.by_id.remove(&id.0) else { return };
        let number = self.rows.get(place as usize).map_or(0, |row| row.number);
        if let Some(slot) = usize::try_from(number).ok().and_then(|n| self.by_number.get_mut(n)) {
            *slot = NONE;
        }
        if let Some(brief) = self.briefs.get_mut(place as usize) {
            self.merged -= usize::from(!self.kinds.is_whole(brief.kind));
            brief.kind = self.kinds.gone(brief.kind);
        }
        self.finals.take();
        self.free.push(place);
    }

    /// Forgets tickets that do not fit.
    pub fn retain(&mut self, fits: impl Fn(&Row) -> bool) {
        let gone: Vec<TicketId> = self
            .by_id
            .values()
            .filter_map(|place| self.row(*place).filter(|row| !fits(row)).map(|row| row.id))
            .collect();
        for id in gone {
            self.remove(id);
        }
    }

    /// The ticket at this place.
    #[must_use]
    pub fn row(&self, place: u32) -> Option<&Row> {
        self.rows.get(place as usize)
    }

    /// What is known of the ticket at each place.
    pub(super) fn briefs(&self) -> &[Brief] {
        &self.briefs
    }

    /// The times of the ticket at each place.
    pub(super) fn times(&self) -> &[Times] {
        &self.times
    }

    /// The kinds that a [`Brief`] speaks of.
    pub(super) fn kinds(&self) -> &[Kind] {
        &self.kinds.all
    }

    /// Where the ticket with this id is.
    #[must_use]
    pub fn place(&self, id: TicketId) -> Option<u32> {
        self.by_id.get(&id.0).copied()
    }

    /// Where the ticket is that what was written to this number is found in.
    #[must_use]
    pub fn find(&self, number: u64) -> Option<u32> {
        let place = usize::try_from(number).ok().and_then(|number| self.finals().get(number));
        place.copied().filter(|place| *place != NONE)
    }

    /// For each number the place of [`Self::find`], or [`NONE`].
    pub(super) fn finals(&self) -> &[u32] {
        self.finals.get_or_init(|| {
            let find = |place: &u32| self.follow(*place).unwrap_or(NONE);
            self.by_number.iter().map(find).collect()
        })
    }

    fn follow(&self, mut place: u32) -> Option<u32> {
        for _ in 0..HOPS {
            if self.kinds.is_whole(self.briefs.get(place as usize)?.kind) {
                return Some(place);
            }
            place = self.place(self.row(place)?.merged_into?)?;
        }
        None
    }

    /// What somebody sees who sees so much.
    pub(super) fn seen(&self, sight: &Sight<'_>) -> Arc<Seen> {
        let is_shown = |kind: &Kind| {
            kind.is_whole && (sight.shows)(kind.status) && (sight.reaches)(kind.channel)
        };
        let answers: Answers =
            (self.kinds.all.iter().map(is_shown).collect(), sight.hidden.to_vec());
        let mut sights = self.sights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, seen)) = sights.iter().find(|(known, _)| *known == answers) {
            return Arc::clone(seen);
        }
        let seen = Arc::new(self.look(&answers));
        if sights.len() == SIGHTS {
            sights.remove(0);
        }
        sights.push((answers, Arc::clone(&seen)));
        seen
    }

    fn look(&self, (shown, hidden): &Answers) -> Seen {
        let is_true = |all: &[bool], at: u32| all.get(at as usize).is_some_and(|is| *is);
        let mut tickets: Vec<bool> =
            self.briefs.iter().map(|brief| is_true(shown, brief.kind)).collect();
        // Few organizations restrict anybody.
        if !hidden.is_empty() {
            for (seen, row) in tickets.iter_mut().zip(&self.rows) {
                *seen &= row.contact.is_none_or(|contact| !hidden.contains(&contact));
            }
        }
        let seen = |place: &u32| if is_true(&tickets, *place) { *place } else { NONE };
        let places: Vec<u32> = self.finals().iter().map(seen).collect();
        let mut joined = Vec::new();
        if self.merged > 0 {
            joined.resize(tickets.len(), false);
            let gone_up = self.by_number.iter().zip(&places).filter(|(own, found)| own != found);
            for (_, place) in gone_up {
                if let Some(joined) = joined.get_mut(*place as usize) {
                    *joined = true;
                }
            }
        }
        Seen { tickets, places, joined }
    }

    fn forget_sights(&mut self) {
        self.sights.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn set(places: &mut Vec<u32>, number: usize, place: u32) {
    if places.len() <= number {
        places.resize(number + 1, NONE);
    }
    if let Some(slot) = places.get_mut(number) {
        *slot = place;
    }
}

/// Kinds of tickets, each by its place.
#[derive(Debug, Default)]
struct Kinds {
    all: Vec<Kind>,
    places: HashMap<Kind, u32>,
}

impl Kinds {
    fn place(&mut self, kind: Kind) -> u32 {
        *self.places.entry(kind).or_insert_with(|| {
            self.all.push(kind);
            u32::try_from(self.all.len() - 1).unwrap_or(NONE)
        })
    }

    fn is_whole(&self, place: u32) -> bool {
        self.all.get(place as usize).is_some_and(|kind| kind.is_whole)
    }

    /// The kind of a ticket that is gone and was of this one.
    fn gone(&mut self, place: u32) -> u32 {
        let kind = self.all.get(place as usize).copied();
        kind.map_or(NONE, |kind| self.place(Kind { is_whole: false, ..kind }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64) -> Row {
        Row {
            id: TicketId(Uuid::from_u128(u128::from(number) + 1_000)),
            number,
            channel: ChannelId(Uuid::from_u128(1)),
            contact: None,
            status: Status::Open,
            assignee: None,
            team: None,
            priority: Priority::Normal,
            last: 0,
            has_attachment: false,
            first: 0,
            is_waiting: false,
            is_snoozed: false,
            merged_into: None,
        }
    }

    /// The numbers of those that may be seen by somebody who sees no spam.
    fn seen(table: &Table) -> Vec<u64> {
        let sight =
            Sight { reaches: &|_| true, shows: &|status| status != Status::Spam, hidden: &[] };
        let seen = table.seen(&sight);
        let places = (0..).zip(&seen.tickets).filter(|(_, seen)| **seen).map(|(place, _)| place);
        places.filter_map(|place| table.row(place)).map(|row| row.number).collect()
    }

    #[test]
    fn what_was_merged_is_found_where_it_is_now() {
        let mut table = Table::default();
        for number in 1..=3 {
            table.put(row(number));
        }
        table.put(Row { merged_into: Some(row(2).id), ..row(1) });
        table.put(Row { merged_into: Some(row(3).id), ..row(2) });
        assert_eq!(table.find(1), table.place(row(3).id));
        assert_eq!(seen(&table), [3]);
        table.put(row(1));
        assert_eq!(table.find(1), table.place(row(1).id), "it was undone");
        // Two that point at each other are no reason to go round for ever.
        table.put(Row { merged_into: Some(row(2).id), ..row(3) });
        assert_eq!(table.find(2), None);
    }

    #[test]
    fn what_was_seen_is_forgotten_with_each_change() {
        let mut table = Table::default();
        table.put(row(1));
        table.put(Row { channel: ChannelId(Uuid::from_u128(2)), ..row(2) });
        let [one, two] = [1, 2].map(|id| ChannelId(Uuid::from_u128(id)));
        let who = ContactId(Uuid::from_u128(7));
        let all = |table: &Table, only: Option<ChannelId>, hidden: &[ContactId]| {
            let reaches = move |id| only.is_none_or(|only| only == id);
            let seen = table.seen(&Sight { reaches: &reaches, shows: &|_| true, hidden });
            (seen.tickets.clone(), seen.places.clone())
        };
        for _ in 0..2 {
            // Each has their own, also of what is remembered.
            assert_eq!(all(&table, None, &[]).0, [true, true]);
            assert_eq!(all(&table, Some(one), &[]), (vec![true, false], vec![NONE, 0, NONE]));
            assert_eq!(all(&table, Some(two), &[]), (vec![false, true], vec![NONE, NONE, 1]));
            assert_eq!(all(&table, None, &[who]).0, [true, true]);
        }
        table.put(Row { contact: Some(who), ..row(1) });
        assert_eq!(all(&table, None, &[who]), (vec![false, true], vec![NONE, NONE, 1]));
        table.put(Row { channel: two, ..row(1) });
        assert_eq!(all(&table, Some(one), &[]).0, [false, false], "it moved");
        table.remove(row(2).id);
        assert_eq!(all(&table, Some(two), &[]), (vec![true, false], vec![NONE, 0, NONE]));
        for _ in 0..2 * SIGHTS {
            table.seen(&Sight { reaches: &|_| true, shows: &|_| true, hidden: &[] });
            let other = ContactId(Uuid::from_u128(8));
            for number in 1..=SIGHTS {
                all(&table, None, &vec![other; number]);
            }
        }
        assert_eq!(table.sights.lock().unwrap().len(), SIGHTS);
    }

    #[test]
    fn places_are_used_again() {
        let mut table = Table::default();
        table.put(row(1));
        table.put(row(2));
        table.remove(row(1).id);
        assert_eq!((table.find(1), table.len()), (None, 2));
        table.put(row(9));
        assert_eq!((table.find(9), table.len()), (Some(0), 2));
        assert_eq!(seen(&table), [9, 2]);
        table.put(Row { status: Status::Spam, ..row(2) });
        assert_eq!(seen(&table), [9]);
    }
}
