//! Counts requests and times them, by the route's template: never by the path, which names
//! things.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::telemetry::name;

/// The label of what no route takes: pages, and whatever is asked for in vain.
const OTHER: &str = "other";

/// Counts and times one.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| OTHER.to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::histogram!(name::HTTP_SECONDS, "method" => method, "route" => route.clone())
        .record(begun.elapsed());
    metrics::counter!(
        name::HTTP_REQUESTS, "method" => method, "route" => route, "status" => status
    )
    .increment(1);
    response
}

/// Methods are the caller's to invent; labels must not be.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
