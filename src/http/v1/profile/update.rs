//! PATCH /api/v1/profile

use axum::extract::State;
use tower_sessions::Session as Browser;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::profile::model::ProfileRequest;
use crate::http::v1::session::model::Account;
use crate::service::Services;
use crate::service::accounts::{self, ProfileChange};

/// Changes one's own account.
#[utoipa::path(
    patch,
    path = "/profile",
    tag = "profile",
    request_body = ProfileRequest,
    responses(
        (status = 200, body = Account, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_profile(
    State(services): State<Services>,
    actor: Actor,
    browser: Browser,
    Json(request): Json<ProfileRequest>,
) -> Result<Json<Account>> {
    let change = ProfileChange {
        name: request.name,
        locale: request.locale.map(|locale| locale.as_str().to_owned()),
        theme: request.theme.map(|theme| theme.as_str().to_owned()),
        time_zone: request.time_zone,
        current_password: request.current_password,
        new_password: request.new_password,
    };
    let session_id = session::id_of(&browser);
    let id = session_id.as_ref().map(<[u8; 16]>::as_slice);
    Ok(Json(accounts::update(&services, &actor, id, change).await?.into()))
}
