//! POST /api/v1/messages/{id}/sent

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Message;
use crate::service::{Services, conversation, outbox};

/// Says of an answer that is in doubt that it arrived: it is not sent again.
#[utoipa::path(
    post,
    path = "/messages/{id}/sent",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = Message, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is not in doubt"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn mark_message_sent(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Message>> {
    outbox::mark_sent(&services, &actor, id.into()).await?;
    Ok(Json(conversation::message(&services, &actor, id.into()).await?.into()))
}
