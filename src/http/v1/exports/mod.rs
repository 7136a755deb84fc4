//! Exports: sealed ZIPs that are kept for a week. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create_mailbox;
mod delete;
mod get_file;
mod list_mailbox;
pub mod model;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_mailbox::list_mailbox_exports, create_mailbox::create_mailbox_export))
        .routes(routes!(delete::delete_export))
        .routes(routes!(get_file::get_export_file))
}
