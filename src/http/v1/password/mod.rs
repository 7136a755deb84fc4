//! Choosing a password by a link that came by mail. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create_link;
pub mod model;
mod set;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_link::create_password_link))
        .routes(routes!(set::set_password))
}
