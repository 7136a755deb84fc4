//! POST /api/v1/policies

use axum::extract::State;
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::policies::model::{Policy, PolicyRequest};
use crate::service::{Services, policies};

/// Publishes the next version of a policy text: it is in force at once, mailed to every member,
/// and read by each at their next sign-in. For owners.
#[utoipa::path(
    post,
    path = "/policies",
    tag = "policies",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body = PolicyRequest,
    responses(
        (status = 201, body = Policy, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Somebody published at the same moment"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn publish_policy(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<PolicyRequest>,
) -> Result<(StatusCode, Json<Policy>)> {
    let (kind, content) = request.into();
    let policy = policies::publish(&services, &actor, kind, content).await?;
    Ok((StatusCode::CREATED, Json(policy.into())))
}
