//! Mail that could not be processed. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod get_original;
mod list;
pub mod model;
mod retry;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_quarantine))
        .routes(routes!(get_original::get_quarantine_original))
        .routes(routes!(retry::retry_quarantine))
}
