//! `GET /api/v1/messages/{id}/attachments`

use super::file::files;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::service::{Services, packed};

/// All files of a message in one ZIP.
#[utoipa::path(
    get,
    path = "/messages/{id}/attachments",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = String, content_type = "application/zip", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_attachments(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    Ok(files(packed::attachments(&services, &actor, id.into()).await?))
}
