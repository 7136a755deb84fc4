//! GET /api/v1/exports/{id}/file

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::file;
use crate::service::{Services, parcels};

/// The ZIP, for who made it.
#[utoipa::path(
    get,
    path = "/exports/{id}/file",
    tag = "exports",
    params(("id" = Uuid, Path, description = "The export's id")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_export_file(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    Ok(file::zip(parcels::mailbox::download(&services, &actor, id.into()).await?))
}
