//! POST /api/v1/tickets/{number}/read

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, tickets};

/// The actor has seen everything in it.
#[utoipa::path(
    post,
    path = "/tickets/{number}/read",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn mark_ticket_read(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<StatusCode> {
    tickets::mark_read(&services, &actor, number).await?;
    Ok(StatusCode::NO_CONTENT)
}
