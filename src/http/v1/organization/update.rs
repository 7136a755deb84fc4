//! PATCH /api/v1/organization

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{IfMatch, Json};
use crate::http::problem::{Problem, Result};
use crate::http::v1::organization::model::{Organization, OrganizationRequest};
use crate::service::{Services, organization, post};

/// Changes the organization.
#[utoipa::path(
    patch,
    path = "/organization",
    tag = "organization",
    params(("If-Match" = String, Header, description = "The version that this changes, such as \"7\"")),
    request_body = OrganizationRequest,
    responses(
        (status = 200, body = Organization, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_organization(
    State(services): State<Services>,
    actor: Actor,
    IfMatch(version): IfMatch,
    Json(request): Json<OrganizationRequest>,
) -> Result<Json<Organization>> {
    let (name, time_zone) = (request.name.as_deref(), request.time_zone.as_deref());
    let organization = organization::update(&services, &actor, version, name, time_zone).await?;
    Ok(Json(Organization::new(organization, post::is_ready(&services).await?)))
}
