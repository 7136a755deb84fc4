//! GET /api/v1/data-requests

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{DataRequestLine, lines};
use crate::service::Services;
use crate::service::data_requests::list;

/// What people ask about their data, the one that is due first at the beginning.
#[utoipa::path(
    get,
    path = "/data-requests",
    tag = "data-requests",
    responses(
        (status = 200, body = Page<DataRequestLine>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_data_requests(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Page<DataRequestLine>>> {
    let register = list::list(&services, &actor).await?;
    Ok(Json(Page::whole(lines(register))))
}
