//! GET /api/v1/mailboxes/{id}/retention

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::retention::model::Retention;
use crate::service::{Services, retention};

/// How long the mailbox's mail is kept, what would be removed tonight, and the log.
#[utoipa::path(
    get,
    path = "/mailboxes/{id}/retention",
    tag = "retention",
    params(("id" = Uuid, Path, description = "The mailbox's id")),
    responses(
        (status = 200, body = Retention, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_retention(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Retention>> {
    Ok(Json(retention::get(&services, &actor, id.into()).await?.into()))
}
