//! PATCH /api/v1/organization

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::organization::model::{Organization, OrganizationRequest};
use crate::service::{Services, organization, post};

/// Changes the organization.
#[utoipa::path(
    patch,
    path = "/organization",
    tag = "organization",
    request_body = OrganizationRequest,
    responses(
        (status = 200, body = Organization, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_organization(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<OrganizationRequest>,
) -> Result<Json<Organization>> {
    let (name, time_zone) = (request.name.as_deref(), request.time_zone.as_deref());
    let organization = organization::update(&services, &actor, name, time_zone).await?;
    Ok(Json(Organization::new(organization, post::is_ready(&services).await?)))
}
