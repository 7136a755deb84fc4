//! `GET /api/v1/data-requests/{id}/erasure`

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model_acts::ErasurePreview;
use crate::service::Services;
use crate::service::data_requests::erase;

/// What erasing the person would do. A dry run.
#[utoipa::path(
    get,
    path = "/data-requests/{id}/erasure",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = ErasurePreview, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn preview_erasure(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<ErasurePreview>> {
    let found = erase::preview(&services, &actor, id.into()).await?;
    Ok(Json(found.into()))
}
