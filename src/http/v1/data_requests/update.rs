//! PATCH /api/v1/data-requests/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, DataRequestPatch};
use crate::service::Services;
use crate::service::data_requests::change;

/// Gives a request to somebody who may handle it.
#[utoipa::path(
    patch,
    path = "/data-requests/{id}",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = DataRequestPatch,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<DataRequestPatch>,
) -> Result<Json<DataRequest>> {
    let view = change::assign(&services, &actor, id.into(), request.handler_id.into()).await?;
    Ok(Json(view.into()))
}
