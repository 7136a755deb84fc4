//! PUT /api/v1/password

use axum::extract::State;
use axum::http::StatusCode;

use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::password::model::PasswordRequest;
use crate::service::{Services, password_links};

/// Sets the password of whoever has the link, which is used up by that, and ends their sessions.
#[utoipa::path(
    put,
    path = "/password",
    tag = "password",
    request_body = PasswordRequest,
    responses(
        (status = 204, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The link was used already, or is too old"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The password will not do"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn set_password(
    State(services): State<Services>,
    Json(request): Json<PasswordRequest>,
) -> Result<StatusCode> {
    password_links::set_password(&services, &request.token, request.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
