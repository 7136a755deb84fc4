//! One's own account. One endpoint per file; `model` has the shapes.

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;
use crate::service::photos::MAX_BYTES;

mod delete_photo;
mod end_session;
mod end_sessions;
mod list_sessions;
pub mod model;
mod put_photo;
mod set_preferences;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    let photo = OpenApiRouter::new()
        .routes(routes!(put_photo::put_photo, delete_photo::delete_photo))
        .layer(DefaultBodyLimit::max(MAX_BYTES));
    OpenApiRouter::new()
        .routes(routes!(update::update_profile))
        .routes(routes!(set_preferences::set_preferences))
        .routes(routes!(list_sessions::list_own_sessions, end_sessions::delete_other_sessions))
        .routes(routes!(end_session::delete_own_session))
        .merge(photo)
}
