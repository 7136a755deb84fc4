//! POST /api/v1/data-requests/{id}/completion

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{CompletionRequest, DataRequest};
use crate::service::Services;
use crate::service::data_requests::change;

/// Closes a request when what was asked is done, or nothing is held of the person.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/completion",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = CompletionRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn complete_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<CompletionRequest>,
) -> Result<Json<DataRequest>> {
    let view =
        change::complete(&services, &actor, id.into(), request.reply.map(Into::into)).await?;
    Ok(Json(view.into()))
}
