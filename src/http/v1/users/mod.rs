//! Users. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod count_tickets;
mod get_photo;
mod invite;
mod invite_again;
mod list;
pub mod model;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, invite::create_user))
        .routes(routes!(update::update_user))
        .routes(routes!(get_photo::get_user_photo))
        .routes(routes!(invite_again::create_user_invitation))
        .routes(routes!(count_tickets::count_user_tickets))
}
