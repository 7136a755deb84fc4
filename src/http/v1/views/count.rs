//! GET /api/v1/views/counts

use std::collections::HashMap;

use axum::extract::State;
use uuid::Uuid;

use crate::authz::Actor;
use crate::http::extract::Json;
use crate::http::problem::{Problem, Result};
use crate::http::v1::tickets::wanted;
use crate::http::v1::views::model::{ViewCounts, list_query};
use crate::service::{Services, saved_views, tickets};

/// How many tickets one's own views and the shared ones have, 1,000 at most. Searches, and lists of
/// one address or number, are not counted.
#[utoipa::path(
    get,
    path = "/views/counts",
    tag = "views",
    responses(
        (status = 200, body = ViewCounts, description = "Done"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "What went wrong"),
    )
)]
pub(super) async fn count_views(
    State(services): State<Services>,
    actor: Actor,
) -> Result<Json<ViewCounts>> {
    let mut counts: HashMap<Uuid, u64> = HashMap::new();
    for view in saved_views::list(&services, &actor).await? {
        // One that an older version kept may say what the list no longer takes.
        let Ok(query) = list_query(&view.content.filter).and_then(wanted) else { continue };
        if let Some(count) = tickets::count(&services, &actor, query).await? {
            counts.insert(view.id.0, count);
        }
    }
    Ok(Json(ViewCounts { counts }))
}
