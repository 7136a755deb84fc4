//! POST /api/v1/data-requests/{id}/refusal

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, RefusalRequest};
use crate::service::Services;
use crate::service::data_requests::change;

/// Refuses, with a reason, and writes to the person.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/refusal",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = RefusalRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn refuse_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<RefusalRequest>,
) -> Result<Json<DataRequest>> {
    let view = change::refuse(
        &services,
        &actor,
        id.into(),
        &request.reason,
        request.reply.map(Into::into),
    )
    .await?;
    Ok(Json(view.into()))
}
