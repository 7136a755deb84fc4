//! DELETE /api/v1/letter

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, letters};

/// Throws the letter that one is writing away.
#[utoipa::path(
    delete,
    path = "/letter",
    tag = "tickets",
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_letter(
    State(services): State<Services>,
    actor: Actor,
) -> Result<StatusCode> {
    letters::remove(&services, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
