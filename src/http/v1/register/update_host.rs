//! PUT /api/v1/register/hosts/{host}

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::register::model::{Register, RegisterHostRequest};
use crate::service::{Services, register};

/// Says where a host stands, what allows data to go there, and under which contract. For owners.
#[utoipa::path(
    put,
    path = "/register/hosts/{host}",
    tag = "register",
    params(("host" = String, Path, description = "The host, as the register names it")),
    request_body = RegisterHostRequest,
    responses(
        (status = 200, body = Register, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_register_host(
    State(services): State<Services>,
    actor: Actor,
    Path(host): Path<String>,
    Json(request): Json<RegisterHostRequest>,
) -> Result<Json<Register>> {
    Ok(Json(register::set_host(&services, &actor, &host, request.into()).await?.into()))
}
