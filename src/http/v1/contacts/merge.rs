//! POST /api/v1/contacts/{id}/merge

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::contacts::model::{ContactProfile, MergeContactRequest};
use crate::service::{Services, contacts};

/// Takes a customer up in another: addresses, tickets and what is written down. It cannot be undone.
#[utoipa::path(
    post,
    path = "/contacts/{id}/merge",
    tag = "contacts",
    params(("id" = Uuid, Path, description = "The customer's id, who goes up in the other")),
    request_body = MergeContactRequest,
    responses(
        (status = 200, body = ContactProfile, description = "The one that stays"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn merge_contact(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<MergeContactRequest>,
) -> Result<Json<ContactProfile>> {
    let (id, into) = (id.into(), request.into.into());
    Ok(Json(contacts::merge(&services, &actor, id, into).await?.into()))
}
