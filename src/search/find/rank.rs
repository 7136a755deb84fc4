//! The order of what was found, and how many there are of each.

use std::collections::HashMap;

use super::{Search, Set};
use crate::domain::ids::{ChannelId, MembershipId};
use crate::domain::words::Status;

/// Half of what freshness adds is gone after these days.
const HALF_LIFE_DAYS: f32 = 90.0;

/// What is heard of today scores this much more than what is years old.
const FRESHNESS: f32 = 0.35;

const DAY_MS: f32 = 86_400_000.0;

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
    /// Puts in order: `limit` tickets after the first `skip`. `now` is in milliseconds since 1970, `zone` says
    /// in which year a moment is.
    #[must_use]
    pub fn rank(
        &self,
        set: &Set,
        order: Order,
        (skip, limit): (usize, usize),
        now: i64,
        zone: &dyn Fn(i64) -> i32,
    ) -> Ranked {
        let mut counts = Counts::default();
        let mut all: Vec<(f32, i64, u32)> = Vec::new();
        for (place, score) in set.iter() {
            let Some(row) = self.table.row(place) else { continue };
            counts.all += 1;
            *counts.status.entry(row.status).or_default() += 1;
            *counts.channel.entry(row.channel).or_default() += 1;
            *counts.assignee.entry(row.assignee).or_default() += 1;
            *counts.year.entry(zone(row.last)).or_default() += 1;
            all.push((score * fresh(now - row.last), row.last, place));
        }
        let compare = |a: &(f32, i64, u32), b: &(f32, i64, u32)| match order {
            Order::Best => b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)),
            Order::Newest => b.1.cmp(&a.1).then(a.2.cmp(&b.2)),
            Order::Oldest => a.1.cmp(&b.1).then(a.2.cmp(&b.2)),
        };
        let wanted = skip.saturating_add(limit);
        if wanted > 0 && wanted < all.len() {
            all.select_nth_unstable_by(wanted - 1, compare);
            all.truncate(wanted);
        }
        all.sort_unstable_by(compare);
        let places = all.into_iter().skip(skip).take(limit).map(|(.., place)| place).collect();
        Ranked { places, counts }
    }
}

/// What a ticket's age does to what it scores.
fn fresh(age_ms: i64) -> f32 {
    let days = (age_ms.max(0) as f32) / DAY_MS;
    1.0 + FRESHNESS * (-days * std::f32::consts::LN_2 / HALF_LIFE_DAYS).exp()
}
