//! POST /api/v1/data-requests/{id}/extension

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, ExtensionRequest};
use crate::service::Services;
use crate::service::data_requests::change;

/// Takes more time, with a reason.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/extension",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = ExtensionRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn extend_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ExtensionRequest>,
) -> Result<Json<DataRequest>> {
    let view =
        change::extend(&services, &actor, id.into(), request.months, &request.reason).await?;
    Ok(Json(view.into()))
}
