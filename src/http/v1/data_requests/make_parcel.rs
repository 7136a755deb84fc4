//! `POST /api/v1/data-requests/{id}/parcel`

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::DataRequest;
use crate::service::Services;
use crate::service::data_requests::parcel;

/// Has the file with everything made. Once it is ready the person gets a link to it.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/parcel",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn make_parcel(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<DataRequest>> {
    let view = parcel::order(&services, &actor, id.into()).await?;
    Ok(Json(view.into()))
}
