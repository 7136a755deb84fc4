//! POST /api/v1/tickets/{number}/presence

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::presence::model::{Presence, PresenceRequest};
use crate::service::{Services, presence};

/// Says that one reads a ticket, writes an answer, or has left; tells who else is there.
#[utoipa::path(
    post,
    path = "/tickets/{number}/presence",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number")),
    request_body = PresenceRequest,
    responses(
        (status = 200, body = Presence, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn tell_presence(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<PresenceRequest>,
) -> Result<Json<Presence>> {
    Ok(Json(presence::tell(&services, &actor, number, request.state).await?.into()))
}
