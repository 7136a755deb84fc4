//! POST /api/v1/purges/{id}/haste

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::purges::model::{Purge, PurgeHasteRequest};
use crate::service::{Services, purge};

/// Ends the window now: on request, with one's password, the address typed, and a second admin's word.
#[utoipa::path(
    post,
    path = "/purges/{id}/haste",
    tag = "purges",
    params(("id" = Uuid, Path, description = "The purge's id")),
    request_body = PurgeHasteRequest,
    responses(
        (status = 200, body = Page<Purge>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn hasten_purge(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<PurgeHasteRequest>,
) -> Result<Json<Page<Purge>>> {
    let PurgeHasteRequest { address, password } = request;
    purge::early(&services, &actor, id.into(), &address, password).await?;
    let purges = purge::list(&services, &actor).await?;
    Ok(Json(Page::whole(purges.into_iter().map(Purge::from).collect())))
}
