//! POST /api/v1/data-requests/{id}/replies

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequest, ReplyText};
use crate::service::Services;
use crate::service::data_requests::mail;

/// Writes to the person at the address on record.
#[utoipa::path(
    post,
    path = "/data-requests/{id}/replies",
    tag = "data-requests",
    params(("id" = Uuid, Path, description = "The request's id")),
    request_body = ReplyText,
    responses(
        (status = 200, body = DataRequest, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn reply_to_data_request(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ReplyText>,
) -> Result<Json<DataRequest>> {
    let view = mail::reply(&services, &actor, id.into(), request.into()).await?;
    Ok(Json(view.into()))
}
