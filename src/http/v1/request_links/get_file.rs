//! GET /api/v1/request-links/parcel/file

use axum::extract::State;
use axum::response::Response;

use crate::http::extract::Query;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::file;
use crate::http::v1::request_links::model::PassQuery;
use crate::service::Services;
use crate::service::data_requests::parcel;

/// The file with everything, for the person.
#[utoipa::path(
    get,
    path = "/request-links/parcel/file",
    tag = "request-links",
    params(PassQuery),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_parcel_file(
    State(services): State<Services>,
    Query(query): Query<PassQuery>,
) -> Result<Response> {
    Ok(file::zip(parcel::fetch(&services, &query.pass).await?))
}
