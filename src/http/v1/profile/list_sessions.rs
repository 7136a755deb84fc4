//! GET /api/v1/profile/sessions

use axum::extract::State;
use tower_sessions::Session as Browser;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::page::Page;
use crate::http::problem::{Problem, Result};
use crate::http::session;
use crate::http::v1::profile::model::OwnSession;
use crate::service::{Services, sessions};

/// Where one is signed in: this browser first, then the one that was used last.
#[utoipa::path(
    get,
    path = "/profile/sessions",
    tag = "profile",
    responses(
        (status = 200, body = Page<OwnSession>, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn list_own_sessions(
    State(services): State<Services>,
    actor: Actor,
    browser: Browser,
) -> Result<Json<Page<OwnSession>>> {
    let session_id = session::id_of(&browser);
    let found = sessions::list(&services, &actor, session_id.as_ref().map(<[u8; 16]>::as_slice));
    let mut found: Vec<OwnSession> = found.await?.into_iter().map(OwnSession::from).collect();
    found.sort_by_key(|one| (!one.current, std::cmp::Reverse(one.last_used_at), one.id));
    Ok(Json(Page::whole(found)))
}
