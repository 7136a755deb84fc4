//! GET /api/v1/providers/{provider}

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::mailboxes::model::OAuthProvider;
use crate::http::v1::providers::model::ProviderClient;
use crate::service::{Services, providers};

/// The OAuth client of a provider.
#[utoipa::path(
    get,
    path = "/providers/{provider}",
    tag = "providers",
    params(("provider" = OAuthProvider, Path, description = "The provider")),
    responses(
        (status = 200, body = ProviderClient, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_provider(
    State(services): State<Services>,
    actor: Actor,
    Path(provider): Path<OAuthProvider>,
) -> Result<Json<ProviderClient>> {
    Ok(Json(providers::get(&services, &actor, provider.into()).await?.into()))
}
