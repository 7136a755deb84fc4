//! POST /api/v1/request-links/confirmation

use axum::extract::State;

use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::request_links::model::{LinkCodeRequest, RequestLink};
use crate::service::Services;
use crate::service::data_requests::link;

/// The person gives the code that was mailed to them.
#[utoipa::path(
    post,
    path = "/request-links/confirmation",
    tag = "request-links",
    request_body = LinkCodeRequest,
    responses(
        (status = 200, body = RequestLink, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_link(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    Json(request): Json<LinkCodeRequest>,
) -> Result<Json<RequestLink>> {
    let page = link::confirm(&services, caller, &request.token, &request.code).await?;
    Ok(Json(page.into()))
}
