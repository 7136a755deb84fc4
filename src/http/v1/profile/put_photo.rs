//! PUT /api/v1/profile/photo

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::{Json, too_large};
use crate::http::problem::{Problem, Result};
use crate::http::v1::profile::model::Photo;
use crate::service::{Services, photos};

/// Shows one by a photo from now on: a PNG, JPEG or WebP of at most 10 MB, of which a small square is
/// kept and nothing else.
#[utoipa::path(
    put,
    path = "/profile/photo",
    tag = "profile",
    request_body(content = String, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Photo, description = "Done"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The file is too large"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_photo(
    State(services): State<Services>,
    actor: Actor,
    photo: Result<Bytes, BytesRejection>,
) -> Result<Json<Photo>> {
    let photo = photo.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::bad_request("The file could not be read to its end."),
    })?;
    let version = photos::put(&services, &actor, photo).await?;
    Ok(Json(Photo { version }))
}
