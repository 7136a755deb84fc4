//! POST /api/v1/data-requests

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequestLine, DataRequestRequest, lines};
use crate::service::Services;
use crate::service::data_requests::open;

/// Writes down what a person asks. An agent does so for the customer of a ticket that they can read;
/// whoever handles requests, for any address.
#[utoipa::path(
    post,
    path = "/data-requests",
    tag = "data-requests",
    request_body = DataRequestRequest,
    responses(
        (status = 201, body = DataRequestLine, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_data_request(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<DataRequestRequest>,
) -> Result<(StatusCode, Json<DataRequestLine>)> {
    let register = open::open(&services, &actor, request.into()).await?;
    let line = lines(register).pop().ok_or_else(Problem::internal)?;
    Ok((StatusCode::CREATED, Json(line)))
}
