//! GET /api/v1/register

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::register::model::Register;
use crate::service::{Services, register};

/// The register of processing, made from the running configuration.
#[utoipa::path(
    get,
    path = "/register",
    tag = "register",
    responses(
        (status = 200, body = Register, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_register(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Register>> {
    Ok(Json(register::get(&services, &actor).await?.into()))
}
