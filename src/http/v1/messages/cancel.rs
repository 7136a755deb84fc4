//! POST /api/v1/messages/{id}/cancel

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::model::Draft;
use crate::service::{Services, replies};

/// Takes an answer back; it becomes a draft again.
#[utoipa::path(
    post,
    path = "/messages/{id}/cancel",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = Draft, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is on its way already"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn cancel_message(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Draft>> {
    Ok(Json(replies::cancel(&services, &actor, id.into()).await?.into()))
}
