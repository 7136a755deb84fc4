//! POST /api/v1/policies/{id}/acknowledgement

use axum::extract::State;
use tower_sessions::Session as Browser;
use uuid::Uuid;

use crate::http::extract::{Json, Path, Reading};
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::policies::model::Policy;
use crate::service::{Services, policies};

/// Says that one has read a version of a policy text.
#[utoipa::path(
    post,
    path = "/policies/{id}/acknowledgement",
    tag = "policies",
    params(("id" = Uuid, Path, description = "The version's id")),
    responses(
        (status = 200, body = Policy, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn acknowledge_policy(
    State(services): State<Services>,
    Reading(actor): Reading,
    browser: Browser,
    Path(id): Path<Uuid>,
) -> Result<Json<Policy>> {
    let policy = policies::acknowledge(&services, &actor, id.into()).await?;
    if !policies::has_unread(&services, &actor).await? {
        session::take::<bool>(&browser, session::UNREAD).await?;
    }
    Ok(Json(policy.into()))
}
