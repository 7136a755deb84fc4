//! DELETE /api/v1/profile/photo

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, photos};

/// Shows one by one's initials again.
#[utoipa::path(
    delete,
    path = "/profile/photo",
    tag = "profile",
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_photo(
    State(services): State<Services>,
    actor: Actor,
) -> Result<StatusCode> {
    photos::remove(&services, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
