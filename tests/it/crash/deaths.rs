//! Where processes die: at each point, or at steps that are drawn.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use loket::crash;
use loket::ids::{Ids as _, SeededIds};

use super::{AT_ONCE, Home, Open, Work, each, run};

/// No work passes so many points.
const MOST: u64 = 800;

/// What steps are drawn from, unless `LOKET_TEST_SEED` says otherwise.
const SEED: u64 = 20_260_302;

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Death {
    Never,
    Point(u64),
    Step(u64),
}

impl Death {
    /// For this process.
    pub(super) fn comes(self) {
        match self {
            Self::Never => crash::at_step(0),
            Self::Point(number) => crash::at(number),
            Self::Step(number) => crash::at_step(number),
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => write!(f, "never"),
            Self::Point(number) => write!(f, "point {number}"),
            Self::Step(number) => write!(f, "step {number}"),
        }
    }
}

impl FromStr for Death {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(' ') {
            Some(("point", number)) => Self::Point(number.parse()?),
            Some((_, number)) => Self::Step(number.parse()?),
            None => Self::Never,
        })
    }
}

/// Which deaths a work has to bear.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deaths {
    /// At each so manyth point.
    Each(u64),
    /// At so many steps, drawn at random.
    Drawn(usize),
}

/// The seed of what is drawn.
fn seed() -> u64 {
    std::env::var("LOKET_TEST_SEED").map_or(SEED, |seed| seed.parse().expect("a number"))
}

impl Deaths {
    /// Has the work die, and `check` what the next start makes of it. Answers how often it died.
    pub(super) async fn of<F>(self, base: &Home, work: &Work, check: F) -> usize
    where
        F: AsyncFn(&Open, Death),
    {
        match self {
            Self::Each(every) => at_points(base, work, every, &check).await,
            Self::Drawn(count) => at_random(base, work, count, &check).await,
        }
    }
}

/// How many died: a child that has done its work before its turn to die has not.
fn died(outcomes: &[Option<u64>]) -> usize {
    outcomes.iter().filter(|outcome| outcome.is_none()).count()
}

async fn at_points<F>(base: &Home, work: &Work, every: u64, check: &F) -> usize
where
    F: AsyncFn(&Open, Death),
{
    let mut point = 1;
    let mut count = 0;
    loop {
        let some: Vec<Death> =
            (0..AT_ONCE as u64).map(|step| Death::Point(point + step * every)).collect();
        let died = died(&each(base, work, &some, check).await);
        count += died;
        if died < some.len() {
            return count;
        }
        point += AT_ONCE as u64 * every;
        assert!(point < MOST, "it ends");
    }
}

async fn at_random<F>(base: &Home, work: &Work, count: usize, check: &F) -> usize
where
    F: AsyncFn(&Open, Death),
{
    let undisturbed = base.copy().await;
    let mut steps = run(&undisturbed, work, Death::Never).expect("nothing kills it");
    assert!(steps > 2 * count as u64, "{} passes {steps} steps only", work.what);
    // Printed only where a test fails.
    println!("{count} of {steps} steps of {}; LOKET_TEST_SEED={}", work.what, seed());
    // A work of its own, a sequence of its own.
    let of_work = work
        .what
        .bytes()
        .fold(seed(), |all, one| all.wrapping_mul(31).wrapping_add(u64::from(one)));
    let random = SeededIds::new(of_work);
    let mut drawn = BTreeSet::new();
    let mut dead = 0;
    // How work is split into batches depends on how long they take: one that is drawn last may
    // not be reached, and another is drawn in its place, from no more steps than that work had.
    while dead < count {
        let mut some = Vec::new();
        while some.len() < (count - dead).min(AT_ONCE) {
            let mut bytes = [0; 8];
            random.fill(&mut bytes);
            let death = Death::Step(u64::from_le_bytes(bytes) % steps + 1);
            if drawn.insert(death) {
                some.push(death);
            }
        }
        let outcomes = each(base, work, &some, check).await;
        dead += died(&outcomes);
        steps = outcomes.into_iter().flatten().fold(steps, u64::min);
        assert!(steps > 2 * count as u64, "{} passes {steps} steps only", work.what);
        assert!(drawn.len() < 2 * count, "{} has fewer steps each time", work.what);
    }
    dead
}
