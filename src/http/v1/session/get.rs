//! GET /api/v1/session

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::session::model::Session;
use crate::service::{Services, sign_in};

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    tag = "session",
    responses(
        (status = 200, body = Session, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_session(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Session>> {
    Ok(Json(sign_in::view(&services, &actor).await?.into()))
}
