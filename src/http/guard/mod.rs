//! What stands before and behind every handler: see [`super::router`] for the order.
//!
//! - [`origin`]: unsafe methods only from our own pages.
//! - [`idempotency`]: a POST that is repeated with the same key acts once.
//! - [`headers`]: what browsers are told about every answer.
//! - [`timeout`]: a handler that hangs is a problem, not a browser that waits.
//! - [`measure`]: how many requests, and how long they take.
//! - [`panics`]: a panic is a problem, not a broken connection.

pub mod headers;
pub mod idempotency;
pub mod measure;
pub mod origin;
pub mod panics;
pub mod timeout;

use axum::http::StatusCode;

use super::problem::Problem;

/// The route is there, and takes other methods; they stand in the header `Allow`.
pub(super) async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Method not allowed",
        "This address does not take this method. The header Allow names those that it takes.",
    )
}
