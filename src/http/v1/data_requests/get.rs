//! GET /api/v1/data-requests/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::DataRequest;
use crate::service::Services;
use crate::service::data_requests::list;

/// A request with what happened and what was written.
#[utoipa::path(
    get,
    path = "/data-requests/{id}",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<DataRequest>> {
    let view = list::get(&services, &actor, id.into()).await?;
    Ok(Json(view.into()))
}
