//! POST /api/v1/search

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::search::model::{SearchRequest, SearchResult};
use crate::service::{Services, search};

/// Finds tickets by what is said in them. It is a POST because an address with words of customers
/// in it would be in logs and histories.
#[utoipa::path(
    post,
    path = "/search",
    tag = "search",
    request_body = SearchRequest,
    responses(
        (status = 200, body = SearchResult, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn search_tickets(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<SearchRequest>,
) -> Result<Json<SearchResult>> {
    Ok(Json(search::ask(&services, &actor, request.question()?).await?.into()))
}
