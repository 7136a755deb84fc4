//! POST /api/v1/mailboxes/{id}/retention/confirmation

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::Retention;
use crate::service::{Services, retention};

/// Lets the rule remove what it is about to.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/retention/confirmation",
    tag = "retention",
    params(("id" = Uuid, Path, description = "The mailbox's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    responses(
        (status = 200, body = Retention, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_retention(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
) -> Result<Json<Retention>> {
    Ok(Json(retention::confirm(&services, &actor, id.into(), version).await?.into()))
}
