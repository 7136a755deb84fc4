//! GET /api/v1/presence

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::presence::model::Presence;
use crate::service::{Services, presence};

/// Where one's colleagues are right now.
#[utoipa::path(
    get,
    path = "/presence",
    tag = "tickets",
    responses(
        (status = 200, body = Page<Presence>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_presence(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Presence>>> {
    let rooms = presence::list(&services, &actor).await?;
    Ok(Json(Page::whole(rooms.into_iter().map(Into::into).collect())))
}
