//! GET /api/v1/policies/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::http::extract::{Json, Path, Reading};
use crate::http::problem::{Problem, Result};
use crate::http::v1::policies::model::Policy;
use crate::service::{Services, policies};

/// A version of a policy text with its words.
#[utoipa::path(
    get,
    path = "/policies/{id}",
    tag = "policies",
    params(("id" = Uuid, Path, description = "The version's id")),
    responses(
        (status = 200, body = Policy, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_policy(
    State(services): State<Services>,
    Reading(actor): Reading,
    Path(id): Path<Uuid>,
) -> Result<Json<Policy>> {
    Ok(Json(policies::get(&services, &actor, id.into()).await?.into()))
}
