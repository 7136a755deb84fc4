//! PUT /api/v1/mailboxes/{id}/retention

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::{Retention, RetentionRequest};
use crate::service::{Services, retention};

/// Changes how long the mailbox's mail is kept. A shorter time waits to be confirmed.
#[utoipa::path(
    put,
    path = "/mailboxes/{id}/retention",
    tag = "retention",
    params(("id" = Uuid, Path, description = "The mailbox's id"), ("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = RetentionRequest,
    responses(
        (status = 200, body = Retention, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_retention(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(request): Json<RetentionRequest>,
) -> Result<Json<Retention>> {
    Ok(Json(retention::set(&services, &actor, id.into(), version, request.into()).await?.into()))
}
