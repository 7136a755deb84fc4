//! The actor, from the session cookie.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tower_sessions::Session;

use crate::authz::Actor;
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::http::AppState;
use crate::http::problem::Problem;
use crate::http::session::{self as session_of, ACCOUNT, MEMBERSHIP, ORGANIZATION};
use crate::service::sign_in;

impl FromRequestParts<AppState> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(actor) = parts.extensions.get::<Self>() {
            return Ok(actor.clone());
        }
        let session = parts.extensions.get::<Session>().ok_or_else(Problem::internal)?.clone();
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
        Ok(actor)
    }
}
