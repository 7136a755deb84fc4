//! GET /api/v1/policies

use axum::extract::State;

use crate::http::extract::{Json, Reading};
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::v1::policies::model::Policy;
use crate::service::{Services, policies};

/// Every version of every policy text, the newest of each kind first. Those in force have their
/// words.
#[utoipa::path(
    get,
    path = "/policies",
    tag = "policies",
    responses(
        (status = 200, body = Page<Policy>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_policies(
    State(services): State<Services>,
    Reading(actor): Reading,
) -> Result<Json<Page<Policy>>> {
    let policies = policies::list(&services, &actor).await?;
    Ok(Json(Page::whole(policies.into_iter().map(Policy::from).collect())))
}
