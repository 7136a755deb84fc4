//! `GET /api/v1/data-requests/{id}/copies`

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model_acts::ProviderCopy;
use crate::service::Services;
use crate::service::data_requests::erase;

/// The copies that are at providers yet: somebody has to remove them there.
#[utoipa::path(
    get,
    path = "/data-requests/{id}/copies",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = Page<ProviderCopy>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_provider_copies(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Page<ProviderCopy>>> {
    let found = erase::copies(&services, &actor, id.into()).await?;
    Ok(Json(Page::whole(found.into_iter().map(ProviderCopy::from).collect())))
}
