//! The register of processing. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create_disclosure;
mod get;
pub mod model;
mod update_host;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_register))
        .routes(routes!(update_host::update_register_host))
        .routes(routes!(create_disclosure::create_disclosure))
}
