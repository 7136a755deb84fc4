//! GET /api/v1/messages/{id}/original

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::file::original;
use crate::service::{Services, messages};

/// The message as it came in.
#[utoipa::path(
    get,
    path = "/messages/{id}/original",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = String, content_type = "message/rfc822", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_message_original(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    Ok(original(id, messages::original(&services, &actor, id.into()).await?))
}
