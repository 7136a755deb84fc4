//! Search. One endpoint per file; `model` has the shapes.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod ask;
pub mod model;
mod within;

pub(super) use model::order;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ask::search_tickets)).routes(routes!(within::search_ticket))
}
