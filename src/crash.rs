//! Where a process may die. Tests have it die, as by `kill -9`, at each point in turn, and see that the
//! next process takes up what it left.
//!
//! A point is passed before and after each commit (of the data, of the keyring) and with each file that
//! goes. In a release build there is nothing here.

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

/// How many points were passed since [`at`].
#[cfg(debug_assertions)]
#[must_use]
pub fn passed() -> u64 {
    counted::passed()
}

#[cfg(debug_assertions)]
mod counted {
    use std::sync::atomic::{AtomicU64, Ordering};

    static PASSED: AtomicU64 = AtomicU64::new(0);
    static DIES: AtomicU64 = AtomicU64::new(0);

    pub(super) fn point() {
        let number = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        if number == DIES.load(Ordering::SeqCst) {
            // No destructor runs, nothing is flushed: what the operating system has not been told is lost.
            std::process::abort();
        }
    }

    pub(super) fn at(number: u64) {
        PASSED.store(0, Ordering::SeqCst);
        DIES.store(number, Ordering::SeqCst);
    }

    pub(super) fn passed() -> u64 {
        PASSED.load(Ordering::SeqCst)
    }
}
