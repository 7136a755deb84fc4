//! POST /api/v1/request-links/parcel

use axum::extract::State;

use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::request_links::model::{LinkCodeRequest, ParcelPass};
use crate::service::Services;
use crate::service::data_requests::parcel;

/// The person gives the code to fetch their file. What is answered is good for ten minutes.
#[utoipa::path(
    post,
    path = "/request-links/parcel",
    tag = "request-links",
    request_body = LinkCodeRequest,
    responses(
        (status = 200, body = ParcelPass, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn unlock_parcel(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    Json(request): Json<LinkCodeRequest>,
) -> Result<Json<ParcelPass>> {
    let pass = parcel::unlock(&services, caller, &request.token, &request.code).await?;
    Ok(Json(ParcelPass { pass }))
}
