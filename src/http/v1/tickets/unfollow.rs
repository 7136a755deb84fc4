//! DELETE /api/v1/tickets/{number}/followers/me

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, tickets};

/// Is told no more what happens to a ticket.
#[utoipa::path(
    delete,
    path = "/tickets/{number}/followers/me",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn unfollow_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<StatusCode> {
    tickets::follow(&services, &actor, number, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
