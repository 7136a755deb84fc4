//! POST /api/v1/mailboxes/connect

use axum::extract::State;
use tower_sessions::Session as Browser;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::mailboxes::model::{ConnectRequest, ConnectStarted};
use crate::service::Services;
use crate::service::connect::{self, Which};

/// Begins to link a mailbox by consent.
#[utoipa::path(
    post,
    path = "/mailboxes/connect",
    tag = "mailboxes",
    request_body = ConnectRequest,
    responses(
        (status = 200, body = ConnectStarted, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The provider has no client yet"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn connect_mailbox(
    State(services): State<Services>,
    actor: Actor,
    browser: Browser,
    Json(request): Json<ConnectRequest>,
) -> Result<Json<ConnectStarted>> {
    let shared_address = request.shared_address.filter(|address| !address.trim().is_empty());
    let which = Which { mailbox_id: request.mailbox_id.map(Into::into), shared_address };
    let (provider, import) = (request.provider.into(), request.import.into());
    let (authorize_url, pending) =
        connect::start(&services, &actor, provider, import, which).await?;
    session::write(&browser, session::CONNECT, pending).await?;
    Ok(Json(ConnectStarted { authorize_url }))
}
