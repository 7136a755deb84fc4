//! PUT /api/v1/data-requests/{id}/restriction

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, RestrictionRequest};
use crate::service::Services;
use crate::service::data_requests::restrict;

/// Hides a person's data, new mail included, from everybody but those who are named.
#[utoipa::path(
    put,
    path = "/data-requests/{id}/restriction",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = RestrictionRequest,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn restrict_person(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<RestrictionRequest>,
) -> Result<Json<DataRequest>> {
    let view = restrict::restrict(&services, &actor, id.into(), request.people()).await?;
    Ok(Json(view.into()))
}
