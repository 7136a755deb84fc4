//! POST /api/v1/saved-replies

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::saved_replies::model::{SavedReply, SavedReplyRequest};
use crate::service::{Services, saved_replies};

/// Keeps a text that is written often.
#[utoipa::path(
    post,
    path = "/saved-replies",
    tag = "tickets",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = SavedReplyRequest,
    responses(
        (status = 201, body = SavedReply, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_saved_reply(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<SavedReplyRequest>,
) -> Result<(StatusCode, Json<SavedReply>)> {
    let (of, content) = request.split();
    let reply = saved_replies::create(&services, &actor, of, content).await?;
    Ok((StatusCode::CREATED, Json(SavedReply::of(&actor, reply))))
}
