//! PUT /api/v1/letter

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::letters::model::{Letter, LetterRequest};
use crate::service::{Services, drafts, letters};

/// Saves the letter that one is writing.
#[utoipa::path(
    put,
    path = "/letter",
    tag = "tickets",
    request_body = LetterRequest,
    responses(
        (status = 200, body = Letter, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn put_letter(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<LetterRequest>,
) -> Result<Json<Letter>> {
    let known = drafts::Known::of(request.builds_on);
    Ok(Json(letters::put(&services, &actor, (request.into(), known)).await?.into()))
}
