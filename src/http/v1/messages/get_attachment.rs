//! `GET /api/v1/messages/{id}/attachments/{attachment_id}`

use super::file::file;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::{AttachmentQuery, Disposition};
use crate::service::{Services, messages};

/// A file of a message.
#[utoipa::path(
    get,
    path = "/messages/{id}/attachments/{attachment_id}",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id"),("attachment_id" = Uuid, Path, description = "The file's id"), AttachmentQuery),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_attachment(
    State(services): State<Services>,
    actor: Actor,
    Path((id, attachment_id)): Path<(Uuid, Uuid)>,
    Query(query): Query<AttachmentQuery>,
) -> Result<Response> {
    let found = messages::attachment(&services, &actor, id.into(), attachment_id.into()).await?;
    let inline = query.disposition == Disposition::Inline;
    let meta = &found.attachment.meta;
    Ok(file(&meta.name, &meta.content_type, inline, found.bytes))
}
