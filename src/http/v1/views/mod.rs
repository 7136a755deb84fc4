//! Lists of tickets under a name. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod count;
mod create;
mod delete;
mod list;
pub mod model;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_views, create::create_view))
        .routes(routes!(count::count_views))
        .routes(routes!(update::update_view, delete::delete_view))
}
