//! Policy texts. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod acknowledge;
mod get;
mod list;
pub mod model;
mod publish;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_policies, publish::publish_policy))
        .routes(routes!(get::get_policy))
        .routes(routes!(acknowledge::acknowledge_policy))
}
