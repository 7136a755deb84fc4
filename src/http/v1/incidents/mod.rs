//! Incidents: what the audit log tells of a window. The package has the shape of
//! `domain::incident`.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::AppState;

mod get_package;
pub mod model;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_package::get_incident_package))
}
