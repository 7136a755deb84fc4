//! Closing the organization. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod confirm;
mod create;
mod create_export;
mod delete;
mod get;
mod get_statement;
mod list_exports;
pub mod model;
mod preview;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_closing, create::create_closing, delete::delete_closing))
        .routes(routes!(preview::preview_closing))
        .routes(routes!(confirm::confirm_closing))
        .routes(routes!(
            list_exports::list_organization_exports,
            create_export::create_organization_export
        ))
        .routes(routes!(get_statement::get_closed_statement))
}
