//! GET /api/v1/messages/{id}/images

use super::file::file;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::ImageQuery;
use crate::service::{Services, images};

/// An image elsewhere that the message names, fetched by Loket.
#[utoipa::path(
    get,
    path = "/messages/{id}/images",
    tag = "messages",
    params(("id" = Uuid, Path, description = "The message's id"), ImageQuery),
    responses(
        (status = 200, body = String, content_type = "image/*", description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn get_message_image(
    State(services): State<Services>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(query): Query<ImageQuery>,
) -> Result<Response> {
    let image = images::fetch(&services, &actor, id.into(), &query.url).await?;
    Ok(file("image", image.content_type, true, image.bytes.to_vec()))
}
