//! DELETE /api/v1/profile/sessions/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, sessions};

/// Signs one of one's own browsers out.
#[utoipa::path(
    delete,
    path = "/profile/sessions/{id}",
    tag = "profile",
    params(("id" = Uuid, Path, description = "The session's id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_own_session(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    sessions::end(&services, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
