//! DELETE /api/v1/saved-replies/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, saved_replies};

/// Removes a saved reply.
#[utoipa::path(
    delete,
    path = "/saved-replies/{id}",
    tag = "tickets",
    params(("id" = Uuid, Path, description = "Its id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_saved_reply(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    saved_replies::remove(&services, &actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
