//! POST /api/v1/password/links

use axum::extract::State;
use axum::http::StatusCode;

use crate::http::extract::{ClientAddress, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::password::model::PasswordLinkRequest;
use crate::service::{Services, password_links};

/// Mails a link for a new password to whoever signs in with this address. The answer does not
/// tell whether there is anybody.
#[utoipa::path(
    post,
    path = "/password/links",
    tag = "password",
    request_body = PasswordLinkRequest,
    responses(
        (status = 202, description = "If somebody signs in with this address, a mail is on its way"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The server sends no mail of its own"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Too many attempts"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_password_link(
    State(services): State<Services>,
    ClientAddress(caller): ClientAddress,
    Json(request): Json<PasswordLinkRequest>,
) -> Result<StatusCode> {
    password_links::request(&services, caller, &request.email).await?;
    Ok(StatusCode::ACCEPTED)
}
