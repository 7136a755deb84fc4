//! Messages, their HTML, files and delivery. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod cancel;
mod confirm;
pub(super) mod convert;
pub(super) mod file;
mod get;
mod get_attachment;
mod get_attachments;
mod get_html;
mod get_image;
mod get_original;
mod mark_sent;
pub mod model;
mod retry;
mod split;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_message))
        .routes(routes!(get_html::get_message_html))
        .routes(routes!(get_original::get_message_original))
        .routes(routes!(get_attachment::get_attachment))
        .routes(routes!(get_attachments::get_attachments))
        .routes(routes!(get_image::get_message_image))
        .routes(routes!(split::split_message))
        .routes(routes!(cancel::cancel_message))
        .routes(routes!(retry::retry_message))
        .routes(routes!(confirm::confirm_message))
        .routes(routes!(mark_sent::mark_message_sent))
}
