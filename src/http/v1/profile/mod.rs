//! One's own account. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

pub mod model;
mod set_preferences;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(update::update_profile))
        .routes(routes!(set_preferences::set_preferences))
}
