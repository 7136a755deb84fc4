//! DELETE /api/v1/organization/closing

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, closing};

/// Takes the closing back, at any time before the window's end.
#[utoipa::path(
    delete,
    path = "/organization/closing",
    tag = "closing",
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_closing(
    State(services): State<Services>,
    actor: Actor,
) -> Result<StatusCode> {
    closing::undo(&services, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
