//! GET /api/v1/uploads/{id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::file::file;
use crate::service::{Services, uploads};

/// A file that waits for an answer: the editor shows pictures by it.
#[utoipa::path(
    get,
    path = "/uploads/{id}",
    tag = "uploads",
    params(("id" = Uuid, Path, description = "The file's id")),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_upload(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (meta, bytes) = uploads::get(&services, &actor, id.into()).await?;
    Ok(file(&meta.name, &meta.content_type, true, bytes))
}
