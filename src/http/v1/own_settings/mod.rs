//! What one sets for oneself: signature, and of what one is told.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod get;
pub mod model;
mod put;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_own_settings, put::put_own_settings))
}
