//! DELETE /api/v1/views/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, saved_views};

/// Removes a view; the tickets in it stay what they are.
#[utoipa::path(
    delete,
    path = "/views/{id}",
    tag = "views",
    params(("id" = Uuid, Path, description = "The view's id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_view(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    saved_views::remove(&services, &actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
