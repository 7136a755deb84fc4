//! POST /api/v1/holds/{id}/end

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, holds};

/// Ends a legal hold; what was due is deleted.
#[utoipa::path(
    post,
    path = "/holds/{id}/end",
    tag = "holds",
    params(("id" = Uuid, Path, description = "The hold's id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn end_hold(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    holds::end(&services, &actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
