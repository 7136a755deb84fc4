//! `Idempotency-Key`: a POST that is repeated with the same key acts once and gets the answer
//! of the first (draft-ietf-httpapi-idempotency-key-header).
//!
//! Only answers that say "done" are kept; after a refusal the same key may be tried again.
//! Uploads are left out: repeating one makes a file that nobody uses, which is swept.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::authz::Actor;
use crate::http::AppState;
use crate::http::extract::too_large;
use crate::http::problem::{Problem, Result};
use crate::service::idempotency::{self, Known};

/// The header.
pub const HEADER: &str = "idempotency-key";

/// Says that an answer is one that was given before.
pub const REPLAYED: &str = "idempotency-replayed";

/// The longest key.
const LONGEST_KEY: usize = 200;

/// Lets a request through, once.
pub async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_upload = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"multipart/"));
    if *request.method() != Method::POST || is_upload || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    run(state, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn run(state: AppState, request: Request, next: Next) -> Result<Response> {
    let key = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
        .ok_or_else(|| Problem::bad_request("Idempotency-Key: give 1 to 200 ASCII characters."))?
        .to_owned();
    let (mut parts, body) = request.into_parts();
    let Ok(actor) = Actor::from_request_parts(&mut parts, &state).await else {
        // Signing in and setting up have no actor yet, and repeat safely as they are.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let body = to_bytes(body, super::super::BODY_LIMIT).await.map_err(|_| too_large())?;
    let path = parts.uri.path().to_owned();
    let known = idempotency::take(&state.services, &actor, &key, &[path.as_bytes(), &body]).await?;
    let id = match known {
        Known::New(id) => id,
        Known::Answered { status, body } => return Ok(replay(status, body)),
        Known::Running => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "still_running",
                "Still running",
                "The request with this Idempotency-Key is still being answered.",
            ));
        }
        Known::Different => {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "Idempotency-Key used twice",
                "This Idempotency-Key came with another request before. Take a new one.",
            ));
        }
    };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(&state, &actor, id, response).await
}

async fn keep(
    state: &AppState,
    actor: &Actor,
    id: uuid::Uuid,
    response: Response,
) -> Result<Response> {
    let status = response.status();
    if !status.is_success() {
        idempotency::release(&state.services, actor, id).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    // Its size is our own doing, and what it tells of is done: no limit may turn it into a failure.
    let body: Bytes = to_bytes(body, usize::MAX).await.map_err(|_| Problem::internal())?;
    idempotency::answer(&state.services, actor, id, status.as_u16(), &body).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
