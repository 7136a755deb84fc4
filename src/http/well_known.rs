//! `/.well-known/loket-statement-keys.json`: with what statements of deletion are signed. For
//! whoever checks one; the fingerprint is to be compared with one that is known from elsewhere.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::problem::Result;
use crate::service::Services;
use crate::service::purge::statement::{self, PublishedKey};

/// The keys.
#[derive(Debug, Serialize)]
pub(super) struct Keys {
    keys: Vec<PublishedKey>,
}

pub(super) async fn statement_keys(State(services): State<Services>) -> Result<Json<Keys>> {
    Ok(Json(Keys { keys: statement::published_keys(&services).await? }))
}
