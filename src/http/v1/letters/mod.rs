//! The letter that one is writing to a customer who has not written. `POST /tickets` sends it.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod delete;
mod get;
pub mod model;
mod put;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_letter, put::put_letter, delete::delete_letter))
}
