//! GET /api/v1/letter

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::letters::model::Letter;
use crate::service::{Services, letters};

/// The letter that one is writing; 404 when there is none.
#[utoipa::path(
    get,
    path = "/letter",
    tag = "tickets",
    responses(
        (status = 200, body = Letter, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_letter(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Letter>> {
    let letter = letters::find(&services, &actor).await?;
    Ok(Json(letter.ok_or_else(Problem::not_found)?.into()))
}
