//! PUT /api/v1/tickets/{number}/exemption

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::ExemptionRequest;
use crate::service::{Services, retention};

/// Keeps the ticket for longer than its mailbox's rule says, for a reason.
#[utoipa::path(
    put,
    path = "/tickets/{number}/exemption",
    tag = "retention",
    params(("number" = i64, Path, description = "The ticket's number")),
    request_body = ExemptionRequest,
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_exemption(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<ExemptionRequest>,
) -> Result<StatusCode> {
    retention::exempt(&services, &actor, number, &request.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
