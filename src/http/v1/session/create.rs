//! POST /api/v1/session

use axum::extract::State;
use tower_sessions::Session as Browser;

use crate::http::device::Device;
use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::session::model::{Session, SignInRequest};
use crate::service::{Services, sign_in};

/// Signs in.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignInRequest,
    responses(
        (status = 200, body = Session, description = "Done"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Wrong address or password"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many attempts"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_session(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    device: Device,
    browser: Browser,
    Json(request): Json<SignInRequest>,
) -> Result<Json<Session>> {
    let view = sign_in::sign_in(&services, caller, &request.email, request.password).await?;
    session::sign_in(&browser, &view, (device, services.store().now())).await?;
    Ok(Json(view.into()))
}
