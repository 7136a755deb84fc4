//! What is not sealed of an organization's tickets, in memory: whose they are, what state they are in, when
//! they were last heard of. A search is answered from here and from the indexes of words together, so that a
//! ticket that was closed a moment ago is closed in the results without its words being indexed again.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::ids::TicketId;
pub use crate::domain::shape::TicketShape as Row;

/// No ticket.
const NONE: u32 = u32::MAX;

/// Merges after merges that are followed.
const HOPS: usize = 16;

/// The tickets of an organization.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    by_id: HashMap<Uuid, u32>,
    /// The row of each number; numbers are given out one after the other.
    by_number: Vec<u32>,
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
        let (id, number) = (row.id.0, row.number);
        if let Some(place) = self.by_id.get(&id) {
            if let Some(known) = self.rows.get_mut(*place as usize) {
                *known = row;
            }
            return;
        }
        let next = u32::try_from(self.rows.len()).unwrap_or(NONE);
        let place = self.free.pop().unwrap_or(next);
        match self.rows.get_mut(place as usize) {
            Some(old) => *old = row,
            None => self.rows.push(row),
        }
        self.by_id.insert(id, place);
        let Ok(number) = usize::try_from(number) else { return };
        if self.by_number.len() <= number {
            self.by_number.resize(number + 1, NONE);
        }
        if let Some(slot) = self.by_number.get_mut(number) {
            *slot = place;
        }
    }

    /// Forgets a ticket.
    pub fn remove(&mut self, id: TicketId) {
        let Some(place) = self.by_id.remove(&id.0) else { return };
        let number = self.rows.get(place as usize).map_or(0, |row| row.number);
        if let Some(slot) = usize::try_from(number).ok().and_then(|n| self.by_number.get_mut(n)) {
            *slot = NONE;
        }
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

    /// Where the ticket with this id is.
    #[must_use]
    pub fn place(&self, id: TicketId) -> Option<u32> {
        self.by_id.get(&id.0).copied()
    }

    /// Where the ticket is that what was written to this number is found in.
    #[must_use]
    pub fn find(&self, number: u64) -> Option<u32> {
        let number = usize::try_from(number).ok()?;
        let mut place = self.by_number.get(number).copied().filter(|place| *place != NONE)?;
        for _ in 0..HOPS {
            match self.row(place)?.merged_into {
                None => return Some(place),
                Some(target) => place = self.place(target)?,
            }
        }
        None
    }

    /// Every ticket that has not gone up in another one, with its place.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Row)> {
        (0_u32..).zip(&self.rows).filter(|(place, row)| {
            row.merged_into.is_none() && self.by_id.get(&row.id.0) == Some(place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ChannelId;
    use crate::domain::words::{Priority, Status};

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

    #[test]
    fn what_was_merged_is_found_where_it_is_now() {
        let mut table = Table::default();
        for number in 1..=3 {
            table.put(row(number));
        }
        table.put(Row { merged_into: Some(row(2).id), ..row(1) });
        table.put(Row { merged_into: Some(row(3).id), ..row(2) });
        assert_eq!(table.find(1), table.place(row(3).id));
        let all: Vec<u64> = table.all().map(|(_, row)| row.number).collect();
        assert_eq!(all, [3]);
        table.put(row(1));
        assert_eq!(table.find(1), table.place(row(1).id), "it was undone");
        // Two that point at each other are no reason to go round for ever.
        table.put(Row { merged_into: Some(row(2).id), ..row(3) });
        assert_eq!(table.find(2), None);
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
        assert_eq!(table.all().count(), 2);
    }
}
