//! GET /api/v1/contacts/{id}

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Problem, Result};
use crate::http::v1::contacts::model::ContactProfile;
use crate::service::{Services, contacts};

/// One customer. Their tickets: `GET /tickets?contact=…`.
#[utoipa::path(
    get,
    path = "/contacts/{id}",
    tag = "contacts",
    params(("id" = Uuid, Path, description = "The customer's id")),
    responses(
        (status = 200, body = ContactProfile, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_contact(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<ContactProfile>> {
    Ok(Json(contacts::get(&services, &actor, id.into()).await?.into()))
}
