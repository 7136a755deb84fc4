//! POST /api/v1/messages/{id}/confirm

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Message;
use crate::service::{Services, conversation, outbox};

/// Sends an answer that waits for a yes.
#[utoipa::path(
    post,
    path = "/messages/{id}/confirm",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = Message, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It does not wait for a yes"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn confirm_message(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Message>> {
    outbox::confirm(&services, &actor, id.into()).await?;
    Ok(Json(conversation::message(&services, &actor, id.into()).await?.into()))
}
