//! Policy texts as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::PolicyKind;
use crate::http::v1::tickets::model::UserRef;
use crate::service::policies::{Content, PolicyView, Reader};

/// A version of a policy text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Policy {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: PolicyKind,
    /// Counts from 1 for each kind.
    pub version: u32,
    /// Who published it.
    pub published_by: UserRef,
    /// When.
    pub published_at: DateTime<Utc>,
    /// Whether it is the newest of its kind.
    pub in_force: bool,
    /// What stands in it. In the list only of those in force.
    pub content: Option<PolicyContent>,
    /// When you said that you have read it.
    pub read_at: Option<DateTime<Utc>>,
    /// Every member, and when they said so. For owners, admins and auditors.
    pub readers: Option<Vec<PolicyReader>>,
}

/// The words of a version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyContent {
    /// Its title.
    pub title: String,
    /// What is new in it; empty when nothing was said.
    pub changes: String,
    /// The text: paragraphs with empty lines between them.
    pub text: String,
}

/// A member, and when they said that they have read a version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyReader {
    /// Who.
    pub user: UserRef,
    /// When, if they did.
    pub read_at: Option<DateTime<Utc>>,
}

/// A version to be published.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PolicyRequest {
    /// What it is about.
    pub kind: PolicyKind,
    /// Its title, on one line.
    pub title: String,
    /// What is new in it, in a few words.
    #[serde(default)]
    pub changes: String,
    /// The text: paragraphs with empty lines between them.
    pub text: String,
}

impl From<PolicyRequest> for (PolicyKind, Content) {
    fn from(request: PolicyRequest) -> Self {
        let PolicyRequest { kind, title, changes, text } = request;
        (kind, Content { title, changes, text })
    }
}

impl From<PolicyView> for Policy {
    fn from(view: PolicyView) -> Self {
        let PolicyView { version, content, publisher, in_force, read_at, readers } = view;
        Self {
            id: version.id.0,
            kind: version.kind,
            version: version.version,
            published_by: UserRef { id: version.published_by.0, name: publisher },
            published_at: version.published_at,
            in_force,
            content: content.map(|content| PolicyContent {
                title: content.title,
                changes: content.changes,
                text: content.text,
            }),
            read_at,
            readers: readers.map(|readers| readers.into_iter().map(PolicyReader::from).collect()),
        }
    }
}

impl From<Reader> for PolicyReader {
    fn from(reader: Reader) -> Self {
        let Reader { membership_id, name, read_at } = reader;
        Self { user: UserRef { id: membership_id.0, name }, read_at }
    }
}
