//! PATCH /api/v1/teams/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::teams::model::{Team, TeamChange};
use crate::service::{Services, teams};

/// Changes a team.
#[utoipa::path(
    patch,
    path = "/teams/{id}",
    tag = "teams",
    params(("id" = Uuid, Path, description = "The team's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = TeamChange,
    responses(
        (status = 200, body = Team, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_team(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<TeamChange>,
) -> Result<Json<Team>> {
    Ok(Json(teams::update(&services, &actor, id.into(), version, request.into()).await?.into()))
}
