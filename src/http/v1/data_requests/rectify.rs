//! PUT /api/v1/data-requests/{id}/rectification

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, RectificationRequest};
use crate::service::Services;
use crate::service::data_requests::rectify;

/// Puts a customer's facts right. Messages stay what they are.
#[utoipa::path(
    put,
    path = "/data-requests/{id}/rectification",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = RectificationRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn rectify_person(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<RectificationRequest>,
) -> Result<Json<DataRequest>> {
    let view = rectify::rectify(&services, &actor, id.into(), request.into()).await?;
    Ok(Json(view.into()))
}
