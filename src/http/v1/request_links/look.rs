//! POST /api/v1/request-links/look

use axum::extract::State;

use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::request_links::model::{RequestLink, RequestLinkRequest};
use crate::service::Services;
use crate::service::data_requests::link;

/// What the page of a request shows to whoever has its link. Nobody signs in.
#[utoipa::path(
    post,
    path = "/request-links/look",
    tag = "request-links",
    request_body = RequestLinkRequest,
    responses(
        (status = 200, body = RequestLink, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn look_at_request_link(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    Json(request): Json<RequestLinkRequest>,
) -> Result<Json<RequestLink>> {
    let page = link::look(&services, caller, &request.token).await?;
    Ok(Json(page.into()))
}
