//! How long mail is kept. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod confirm;
mod end_exemption;
mod exempt;
mod get;
pub mod model;
mod update;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_retention, update::put_retention))
        .routes(routes!(confirm::confirm_retention))
        .routes(routes!(exempt::put_exemption, end_exemption::delete_exemption))
}
