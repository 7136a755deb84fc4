//! DELETE /api/v1/data-requests/{id}/mark

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::DataRequest;
use crate::service::Services;
use crate::service::data_requests::object;

/// The person wishes otherwise.
#[utoipa::path(
    delete,
    path = "/data-requests/{id}/mark",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn unmark_person(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<DataRequest>> {
    let view = object::unmark(&services, &actor, id.into()).await?;
    Ok(Json(view.into()))
}
