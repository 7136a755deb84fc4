//! GET /api/v1/incidents/package

use axum::extract::State;

use crate::authz::Actor;
use crate::domain::incident::IncidentPackage;
use crate::http::extract::{Json, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::incidents::model::IncidentQuery;
use crate::service::Services;
use crate::service::incident::{self, Window};

/// Whose mail was reached in a window, by whom and how: ready for a notice to the authority.
#[utoipa::path(
    get,
    path = "/incidents/package",
    tag = "incidents",
    params(IncidentQuery),
    responses(
        (status = 200, body = IncidentPackage, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_incident_package(
    State(services): State<Services>,
    actor: Actor,
    Query(query): Query<IncidentQuery>,
) -> Result<Json<IncidentPackage>> {
    let IncidentQuery { from, to, user, mailbox, aware_at } = query;
    let (user, mailbox) = (user.map(Into::into), mailbox.map(Into::into));
    let window = Window { from, to, user, mailbox, aware_at };
    Ok(Json(incident::package(&services, &actor, window).await?))
}
