//! POST /api/v1/messages/{id}/split

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::acts::ChangedTicket;
use crate::service::Services;
use crate::service::acts::split;

/// Makes a ticket of its own of a message, which is returned.
#[utoipa::path(
    post,
    path = "/messages/{id}/split",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id"),("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    responses(
        (status = 201, body = ChangedTicket, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn split_message(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<ChangedTicket>)> {
    let made = split::split(&services, &actor, id.into()).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
