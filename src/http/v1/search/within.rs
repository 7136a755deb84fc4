//! POST /api/v1/tickets/{number}/search

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::search::model::{WithinRequest, WithinResult};
use crate::service::{Services, search};

/// Finds words in the messages of one ticket.
#[utoipa::path(
    post,
    path = "/tickets/{number}/search",
    tag = "search",
    params(("number" = i64, Path, description = "The ticket's number")),
    request_body = WithinRequest,
    responses(
        (status = 200, body = WithinResult, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn search_ticket(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<WithinRequest>,
) -> Result<Json<WithinResult>> {
    Ok(Json(search::within(&services, &actor, number, &request.q).await?.into()))
}
