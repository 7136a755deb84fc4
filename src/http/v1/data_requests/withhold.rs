//! `PUT /api/v1/data-requests/{id}/items/{message_id}`

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::DataRequest;
use crate::http::v1::data_requests::model_acts::WithholdRequest;
use crate::service::Services;
use crate::service::data_requests::review;

/// Keeps a message or a file of it back, with a reason; or hands it out after all, without one.
#[utoipa::path(
    put,
    path = "/data-requests/{id}/items/{message_id}",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id"), ("message_id" = Uuid, Path, description = "The message's id")),
    request_body = WithholdRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn withhold_item(
    State(services): State<Services>,
    actor: Actor,
    Path((id, message_id)): Path<(Uuid, Uuid)>,
    Json(request): Json<WithholdRequest>,
) -> Result<Json<DataRequest>> {
    let view = review::withhold(
        &services,
        &actor,
        id.into(),
        message_id.into(),
        request.file_id.map(Into::into),
        request.reason.as_deref(),
    )
    .await?;
    Ok(Json(view.into()))
}
