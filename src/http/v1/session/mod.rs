//! Signing in and out. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create;
mod delete;
mod get;
pub mod model;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(
        get::get_session,
        create::create_session,
        delete::delete_session
    ))
}
