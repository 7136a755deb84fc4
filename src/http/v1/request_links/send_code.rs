//! POST /api/v1/request-links/code

use axum::extract::State;
use axum::http::StatusCode;

use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::request_links::model::RequestLinkRequest;
use crate::service::Services;
use crate::service::data_requests::link;

/// Sends another code to the address on record.
#[utoipa::path(
    post,
    path = "/request-links/code",
    tag = "request-links",
    request_body = RequestLinkRequest,
    responses(
        (status = 202, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn send_link_code(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    Json(request): Json<RequestLinkRequest>,
) -> Result<StatusCode> {
    link::send_code(&services, caller, &request.token).await?;
    Ok(StatusCode::ACCEPTED)
}
