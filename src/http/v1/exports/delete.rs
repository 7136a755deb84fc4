//! DELETE /api/v1/exports/{id}

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, parcels};

/// Removes an export of one's own before its time.
#[utoipa::path(
    delete,
    path = "/exports/{id}",
    tag = "exports",
    params(("id" = Uuid, Path, description = "The export's id")),
    responses(
        (status = 204, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn delete_export(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    parcels::mailbox::remove(&services, &actor, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
