//! POST /api/v1/uploads

use axum::extract::{Multipart, State};
use axum::http::StatusCode;

use crate::authz::Actor;
use crate::http::extract::{Json, too_large};
use crate::http::problem::{Problem, Result};
use crate::http::v1::messages::model::Attachment;
use crate::http::v1::uploads::model::UploadForm;
use crate::service::uploads::NewFile;
use crate::service::{Services, uploads};

/// Uploads a file for an answer.
#[utoipa::path(
    post,
    path = "/uploads",
    tag = "uploads",
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the request with the same key acts once")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = Attachment, description = "Done"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "The file is too large"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn create_upload(
    State(services): State<Services>,
    actor: Actor,
    mut form: Multipart,
) -> Result<(StatusCode, Json<Attachment>)> {
    let mut ticket = None;
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        match field.name() {
            Some("ticket") => {
                let text = field.text().await.map_err(|_| unreadable())?;
                let number = text.trim().parse().map_err(|_| not_a_number())?;
                ticket = Some(number);
                continue;
            }
            Some("file") => {}
            _ => continue,
        }
        let name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => unreadable(),
        })?;
        let file = NewFile { name, content_type, bytes, ticket };
        let upload = uploads::add(&services, &actor, file).await?;
        return Ok((StatusCode::CREATED, Json(upload.into())));
    }
    Err(Problem::bad_request("There is no part named \"file\" in the form."))
}

fn not_a_number() -> Problem {
    Problem::bad_request("\"ticket\" is not a ticket's number.")
}

fn unreadable() -> Problem {
    Problem::bad_request("The form could not be read to its end.")
}
