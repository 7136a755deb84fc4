//! GET /api/v1/messages/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Message;
use crate::service::{Services, conversation};

/// A message by itself.
#[utoipa::path(
    get,
    path = "/messages/{id}",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id")),
    responses(
        (status = 200, body = Message, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_message(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Message>> {
    Ok(Json(conversation::message(&services, &actor, id.into()).await?.into()))
}
