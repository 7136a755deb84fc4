//! GET /api/v1/organization

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::organization::model::Organization;
use crate::service::{Services, organization, post};

/// The organization.
#[utoipa::path(
    get,
    path = "/organization",
    tag = "organization",
    responses(
        (status = 200, body = Organization, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_organization(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<Organization>> {
    let organization = organization::get(&services, &actor).await?;
    Ok(Json(Organization::new(organization, post::is_ready(&services).await?)))
}
