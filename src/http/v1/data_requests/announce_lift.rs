//! POST /api/v1/data-requests/{id}/restriction/announcement

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, LiftRequest};
use crate::service::Services;
use crate::service::data_requests::restrict;

/// Tells the person on which day the restriction ends.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/restriction/announcement",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = LiftRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn announce_lift(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<LiftRequest>,
) -> Result<Json<DataRequest>> {
    let view = restrict::announce_lift(&services, &actor, id.into(), request.at).await?;
    Ok(Json(view.into()))
}
