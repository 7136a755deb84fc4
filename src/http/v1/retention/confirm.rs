//! POST /api/v1/mailboxes/{id}/retention/confirmation

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::Retention;
use crate::service::{Services, retention};

/// Lets the rule remove what it is about to.
#[utoipa::path(
    post,
    path = "/mailboxes/{id}/retention/confirmation",
    tag = "retention",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = Retention, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_retention(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Retention>> {
    Ok(Json(retention::confirm(&services, &actor, id.into()).await?.into()))
}
