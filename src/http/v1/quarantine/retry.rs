//! POST /api/v1/quarantine/{id}/retry

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, quarantine};

/// Tries to process it again.
#[utoipa::path(
    post,
    path = "/quarantine/{id}/retry",
    tag = "quarantine",
    params(("id" = Uuid, Path, description = "The mail's id")),
    responses(
        (status = 202, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn retry_quarantine(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    quarantine::retry(&services, &actor, id.into()).await?;
    Ok(StatusCode::ACCEPTED)
}
