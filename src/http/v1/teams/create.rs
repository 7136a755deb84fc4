//! POST /api/v1/teams

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::teams::model::{Team, TeamRequest};
use crate::service::{Services, teams};

/// Makes a team.
#[utoipa::path(
    post,
    path = "/teams",
    tag = "teams",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = TeamRequest,
    responses(
        (status = 201, body = Team, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Another one has this name"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_team(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<TeamRequest>,
) -> Result<(StatusCode, Json<Team>)> {
    let made = teams::create(&services, &actor, &request.name, request.members()).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
