//! GET /api/v1/purges

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::purges::model::Purge;
use crate::service::{Services, purge};

/// Data that waits to be deleted, is being deleted, or is gone.
#[utoipa::path(
    get,
    path = "/purges",
    tag = "purges",
    responses(
        (status = 200, body = Page<Purge>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_purges(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<Purge>>> {
    let purges = purge::list(&services, &actor).await?;
    Ok(Json(Page::whole(purges.into_iter().map(Purge::from).collect())))
}
