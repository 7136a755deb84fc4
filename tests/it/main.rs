//! Loket from outside: its modules together, on both databases and over the wire.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::assigning_clones,
    clippy::duration_suboptimal_units,
    reason = "tests: what goes wrong shall fail them at once, in helper functions too; tasks end with them"
)]

mod alarm;
mod api;
mod architecture;
mod backup;
mod canary;
mod classification;
mod cli;
#[cfg(debug_assertions)]
mod crash;
mod crypto_keyring;
mod export;
mod forgetting;
mod ingest;
mod intake;
mod isolation;
mod journeys;
mod outbound;
mod plans;
mod queue;
mod requests;
mod rotation;
mod search;
mod silence;
mod support;
mod transport;
mod years;
