//! GET /api/v1/teams

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::teams::model::Team;
use crate::service::{Services, teams};

/// The teams of the organization, by name.
#[utoipa::path(
    get,
    path = "/teams",
    tag = "teams",
    responses(
        (status = 200, body = Page<Team>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_teams(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Team>>> {
    let found = teams::list(&services, &actor).await?;
    Ok(Json(Page::whole(found.into_iter().map(Team::from).collect())))
}
