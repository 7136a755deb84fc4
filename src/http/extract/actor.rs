//! The actor, from the session cookie.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use tower_sessions::Session;

use crate::authz::Actor;
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::http::AppState;
use crate::http::problem::Problem;
use crate::http::session::{self as session_of, ACCOUNT, MEMBERSHIP, ORGANIZATION, UNREAD};
use crate::service::sign_in;

/// Who is signed in, also while a policy text waits to be read: for what that takes.
#[derive(Debug, Clone)]
pub struct Reading(pub Actor);

impl FromRequestParts<AppState> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Reading(actor) = Reading::from_request_parts(parts, state).await?;
        let session = session(parts)?;
        if session_of::read::<bool>(&session, UNREAD).await?.unwrap_or(false) {
            return Err(unread());
        }
        Ok(actor)
    }
}

impl FromRequestParts<AppState> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(actor) = parts.extensions.get::<Actor>() {
            return Ok(Self(actor.clone()));
        }
        let session = session(parts)?;
        let (Some(account), Some(organization), Some(membership)) = (
            session_of::read::<AccountId>(&session, ACCOUNT).await?,
            session_of::read::<OrganizationId>(&session, ORGANIZATION).await?,
            session_of::read::<MembershipId>(&session, MEMBERSHIP).await?,
        ) else {
            return Err(Problem::unauthenticated());
        };
        let actor = sign_in::find_actor(&state.services, account, organization, membership)
            .await?
            .ok_or_else(Problem::unauthenticated)?;
        session_of::prolong(&session, &state.services).await?;
        parts.extensions.insert(actor.clone());
        Ok(Self(actor))
    }
}

fn session(parts: &Parts) -> Result<Session, Problem> {
    parts.extensions.get::<Session>().cloned().ok_or_else(Problem::internal)
}

fn unread() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "policy_unread",
        "Something to read first",
        "Your organization published a text. Say that you have read it, then go on.",
    )
}
