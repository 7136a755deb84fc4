//! Files for answers. One endpoint per file; `model` has the shapes.

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create;
mod get;
pub mod model;

/// What a form adds to the file in it.
const FORM: usize = 64 * 1024;

/// Only here is a body as large as a file.
pub(super) fn router(max_upload_bytes: usize) -> OpenApiRouter<AppState> {
    let limit = max_upload_bytes.saturating_add(FORM);
    OpenApiRouter::new()
        .routes(routes!(create::create_upload))
        .layer(DefaultBodyLimit::max(limit))
        .routes(routes!(get::get_upload))
}
