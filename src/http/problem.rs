//! Errors as RFC 9457 `application/problem+json`. The mapping from [`ServiceError`] to a status
//! happens here and nowhere else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::service::ServiceError;

/// What went wrong, for people and for programs (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A stable reference to the kind of problem, such as `/problems/stale`.
    #[serde(rename = "type")]
    #[schema(schema_with = kinds)]
    pub kind: String,
    /// The kind of problem in a few words; the same for each of its kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to do.
    pub detail: String,
    /// The fields that are wrong, if any is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// What of a query is wrong, if that is what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_problem: Option<Box<QueryProblem>>,
    /// Seconds to wait, when that helps; also in the header `Retry-After`.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u32>,
}

/// What of a query is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueryProblem {
    /// What is wrong, as a word, such as `unclosed_quote`.
    pub code: String,
    /// The field of the query that it is about, such as `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where it begins, in UTF-16 code units.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
}

/// A field of the request that is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as it is called in the request.
    pub field: String,
    /// What is wrong with it and what would be right.
    pub message: String,
}

/// Every code that makes a kind. The interface has a sentence for each, in each language.
pub const CODES: &[&str] = &[
    "act_over",
    "address_elsewhere",
    "already_linked",
    "already_set_up",
    "answer_waits",
    "bad_request",
    "changed_since",
    "client_refused",
    "code_spent",
    "code_wrong",
    "closing_link_spent",
    "closing_over",
    "closing_under_way",
    "connection_failed",
    "contact_elsewhere",
    "contact_kept",
    "different_customers",
    "erasure_begun",
    "export_lost",
    "export_not_ready",
    "export_under_way",
    "forbidden",
    "held",
    "hold_ended",
    "idempotency_key_reused",
    "idempotency_key_used",
    "identity_known",
    "identity_needed",
    "import_again",
    "internal",
    "invalid",
    "invalid_credentials",
    "invalid_query",
    "last_owner",
    "lift_later",
    "lift_untold",
    "lost",
    "mailbox_disconnected",
    "mailbox_leaving",
    "mailbox_works",
    "marked_already",
    "merged",
    "method_not_allowed",
    "name_taken",
    "needs_consent",
    "needs_reauthorization",
    "newer_message",
    "no_contact",
    "no_credentials",
    "no_own_mail",
    "no_path",
    "no_server",
    "not_failed",
    "not_found",
    "not_in_doubt",
    "not_invited",
    "not_json",
    "not_mail",
    "not_marked",
    "not_quarantined",
    "not_related",
    "not_restricted",
    "not_thrown_away",
    "not_waiting",
    "nothing_done",
    "nothing_held",
    "on_its_way",
    "only_message",
    "organization_closing",
    "own_membership",
    "owner_needed",
    "parcel_made",
    "password_link_spent",
    "policy_published",
    "policy_unread",
    "provider_not_configured",
    "provider_unavailable",
    "purge_under_way",
    "recipients_unknown",
    "renumbered",
    "request_closed",
    "request_forgotten",
    "request_kind",
    "request_link_spent",
    "search_unavailable",
    "set_in_configuration",
    "stale",
    "still_running",
    "throttled",
    "ticket_merged",
    "timeout",
    "too_large",
    "too_many_views",
    "too_many_tags",
    "unauthenticated",
    "undone",
    "unreadable",
    "unseen_message",
    "user_disabled",
    "user_exists",
    "version_required",
    "wrong_origin",
];

fn kinds() -> Object {
    let kinds = CODES.iter().map(|code| kind_of(code));
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds)).build()
}

fn kind_of(code: &str) -> String {
    format!("/problems/{}", code.replace('_', "-"))
}

/// The result of a handler.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// A problem of a kind: `code` becomes `/problems/<code>`.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: kind_of(code),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            query_problem: None,
            retry_after: None,
        }
    }

    /// There is no such thing, or the actor may not know of it.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Not found",
            "There is nothing here, or it is not for you.",
        )
    }

    /// Not signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Not signed in", "Sign in first.")
    }

    /// The request cannot be understood.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", "Bad request", detail)
    }

    /// A field is wrong.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "A value is not right",
            format!("{field}: {message}"),
        );
        problem.errors.push(FieldProblem { field: field.to_owned(), message });
        problem
    }

    /// Something failed inside. The reason is in the log, under the request's id.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong",
            "The server could not do this. Its log says why.",
        )
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::not_found(),
            ServiceError::Unauthenticated => Self::unauthenticated(),
            ServiceError::WrongCredentials => Self::new(
                StatusCode::UNAUTHORIZED,
                "invalid_credentials",
                "Not signed in",
                "This e-mail address and password do not belong together.",
            ),
            ServiceError::Forbidden => Self::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "Not allowed",
                "Your role does not allow this. Ask an admin of your organization.",
            ),
            ServiceError::Invalid { field, message } => Self::invalid(field, message),
            ServiceError::Stale => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale",
                "Changed in the meantime",
                "Somebody changed this in the meantime. Read it again, then repeat the change.",
            ),
            ServiceError::Conflict { code, message } => {
                Self::new(StatusCode::CONFLICT, code, "Not possible now", message)
            }
            // 424, because proxies replace the body of a 502.
            ServiceError::Upstream { code, message, .. } => {
                Self::new(StatusCode::FAILED_DEPENDENCY, code, "Another server refused", message)
            }
            ServiceError::Query(error) => {
                let mut problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid_query",
                    "The query is wrong",
                    error.to_string(),
                );
                problem.query_problem = Some(Box::new(QueryProblem {
                    code: error.problem.code().to_owned(),
                    field: error.problem.field().map(|name| name.as_str().to_owned()),
                    from: error.at.start,
                    to: error.at.end,
                }));
                problem
            }
            ServiceError::SearchUnavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "search_unavailable",
                "Nothing can be searched now",
                "The search index is not ready on this server. Try again in a minute.",
            ),
            ServiceError::Throttled { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                let mut problem = Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "throttled",
                    "Too many attempts",
                    format!("Too many attempts. Try again in {seconds} seconds."),
                );
                problem.retry_after = u32::try_from(seconds).ok();
                problem
            }
            ServiceError::Store(_) | ServiceError::Internal(_) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a request failed inside"
                );
                Self::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_stable_type() {
        let stale = Problem::from(ServiceError::Stale);
        assert_eq!((stale.status, stale.kind.as_str()), (412, "/problems/stale"));
        let conflict = Problem::from(ServiceError::conflict("on_its_way", "It was sent."));
        assert_eq!((conflict.status, conflict.kind.as_str()), (409, "/problems/on-its-way"));
    }

    /// Reads the sources, because a code is a word in the place that knows it.
    #[test]
    fn every_code_stands_in_the_list() {
        let made = regex::Regex::new(
            r#"(?:conflict\(|Problem::new\(|Self::new\(|[(: ]upstream\(|send_now\([^;]*?)\s*(?:StatusCode::\w+,\s*)?"([a-z_]+)",|Upstream \{\s*code: "([a-z_]+)"|NEEDS_REAUTHORIZATION: &str = "([a-z_]+)""#,
        )
        .unwrap();
        let mut found = std::collections::BTreeSet::new();
        let mut folders =
            vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    for captures in made.captures_iter(&text) {
                        let code = captures.iter().skip(1).flatten().next().unwrap();
                        found.insert(code.as_str().to_owned());
                    }
                }
            }
        }
        let listed: std::collections::BTreeSet<_> = CODES.iter().map(|c| (*c).to_owned()).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn a_wrong_field_is_named() {
        let problem = Problem::from(ServiceError::invalid("time_zone", "unknown"));
        assert_eq!(problem.status, 422);
        assert_eq!(problem.errors.first().map(|e| e.field.as_str()), Some("time_zone"));
    }
}
