//! The first start. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod get;
pub mod model;
mod run;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_setup, run::run_setup))
}
