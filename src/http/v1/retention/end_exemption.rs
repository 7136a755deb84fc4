//! DELETE /api/v1/tickets/{number}/exemption

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, retention};

/// Lets the rule count for the ticket again.
#[utoipa::path(
    delete,
    path = "/tickets/{number}/exemption",
    tag = "retention",
    params(("number" = i64, Path, description = "The ticket's number")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_exemption(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<StatusCode> {
    retention::end_exemption(&services, &actor, number).await?;
    Ok(StatusCode::NO_CONTENT)
}
