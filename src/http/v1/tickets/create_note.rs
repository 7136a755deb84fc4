//! POST /api/v1/tickets/{number}/notes

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Message;
use crate::http::v1::tickets::model::NoteRequest;
use crate::service::notes::Note;
use crate::service::{Services, conversation, notes};

/// Adds a note for colleagues.
#[utoipa::path(
    post,
    path = "/tickets/{number}/notes",
    tag = "tickets",
    params(("number" = i64, Path, description = "The ticket's number"),("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = NoteRequest,
    responses(
        (status = 201, body = Message, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_note(
    State(services): State<Services>,
    actor: Actor,
    Path(number): Path<i64>,
    Json(request): Json<NoteRequest>,
) -> Result<(StatusCode, Json<Message>)> {
    let mentions = request.mentions.into_iter().map(Into::into).collect();
    let teams = request.teams.into_iter().map(Into::into).collect();
    let attachment_ids = request.attachment_ids.into_iter().map(Into::into).collect();
    let note = Note { text: request.text, mentions, teams, attachment_ids };
    let id = notes::add(&services, &actor, number, note).await?;
    let message = conversation::message(&services, &actor, id).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}
