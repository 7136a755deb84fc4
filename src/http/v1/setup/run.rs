//! POST /api/v1/setup

use axum::extract::State;
use axum::http::StatusCode;
use tower_sessions::Session as Browser;

use crate::domain::words::Role;
use crate::http::device::Device;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::session::model::Session;
use crate::http::v1::setup::model::SetupRequest;
use crate::service::organization::NewOrganization;
use crate::service::users::NewUser;
use crate::service::{Services, setup, sign_in};

/// Makes the first organization and its owner, and signs in.
#[utoipa::path(
    post,
    path = "/setup",
    tag = "setup",
    request_body = SetupRequest,
    responses(
        (status = 201, body = Session, description = "Done"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The token or another value is wrong"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "There is an organization already"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn run_setup(
    State(services): State<Services>,
    device: Device,
    browser: Browser,
    Json(request): Json<SetupRequest>,
) -> Result<(StatusCode, Json<Session>)> {
    let new = NewOrganization {
        name: request.organization_name,
        time_zone: request.time_zone,
        owner: NewUser {
            name: request.owner_name,
            email: request.owner_email,
            role: Role::Owner,
            password: request.password,
        },
    };
    let made = setup::run(&services, &request.token, new).await?;
    let (account, organization) = (made.account_id, made.organization_id);
    let view = sign_in::open(&services, account, organization, made.membership_id).await?;
    session::sign_in(&browser, &view, (device, services.store().now())).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}
