//! PUT /api/v1/mailboxes/{id}/retention

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::{Retention, RetentionRequest};
use crate::service::{Services, retention};

/// Changes how long the mailbox's mail is kept. A shorter time waits to be confirmed.
#[utoipa::path(
    put,
    path = "/mailboxes/{id}/retention",
    tag = "retention",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    request_body = RetentionRequest,
    responses(
        (status = 200, body = Retention, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_retention(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<RetentionRequest>,
) -> Result<Json<Retention>> {
    Ok(Json(retention::set(&services, &actor, id.into(), request.into()).await?.into()))
}
