//! GET /api/v1/letter

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::letters::model::Letter;
use crate::service::{Services, letters};

/// The letter that one is writing; null when there is none.
#[utoipa::path(
    get,
    path = "/letter",
    tag = "tickets",
    responses(
        (status = 200, body = Option<Letter>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_letter(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Option<Letter>>> {
    Ok(Json(letters::find(&services, &actor).await?.map(Into::into)))
}
