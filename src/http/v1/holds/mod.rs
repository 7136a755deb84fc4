//! Legal holds. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod create;
mod end;
mod list;
pub mod model;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_holds, create::create_hold))
        .routes(routes!(end::end_hold))
}
