//! PUT /api/v1/providers/{provider}

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::OAuthProvider;
use crate::http::v1::providers::model::{ProviderClient, ProviderRequest};
use crate::service::{Services, providers};

/// Enters the OAuth client of a provider.
#[utoipa::path(
    put,
    path = "/providers/{provider}",
    tag = "providers",
    params(("provider" = OAuthProvider, Path, description = "The provider")),
    request_body = ProviderRequest,
    responses(
        (status = 200, body = ProviderClient, description = "Done"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is set in the configuration"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_provider(
    State(services): State<Services>,
    actor: Actor,
    Path(provider): Path<OAuthProvider>,
    Json(request): Json<ProviderRequest>,
) -> Result<Json<ProviderClient>> {
    let (id, secret) = (request.client_id.as_str(), request.client_secret);
    let tenant = request.tenant.as_deref();
    let ends = request.secret_ends;
    let client =
        providers::update(&services, &actor, provider.into(), id, secret, tenant, ends).await?;
    Ok(Json(client.into()))
}
