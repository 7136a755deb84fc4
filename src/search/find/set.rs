//! A set of tickets, each with what it scores.

use std::cmp::Ordering;

/// What being in a set is worth where nothing was scored.
const IN: f32 = 1e-6;

/// A set with more than one in so many of all tickets has a slot for each of them.
pub(super) const SPARSE: usize = 16;

/// Tickets by their place in the table. What scores nothing is not in it.
#[derive(Debug, Clone)]
pub struct Set {
    /// How many places there are.
    places: usize,
    members: Members,
}

#[derive(Debug, Clone)]
enum Members {
    /// In the order of their places: most sets are small, and a slot for each ticket takes longer to clear than they
    /// take to be found.
    Few(Vec<(u32, f32)>),
    /// A score for each place.
    Many(Vec<f32>),
}

/// Slots that are looked at together.
const ROW: usize = 32;

use Members::{Few, Many};

impl Set {
    /// An empty one.
    pub(super) fn new(places: usize) -> Self {
        Self { places, members: Few(Vec::new()) }
    }

    /// These, in any order. One that comes twice scores both.
    pub(super) fn of(places: usize, mut members: Vec<(u32, f32)>) -> Self {
        if members.len() > places / SPARSE {
            let mut scores = vec![0.0; places];
            for (place, score) in members {
                if let Some(known) = scores.get_mut(place as usize) {
                    *known += score;
                }
            }
            return Self { places, members: Many(scores) };
        }
        members.sort_unstable_by_key(|(place, _)| *place);
        members.dedup_by(|again, known| {
            let is_known = again.0 == known.0;
            known.1 += if is_known { again.1 } else { 0.0 };
            is_known
        });
        Self { places, members: Few(members) }
    }

    /// These: what scores nothing is not in it.
    pub(super) fn dense(scores: Vec<f32>) -> Self {
        Self { places: scores.len(), members: Many(scores) }
    }

    /// These, of which nothing was scored, in order.
    pub(super) fn marked(places: usize, members: impl Iterator<Item = u32>) -> Self {
        Self::of(places, members.map(|place| (place, IN)).collect())
    }

    /// One ticket.
    pub(super) fn one(places: usize, place: u32, score: f32) -> Self {
        Self::of(places, vec![(place, score)])
    }

    /// What a ticket scores; zero if it is not in it.
    fn get(&self, place: u32) -> f32 {
        match &self.members {
            Few(members) => members
                .binary_search_by_key(&place, |(place, _)| *place)
                .ok()
                .and_then(|at| members.get(at))
                .map_or(0.0, |(_, score)| *score),
            Many(scores) => scores.get(place as usize).copied().unwrap_or(0.0),
        }
    }

    pub(super) fn and(&mut self, other: &Self) {
        match (&mut self.members, &other.members) {
            (Many(own), Many(other)) => {
                for (own, other) in own.iter_mut().zip(other) {
                    *own = if *own > 0.0 && *other > 0.0 { *own + *other } else { 0.0 };
                }
            }
            (Few(own), _) => own.retain_mut(|(place, score)| {
                let more = other.get(*place);
                *score += more;
                more > 0.0
            }),
            (Many(_), Few(members)) => {
                let both = members.iter().map(|(place, score)| (*place, *score, self.get(*place)));
                let both = both.filter(|(.., own)| *own > 0.0);
                self.members = Few(both.map(|(place, score, own)| (place, score + own)).collect());
            }
        }
    }

    pub(super) fn or(&mut self, other: &Self) {
        match (&mut self.members, &other.members) {
            (Many(own), Many(other)) => {
                for (own, other) in own.iter_mut().zip(other) {
                    *own += *other;
                }
            }
            (Many(own), Few(members)) => {
                for (place, score) in members {
                    if let Some(own) = own.get_mut(*place as usize) {
                        *own += *score;
                    }
                }
            }
            (Few(members), Many(other)) => {
                let mut all = other.clone();
                for (place, score) in members {
                    if let Some(known) = all.get_mut(*place as usize) {
                        *known += *score;
                    }
                }
                self.members = Many(all);
            }
            (Few(own), Few(other)) if own.is_empty() => own.clone_from(other),
            (Few(own), Few(other)) => {
                let all = union(own, other);
                *self = Self::of(self.places, all);
            }
        }
    }

    pub(super) fn without(&mut self, other: &Self) {
        match (&mut self.members, &other.members) {
            (Many(own), Many(other)) => {
                for (own, other) in own.iter_mut().zip(other) {
                    if *other > 0.0 {
                        *own = 0.0;
                    }
                }
            }
            (Many(own), Few(members)) => {
                for (place, _) in members {
                    if let Some(own) = own.get_mut(*place as usize) {
                        *own = 0.0;
                    }
                }
            }
            (Few(own), _) => own.retain(|(place, _)| other.get(*place) <= 0.0),
        }
    }

    /// Keeps those that fit.
    pub(super) fn keep(&mut self, fits: impl Fn(u32) -> bool) {
        match &mut self.members {
            Few(members) => members.retain(|(place, _)| fits(*place)),
            Many(scores) => {
                for (place, own) in (0_u32..).zip(scores) {
                    if *own > 0.0 && !fits(place) {
                        *own = 0.0;
                    }
                }
            }
        }
    }

    pub(super) fn scale(&mut self, factor: f32) {
        match &mut self.members {
            Few(members) => members.iter_mut().for_each(|(_, score)| *score *= factor),
            Many(scores) => scores.iter_mut().for_each(|score| *score *= factor),
        }
    }

    /// Those that are in at least so many of these.
    pub(super) fn of_most(sets: &[Self], least: usize) -> Self {
        let places = sets.first().map_or(0, |set| set.places);
        let mut found: Vec<(u8, f32)> = vec![(0, 0.0); places];
        for (place, score) in sets.iter().flat_map(Self::iter) {
            if let Some((count, sum)) = found.get_mut(place as usize) {
                *count = count.saturating_add(1);
                *sum += score;
            }
        }
        let most = (0_u32..).zip(found).filter(|(_, (count, _))| usize::from(*count) >= least);
        Self::of(places, most.map(|(place, (_, sum))| (place, sum)).collect())
    }

    /// How many are in it, as far as `enough`.
    pub(super) fn count_to(&self, enough: usize) -> usize {
        self.iter().take(enough).count()
    }

    /// Those in it, with what they score, in the order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        let (few, many) = self.parts();
        // Most slots of a set may be empty: they are passed by many at a time.
        let many = (0_u32..).step_by(ROW).zip(many.chunks(ROW));
        let many = many.filter(|(_, row)| row.iter().any(|score| *score > 0.0));
        let many = many.flat_map(|(begin, row)| (begin..).zip(row.iter().copied()));
        few.iter().copied().chain(many.filter(|(_, score)| *score > 0.0))
    }

    /// Calls for each of them, the first place first.
    pub(super) fn each(&self, act: &mut impl FnMut(u32, f32)) {
        for (place, score) in self.iter() {
            act(place, score);
        }
    }

    /// Calls for each of them, the last place first.
    pub(super) fn each_back(&self, act: &mut impl FnMut(u32, f32)) {
        let (few, many) = self.parts();
        for (place, score) in few.iter().rev() {
            act(*place, *score);
        }
        let mut place = u32::try_from(many.len()).unwrap_or(u32::MAX);
        for score in many.iter().rev() {
            place -= 1;
            if *score > 0.0 {
                act(place, *score);
            }
        }
    }

    fn parts(&self) -> (&[(u32, f32)], &[f32]) {
        match &self.members {
            Few(members) => (members, &[]),
            Many(scores) => (&[], scores),
        }
    }
}

/// Both, in order.
fn union(own: &[(u32, f32)], other: &[(u32, f32)]) -> Vec<(u32, f32)> {
    let mut all = Vec::with_capacity(own.len() + other.len());
    let (mut own, mut other) = (own.iter().peekable(), other.iter().peekable());
    while let (Some(a), Some(b)) = (own.peek(), other.peek()) {
        all.extend(match a.0.cmp(&b.0) {
            Ordering::Less => own.next().copied(),
            Ordering::Greater => other.next().copied(),
            Ordering::Equal => own.next().zip(other.next()).map(|(a, b)| (a.0, a.1 + b.1)),
        });
    }
    all.extend(own);
    all.extend(other);
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACES: u32 = 200;

    /// The same tickets, once as few and once as many.
    fn both(members: &[(u32, f32)]) -> [Set; 2] {
        let mut scores = vec![0.0; PLACES as usize];
        for (place, score) in members {
            scores[*place as usize] = *score;
        }
        let few = Few(members.to_vec());
        [few, Many(scores)].map(|members| Set { places: PLACES as usize, members })
    }

    fn list(set: &Set) -> Vec<(u32, f32)> {
        set.iter().collect()
    }

    prop_compose! {
        fn members()(of in prop::collection::btree_map(0..PLACES, 1_u8..9, 0..40)) -> Vec<(u32, f32)> {
            of.into_iter().map(|(place, score)| (place, f32::from(score))).collect()
        }
    }

    proptest! {
        #[test]
        fn few_and_many_are_the_same(own in members(), other in members(), third in members()) {
            type Act = fn(&mut Set, &Set);
            let acts: [Act; 3] = [Set::and, Set::or, Set::without];
            for act in acts {
                let mut results = Vec::new();
                for one in both(&own) {
                    for two in both(&other) {
                        let mut set = one.clone();
                        act(&mut set, &two);
                        results.push(list(&set));
                    }
                }
                prop_assert!(results.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", results);
            }
            let [few, many] = both(&own);
            prop_assert_eq!(few.count_to(10), many.count_to(10));
            for set in [&few, &many] {
                let mut back = Vec::new();
                set.each_back(&mut |place, score| back.insert(0, (place, score)));
                prop_assert_eq!(&back, &own);
            }
            prop_assert_eq!(list(&Set::of(PLACES as usize, own.iter().rev().copied().collect())), own.clone());
            for mut set in [few, many] {
                set.scale(2.0);
                set.keep(|place| place % 2 == 0);
                let kept = own.iter().filter(|(place, _)| place % 2 == 0);
                let kept: Vec<_> = kept.map(|(place, score)| (*place, score * 2.0)).collect();
                prop_assert_eq!(list(&set), kept);
            }
            let [sets, mixed] = [0, 1].map(|kind| {
                [(&own, kind), (&other, 0), (&third, 1)].map(|(of, kind)| both(of)[kind].clone())
            });
            let most = list(&Set::of_most(&sets, 2));
            prop_assert_eq!(&most, &list(&Set::of_most(&mixed, 2)));
            let all = (0..PLACES).map(|place| {
                let scores = sets.iter().map(|set| set.get(place)).filter(|score| *score > 0.0);
                (place, scores.clone().count(), scores.sum::<f32>())
            });
            let expected = all.filter(|(_, count, _)| *count >= 2).map(|(place, _, sum)| (place, sum));
            prop_assert_eq!(most, expected.collect::<Vec<_>>());
        }
    }
}
