//! The order of what was found, and how many there are of each.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::table::quarter;
use super::{Search, Set};
use crate::domain::ids::{ChannelId, MembershipId};
use crate::domain::words::Status;

/// Half of what freshness adds is gone after these days.
const HALF_LIFE_DAYS: f32 = 90.0;

/// What is heard of today scores this much more than what is years old.
const FRESHNESS: f32 = 0.35;

/// Quarters of an hour of a day.
const DAY: u32 = 96;

/// By then nothing is left of freshness.
const OLD_DAYS: u16 = 2_000;

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// What fits best first, and of what fits alike the freshest.
    #[default]
    Best,
    /// What was written last first.
    Newest,
    /// What was written last longest ago first.
    Oldest,
}

/// A year, where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// Which one.
    pub number: i32,
    /// Its first moment, in milliseconds since 1970.
    pub from: i64,
    /// The first moment after it.
    pub to: i64,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Ranked {
    /// Places of tickets, in order, as many as were asked for.
    pub places: Vec<u32>,
    /// How many there are of each.
    pub counts: Counts,
}

/// How many there are of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub all: u64,
    /// By status.
    pub status: HashMap<Status, u64>,
    /// By home.
    pub channel: HashMap<ChannelId, u64>,
    /// By the year in which something was last written.
    pub year: HashMap<i32, u64>,
    /// By who works on it.
    pub assignee: HashMap<Option<MembershipId>, u64>,
}

impl Search<'_> {
    /// Puts in order: `limit` tickets after the first `skip`. `now` is in milliseconds since 1970, `year_of` says
    /// in which year a moment is.
    #[must_use]
    pub fn rank(
        &self,
        set: &Set,
        order: Order,
        (skip, limit): (usize, usize),
        now: i64,
        year_of: &dyn Fn(i64) -> Year,
    ) -> Ranked {
        let (briefs, kinds) = (self.table.briefs(), self.table.kinds());
        let last = |place| self.table.times().get(place as usize).map_or(0, |times| times.last);
        let mut of_kind = vec![0_u64; kinds.len()];
        let mut years: Vec<(Quarters, u64)> = Vec::new();
        // Tickets of a year mostly lie beside each other.
        let mut current = 0;
        let mut first = First::new(skip.saturating_add(limit));
        let today = quarter(now);
        let mut rank = |place: u32, score: f32| {
            let Some(brief) = briefs.get(place as usize) else { return };
            if let Some(count) = of_kind.get_mut(brief.kind as usize) {
                *count += 1;
            }
            let has = |(year, _): &(Quarters, u64)| year.has(brief.last);
            if !years.get(current).is_some_and(has) {
                current = years.iter().position(has).unwrap_or_else(|| {
                    years.push((Quarters::of(&year_of(last(place))), 0));
                    years.len() - 1
                });
            }
            if let Some((_, count)) = years.get_mut(current) {
                *count += 1;
            }
            first.offer(match order {
                Order::Best if first.is_beyond(score * (1.0 + FRESHNESS)) => return,
                Order::Best => {
                    let score = score * fresh(today.saturating_sub(brief.last) / DAY);
                    if first.is_beyond(score) {
                        return;
                    }
                    (score, last(place), place)
                }
                Order::Newest => (0.0, last(place), place),
                Order::Oldest => (0.0, -last(place), place),
            });
        };
        // Who is looked at early and stays makes for little work with those who follow: the last places are mostly
        // those of the newest tickets.
        if order == Order::Oldest {
            set.each(&mut rank);
        } else {
            set.each_back(&mut rank);
        }
        let places = first.into_order().skip(skip).take(limit).map(|(.., place)| place).collect();
        let mut counts = Counts::default();
        for (kind, count) in kinds.iter().zip(of_kind).filter(|(_, count)| *count > 0) {
            counts.all += count;
            *counts.status.entry(kind.status).or_default() += count;
            *counts.channel.entry(kind.channel).or_default() += count;
            *counts.assignee.entry(kind.assignee).or_default() += count;
        }
        counts.year = years.into_iter().map(|(year, count)| (year.number, count)).collect();
        Ranked { places, counts }
    }

    /// The places of those that were written last, at most so many.
    #[must_use]
    pub fn newest(&self, set: &Set, limit: usize) -> Vec<u32> {
        let mut first = First::new(limit);
        set.each_back(&mut |place, _| {
            if let Some(times) = self.table.times().get(place as usize) {
                first.offer((0.0, times.last, place));
            }
        });
        first.into_order().take(limit).map(|(.., place)| place).collect()
    }
}

/// A year in quarters of an hour.
struct Quarters {
    number: i32,
    from: u32,
    to: u32,
}

impl Quarters {
    fn of(year: &Year) -> Self {
        Self { number: year.number, from: quarter(year.from), to: quarter(year.to) }
    }

    #[inline]
    fn has(&self, at: u32) -> bool {
        self.from <= at && at < self.to
    }
}

/// A ticket in line: its score, a moment, its place.
type InLine = (f32, i64, u32);

/// Those with the highest score, and of those alike the latest.
struct First {
    wanted: usize,
    all: Vec<InLine>,
    /// Nobody who comes after this one is among the first.
    last: Option<InLine>,
    /// What that one scores.
    floor: f32,
}

/// How many more than are wanted are kept before the line is looked through.
const SLACK: usize = 250;

impl First {
    fn new(wanted: usize) -> Self {
        Self { wanted, all: Vec::new(), last: None, floor: f32::NEG_INFINITY }
    }

    /// Whether nobody who scores just this is among the first.
    #[inline]
    fn is_beyond(&self, score: f32) -> bool {
        score < self.floor
    }

    fn offer(&mut self, one: InLine) {
        if self.last.is_some_and(|last| before(&last, &one).is_lt()) {
            return;
        }
        self.all.push(one);
        if self.all.len() >= self.wanted.saturating_add(SLACK) {
            self.look_through();
        }
    }

    fn look_through(&mut self) {
        let Some(at) = self.wanted.checked_sub(1).filter(|at| *at < self.all.len()) else {
            return;
        };
        let (_, last, _) = self.all.select_nth_unstable_by(at, before);
        self.floor = last.0;
        self.last = Some(*last);
        self.all.truncate(self.wanted);
    }

    fn into_order(mut self) -> impl Iterator<Item = InLine> {
        self.look_through();
        self.all.sort_unstable_by(before);
        self.all.into_iter()
    }
}

fn before(a: &InLine, b: &InLine) -> Ordering {
    b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2))
}

/// What a ticket's age in days does to what it scores.
fn fresh(age: u32) -> f32 {
    static BY_DAY: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let of = |day: u16| {
            1.0 + FRESHNESS * (-f32::from(day) * std::f32::consts::LN_2 / HALF_LIFE_DAYS).exp()
        };
        (0..OLD_DAYS).map(of).collect()
    });
    BY_DAY.get(age as usize).copied().unwrap_or(1.0)
}
