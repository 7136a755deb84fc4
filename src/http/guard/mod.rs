//! What stands before and behind every handler: see [`super::router`] for the order.
//!
//! - [`origin`]: unsafe methods only from our own pages.
//! - [`idempotency`]: a POST that is repeated with the same key acts once.
//! - [`headers`]: what browsers are told about every answer.
//! - [`panics`]: a panic is a problem, not a broken connection.

pub mod headers;
pub mod idempotency;
pub mod origin;
pub mod panics;
