//! POST /api/v1/data-requests/{id}/identity

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{CodeRequest, DataRequest};
use crate::service::Services;
use crate::service::data_requests::identity;

/// The person has read the code out to the handler.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/identity",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = CodeRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_identity(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<CodeRequest>,
) -> Result<Json<DataRequest>> {
    let view = identity::confirm(&services, &actor, id.into(), &request.code).await?;
    Ok(Json(view.into()))
}
