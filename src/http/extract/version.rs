//! `If-Match`: the version that a change was made against (RFC 9110, section 13.1.1).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use crate::http::problem::Problem;

/// The version in `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i32);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "version_required",
                "Version required",
                "Say in the header If-Match which version this changes, such as \"7\".",
            ));
        };
        value
            .to_str()
            .ok()
            .and_then(parse)
            .map(IfMatch)
            .ok_or_else(|| Problem::bad_request("If-Match must be a version, such as \"7\"."))
    }
}

fn parse(value: &str) -> Option<i32> {
    value.trim().trim_matches('"').parse().ok()
}

/// The version as an entity tag.
#[must_use]
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}
