//! A time limit: a handler that hangs becomes a problem.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::problem::Problem;

/// A handler that has not begun to answer by then hangs. Connection tests, which talk to two
/// mail servers, take longest.
const LIMIT: Duration = Duration::from_mins(1);

/// Lets a request take so long and no longer. What it has begun is dropped: a transaction that
/// was not committed is rolled back.
pub async fn limit(request: Request, next: Next) -> Response {
    tokio::time::timeout(LIMIT, next.run(request)).await.unwrap_or_else(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "It took too long",
            "The server did not get to an answer within a minute. Try again later.",
        )
        .into_response()
    })
}
