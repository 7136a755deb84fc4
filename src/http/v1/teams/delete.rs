//! DELETE /api/v1/teams/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, teams};

/// Removes a team; tickets lose it.
#[utoipa::path(
    delete,
    path = "/teams/{id}",
    tag = "teams",
    params(("id" = Uuid, Path, description = "The team's id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_team(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    teams::remove(&services, &actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
