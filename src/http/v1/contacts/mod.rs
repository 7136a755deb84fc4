//! Customers. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod block;
mod get;
mod list;
mod merge;
pub mod model;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_contacts))
        .routes(routes!(get::get_contact, update::update_contact))
        .routes(routes!(block::block_contact))
        .routes(routes!(merge::merge_contact))
}
