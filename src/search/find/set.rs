//! A set of tickets, each with what it scores.

/// What being in a set is worth where nothing was scored.
const IN: f32 = 1e-6;

/// Tickets by their place in the table. Zero: not in it.
#[derive(Debug, Clone)]
pub struct Set(Vec<f32>);

impl Set {
    pub(super) fn new(places: usize) -> Self {
        Self(vec![0.0; places])
    }

    /// Puts a ticket in that scores nothing.
    pub(super) fn mark(&mut self, place: u32) {
        self.add(place, IN);
    }

    /// Adds to what a ticket scores.
    pub(super) fn add(&mut self, place: u32, score: f32) {
        if let Some(known) = self.0.get_mut(place as usize) {
            *known += score;
        }
    }

    pub(super) fn and(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own = if *own > 0.0 && *other > 0.0 { *own + *other } else { 0.0 };
        }
    }

    pub(super) fn or(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own += *other;
        }
    }

    pub(super) fn without(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            if *other > 0.0 {
                *own = 0.0;
            }
        }
    }

    /// Keeps those that fit.
    pub(super) fn keep(&mut self, fits: impl Fn(u32) -> bool) {
        for (place, own) in (0_u32..).zip(&mut self.0) {
            if *own > 0.0 && !fits(place) {
                *own = 0.0;
            }
        }
    }

    pub(super) fn scale(&mut self, factor: f32) {
        for own in &mut self.0 {
            *own *= factor;
        }
    }

    /// Those that are in at least so many of these.
    pub(super) fn of_most(sets: &[Self], least: usize) -> Self {
        let mut most = Self::new(sets.first().map_or(0, |set| set.0.len()));
        for (place, score) in most.0.iter_mut().enumerate() {
            let scores =
                sets.iter().filter_map(|set| set.0.get(place)).filter(|score| **score > 0.0);
            let (count, sum) =
                scores.fold((0, 0.0), |(count, sum), score| (count + 1, sum + score));
            if count >= least {
                *score = sum;
            }
        }
        most
    }

    /// How many are in it, as far as `enough`.
    pub(super) fn count_to(&self, enough: usize) -> usize {
        self.0.iter().filter(|score| **score > 0.0).take(enough).count()
    }

    /// Those in it, with what they score.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        (0_u32..).zip(self.0.iter().copied()).filter(|(_, score)| *score > 0.0)
    }
}
