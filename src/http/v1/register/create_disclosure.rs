//! POST /api/v1/register/disclosures

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::register::model::{DisclosureRequest, Register};
use crate::service::{Services, register};

/// Records a disclosure to an authority. It cannot be changed or removed afterwards.
#[utoipa::path(
    post,
    path = "/register/disclosures",
    tag = "register",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = DisclosureRequest,
    responses(
        (status = 201, body = Register, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_disclosure(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<DisclosureRequest>,
) -> Result<(StatusCode, Json<Register>)> {
    let register = register::disclose(&services, &actor, request.into()).await?;
    Ok((StatusCode::CREATED, Json(register.into())))
}
