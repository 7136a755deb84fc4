//! GET /api/v1/users/{id}/photo

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::users::model::PhotoQuery;
use crate::service::{Services, photos};

/// A user's photo: a square of 192 pixels.
#[utoipa::path(
    get,
    path = "/users/{id}/photo",
    tag = "users",
    params(("id" = Uuid, Path, description = "The user's id"), PhotoQuery),
    responses(
        (status = 200, body = String, content_type = "image/jpeg", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_user_photo(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(query): Query<PhotoQuery>,
) -> Result<Response> {
    let (version, photo) = photos::get(&services, &actor, id.into()).await?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))];
    let mut response = (kind, photo).into_response();
    // Under its version it is always the same.
    let cache = if query.v == Some(version) {
        "private, max-age=31536000, immutable"
    } else {
        "private, no-cache"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}
