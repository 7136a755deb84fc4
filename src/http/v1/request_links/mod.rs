//! The page of a person who asked about their data. Nobody signs in: a link and a code prove who
//! they are. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod confirm;
mod get_file;
mod look;
pub mod model;
mod send_code;
mod unlock;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(look::look_at_request_link))
        .routes(routes!(send_code::send_link_code))
        .routes(routes!(confirm::confirm_link))
        .routes(routes!(unlock::unlock_parcel))
        .routes(routes!(get_file::get_parcel_file))
}
