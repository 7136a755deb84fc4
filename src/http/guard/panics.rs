//! A panic in a handler becomes a problem.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::http::problem::Problem;

/// The answer to a panic. What it says goes to the log of the panic hook, never to the browser.
#[must_use]
pub fn answer(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Problem::internal().into_response()
}
