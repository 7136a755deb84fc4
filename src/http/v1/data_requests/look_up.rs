//! POST /api/v1/data-requests/person

use axum::extract::State;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::data_requests::model::{KnownPerson, PersonRequest};
use crate::service::Services;
use crate::service::data_requests::person;

/// What is known of a person, by address: numbers, and never a word of their mail. It is a POST
/// because an address does not belong into a URL.
#[utoipa::path(
    post,
    path = "/data-requests/person",
    tag = "data-requests",
    request_body = PersonRequest,
    responses(
        (status = 200, body = KnownPerson, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn look_up_person(
    State(services): State<Services>,
    actor: Actor,
    Json(request): Json<PersonRequest>,
) -> Result<Json<KnownPerson>> {
    let found = person::look_up(&services, &actor, &request.address).await?;
    Ok(Json(found.into()))
}
