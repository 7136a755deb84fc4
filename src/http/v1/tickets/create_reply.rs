//! POST /api/v1/tickets/{number}/replies

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::guard::idempotency::HEADER;
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Message;
use crate::http::v1::tickets::model::ReplyRequest;
use crate::service::replies::ReplyRequest as Answer;
use crate::service::{Services, conversation, replies};

/// Answers the customer. It leaves after the undo window.
#[utoipa::path(
    post,
    path = "/tickets/{number}/replies",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = ReplyRequest,
    responses(
        (status = 201, body = Message, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_reply(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    headers: HeaderMap,
    Json(request): Json<ReplyRequest>,
) -> Result<(StatusCode, Json<Message>)> {
    let answer = Answer {
        snooze_until: request.snooze_until,
        number,
        mode: request.mode.into(),
        then: request.then.into(),
        seen_version: request.seen_version,
        idempotency_key: headers.get(HEADER).and_then(|key| Some(key.to_str().ok()?.to_owned())),
        content: request.into(),
    };
    let id = replies::create(&services, &actor, answer).await?;
    let message = conversation::message(&services, &actor, id).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}
