//! PUT /api/v1/contacts/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::contacts::model::{ContactProfile, ContactRequest, ContactWritten};
use crate::service::{Services, contacts};

/// Changes what a customer is called and what is written down about them.
#[utoipa::path(
    put,
    path = "/contacts/{id}",
    tag = "contacts",
    params(("id" = Uuid, Path, description = "The customer's id")),
    request_body = ContactRequest,
    responses(
        (status = 200, body = ContactProfile, description = "Done"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "It was changed in the meantime"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn update_contact(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ContactRequest>,
) -> Result<Json<ContactProfile>> {
    let ContactRequest { name, facts, builds_on } = request;
    let new = ContactWritten { name, facts }.into();
    let known = builds_on.map(Into::into);
    Ok(Json(contacts::update(&services, &actor, id.into(), new, known).await?.into()))
}
