//! PUT /api/v1/tickets/{number}/followers/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, tickets};

/// A colleague is told what happens to a ticket from now on.
#[utoipa::path(
    put,
    path = "/tickets/{number}/followers/{id}",
    tag = "tickets",
    params(
        ("number" = i64, Path, description = "The ticket's number"),
        ("id" = Uuid, Path, description = "The user's id"),
    ),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn add_ticket_follower(
    State(services): State<Services>,
    actor: Actor,
    Path((number, id)): Path<(i64, Uuid)>,
) -> Result<StatusCode> {
    tickets::set_follower(&services, &actor, number, id.into(), true).await?;
    Ok(StatusCode::NO_CONTENT)
}
