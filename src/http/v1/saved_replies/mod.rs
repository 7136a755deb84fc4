//! Saved replies. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create;
mod delete;
mod list;
pub mod model;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_saved_replies, create::create_saved_reply))
        .routes(routes!(update::update_saved_reply, delete::delete_saved_reply))
}
