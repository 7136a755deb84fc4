//! Where a process may die. Tests have it die, as by `kill -9`, at each point in turn, and see that the
//! next process takes up what it left.
//!
//! A point is passed before and after each commit (of the data, of the keyring) and with each file that
//! comes or goes. A step is passed with each point and after each statement, most of which are in the midst of a
//! transaction. In a release build there is nothing here.

use sea_orm::DatabaseConnection;

/// Passes a point; a process that is to die here dies.
#[cfg(debug_assertions)]
pub fn point() {
    counted::point();
}

/// Passes a point.
#[cfg(not(debug_assertions))]
pub fn point() {}

/// Has the process die at the point of this number, counted from now and from 1.
#[cfg(debug_assertions)]
pub fn at(number: u64) {
    counted::at(number);
}

/// Makes each statement of the connections that are cloned from this one a step.
#[cfg(debug_assertions)]
pub fn watch(connection: &mut DatabaseConnection) {
    connection.set_metric_callback(|_| counted::step());
}

/// Makes each statement a step.
#[cfg(not(debug_assertions))]
pub fn watch(_: &mut DatabaseConnection) {}

/// Passes a step; a process that is to die here dies.
#[cfg(debug_assertions)]
pub fn step() {
    counted::step();
}

/// Passes a step.
#[cfg(not(debug_assertions))]
pub fn step() {}

/// How many points were passed since [`at`].
#[cfg(debug_assertions)]
#[must_use]
pub fn passed() -> u64 {
    counted::passed()
}

/// Has the process die at the step of this number, counted from now and from 1.
#[cfg(debug_assertions)]
pub fn at_step(number: u64) {
    counted::at_step(number);
}

/// How many steps were passed since [`at_step`].
#[cfg(debug_assertions)]
#[must_use]
pub fn steps() -> u64 {
    counted::steps()
}

#[cfg(debug_assertions)]
mod counted {
    use std::sync::atomic::{AtomicU64, Ordering};

    /// How many were passed, and at which one dies.
    struct Count {
        passed: AtomicU64,
        dies: AtomicU64,
    }

    impl Count {
        const fn new() -> Self {
            Self { passed: AtomicU64::new(0), dies: AtomicU64::new(0) }
        }

        fn pass(&self) {
            let number = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
            if number == self.dies.load(Ordering::SeqCst) {
                // No destructor runs, nothing is flushed: what the operating system has not been told is lost.
                std::process::abort();
            }
        }

        fn at(&self, number: u64) {
            self.passed.store(0, Ordering::SeqCst);
            self.dies.store(number, Ordering::SeqCst);
        }

        fn passed(&self) -> u64 {
            self.passed.load(Ordering::SeqCst)
        }
    }

    static POINTS: Count = Count::new();
    static STEPS: Count = Count::new();

    pub(super) fn point() {
        POINTS.pass();
        STEPS.pass();
    }

    pub(super) fn step() {
        STEPS.pass();
    }

    pub(super) fn at(number: u64) {
        POINTS.at(number);
    }

    pub(super) fn at_step(number: u64) {
        STEPS.at(number);
    }

    pub(super) fn passed() -> u64 {
        POINTS.passed()
    }

    pub(super) fn steps() -> u64 {
        STEPS.passed()
    }
}
