//! GET /api/v1/quarantine/{id}/original

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::file::original;
use crate::service::{Services, quarantine};

/// The mail as it came in.
#[utoipa::path(
    get,
    path = "/quarantine/{id}/original",
    tag = "quarantine",
    params(("id" = Uuid, Path, description = "The mail's id")),
    responses(
        (status = 200, body = String, content_type = "message/rfc822", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_quarantine_original(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    Ok(original(id, quarantine::original(&services, &actor, id.into()).await?))
}
