//! `GET /oauth/callback`: the provider sends the browser back.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::extract::Query;
use super::{AppState, session};
use crate::authz::Actor;
use crate::http::problem::{Problem, Result};
use crate::service::connect::{self, Callback, ConnectError, Pending};

/// What the provider adds to the address (RFC 6749, section 4.1.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallbackQuery {
    state: Option<String>,
    code: Option<SecretString>,
    error: Option<String>,
    admin_consent: Option<String>,
}

/// Ends on the page of mailboxes, with the mailbox's id or the reason why not.
pub(super) async fn finish_connect(
    State(state): State<AppState>,
    session: Session,
    actor: Result<Actor, Problem>,
    Query(query): Query<CallbackQuery>,
) -> Result<Response> {
    // Microsoft's page for administrators ends here too, in whoever's browser: nothing was begun
    // here, and nothing ends.
    if query.admin_consent.is_some() && query.code.is_none() && query.error.is_none() {
        return Ok(Redirect::to("/settings/mailboxes?admin_consented=1").into_response());
    }
    let pending: Option<Pending> = session::take(&session, session::CONNECT).await?;
    let callback = Callback { state: query.state, code: query.code, error: query.error };
    let finished = match actor {
        Ok(actor) => connect::finish(&state.services, &actor, pending, callback).await,
        Err(_) => Err(ConnectError::InvalidState),
    };
    let target = match finished {
        Ok(id) => format!("/settings/mailboxes?connected={id}"),
        Err(error) => format!("/settings/mailboxes?oauth_error={}", error.code()),
    };
    Ok(Redirect::to(&target).into_response())
}
