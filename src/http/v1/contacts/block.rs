//! PUT /api/v1/contacts/{id}/block

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::contacts::model::{BlockRequest, ContactProfile};
use crate::service::{Services, contacts};

/// Sends a customer's new mail to spam, or no longer. What is there stays where it is.
#[utoipa::path(
    put,
    path = "/contacts/{id}/block",
    tag = "contacts",
    params(("id" = Uuid, Path, description = "The customer's id")),
    request_body = BlockRequest,
    responses(
        (status = 200, body = ContactProfile, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn block_contact(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<BlockRequest>,
) -> Result<Json<ContactProfile>> {
    Ok(Json(contacts::block(&services, &actor, id.into(), request.blocked).await?.into()))
}
