//! The `OpenAPI` 3.1 document, made from the handlers. `docs/openapi.json` is its committed copy.

use axum::Json;
use utoipa::openapi::schema::{Object, Schema};
use utoipa::openapi::{OpenApi, RefOr};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;

use super::{AppState, v1};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Loket",
        description = "The HTTP API of Loket. The session cookie signs in; each method but GET \
                       and HEAD needs an Origin header equal to the server's public address.",
        license(name = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "setup", description = "The first start"),
        (name = "session", description = "Signing in and out"),
        (name = "profile", description = "One's own account"),
        (name = "users", description = "Accounts in the organization"),
        (name = "organization", description = "The organization"),
        (name = "tickets", description = "Tickets, answers, notes, drafts"),
        (name = "messages", description = "Messages, their HTML, files and delivery"),
        (name = "uploads", description = "Files for answers"),
        (name = "mailboxes", description = "Linked mailboxes"),
        (name = "providers", description = "OAuth clients"),
        (name = "quarantine", description = "Mail that could not be processed"),
        (name = "purges", description = "Data on its way out"),
        (name = "retention", description = "How long mail is kept"),
        (name = "holds", description = "Legal holds"),
        (name = "statements", description = "Signed statements of deletion"),
        (name = "register", description = "The register of processing"),
        (name = "incidents", description = "Whose mail was reached, from the audit log"),
        (name = "events", description = "What happens, as it happens"),
    )
)]
struct Base;

/// The routes of the API with their description.
pub(super) fn api(max_upload_bytes: usize) -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Base::openapi()).nest("/api/v1", v1::router(max_upload_bytes))
}

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = api(0).into_openapi();
    AnswersAreWhole.modify(&mut document);
    document
}

/// The document as it is committed.
pub fn document_json() -> Result<String, serde_json::Error> {
    let mut json = serde_json::to_string_pretty(&document())?;
    json.push('\n');
    Ok(json)
}

/// `GET /api/v1/openapi.json`
pub(super) async fn serve() -> Json<OpenApi> {
    Json(document())
}

/// Every field of an answer is always there, null or not; only requests leave fields out. Their
/// types are known by their names.
struct AnswersAreWhole;

const REQUESTS: &[&str] = &["Request", "Change", "Form"];
const SPARSE: &[&str] = &["Problem", "EventData", "Deliver"];

impl Modify for AnswersAreWhole {
    fn modify(&self, document: &mut OpenApi) {
        let Some(components) = document.components.as_mut() else { return };
        for (name, schema) in &mut components.schemas {
            let request = REQUESTS.iter().any(|end| name.ends_with(end));
            if !request && !SPARSE.contains(&name.as_str()) {
                require_all(schema);
            }
        }
    }
}

fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => require_all_of(object),
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(require_all),
        _ => {}
    }
}

fn require_all_of(object: &mut Object) {
    object.required = object.properties.keys().cloned().collect();
}

#[cfg(test)]
mod tests {
    /// `LOKET_UPDATE_OPENAPI=1` writes it anew.
    #[test]
    fn the_committed_openapi_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
        let current = super::document_json().unwrap();
        if std::env::var_os("LOKET_UPDATE_OPENAPI").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == current,
            "docs/openapi.json is stale: run LOKET_UPDATE_OPENAPI=1 cargo nextest run openapi"
        );
    }

    #[test]
    fn operations_are_named_verb_resource_and_only_once() {
        let document = serde_json::to_value(super::document()).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for path in document["paths"].as_object().unwrap().values() {
            for operation in path.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                assert!(id.contains('_'), "{id}");
                assert!(seen.insert(id.clone()), "{id} stands twice");
            }
        }
        assert!(seen.len() > 30);
    }
}
