//! Saved replies as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::authz::Actor;
use crate::domain::desk::ReplyScope;
use crate::service::saved_replies::{self, Content, ListQuery, Of};

/// A text that is written often.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedReply {
    /// Its id.
    pub id: Uuid,
    /// Who uses it.
    pub scope: ReplyScope,
    /// The user, team or mailbox that it is of; null for the organization.
    pub subject_id: Option<Uuid>,
    /// What it is called.
    pub name: String,
    /// As plain text, with variables such as `{{customer.first_name|there}}`.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
    /// Whether the actor may change it.
    pub can_change: bool,
    /// Rises with each change; what a change says in `If-Match`.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl SavedReply {
    pub(super) fn of(actor: &Actor, reply: saved_replies::SavedReply) -> Self {
        Self {
            id: reply.id.0,
            scope: reply.of.scope,
            subject_id: reply.of.subject_id,
            name: reply.content.name,
            text: reply.content.text,
            html: reply.content.html,
            can_change: saved_replies::may_change(actor, reply.of),
            version: reply.version,
            updated_at: reply.updated_at,
        }
    }
}

/// A saved reply as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(default)]
pub struct SavedReplyRequest {
    /// Who uses it.
    pub scope: ReplyScope,
    /// The team or mailbox that it is of.
    pub subject_id: Option<Uuid>,
    /// What it is called.
    pub name: String,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
}

impl Default for SavedReplyRequest {
    fn default() -> Self {
        Self {
            scope: ReplyScope::Personal,
            subject_id: None,
            name: String::new(),
            text: String::new(),
            html: None,
        }
    }
}

impl SavedReplyRequest {
    pub(super) fn split(self) -> (Of, Content) {
        let Self { scope, subject_id, name, text, html } = self;
        (Of { scope, subject_id }, Content { name, text, html })
    }
}

/// Which saved replies.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct SavedReplyQuery {
    /// Words that stand in the name or the text.
    #[param(required = false, value_type = String)]
    pub q: Option<String>,
    /// Only the one of this id.
    #[param(required = false, value_type = Uuid)]
    pub id: Option<Uuid>,
    /// Only of this scope.
    #[param(required = false, inline)]
    pub scope: Option<ReplyScope>,
    /// Without those of other mailboxes than this one.
    #[param(required = false, value_type = Uuid)]
    pub mailbox: Option<Uuid>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = Uuid)]
    pub cursor: Option<Uuid>,
    /// How many, 1 to 200; 50 unless given.
    #[param(required = false, value_type = u64)]
    pub limit: Option<u64>,
}

impl From<SavedReplyQuery> for ListQuery {
    fn from(query: SavedReplyQuery) -> Self {
        Self {
            find: query.q,
            id: query.id.map(Into::into),
            scope: query.scope,
            mailbox: query.mailbox.map(Into::into),
            cursor: query.cursor.map(Into::into),
            limit: query.limit,
        }
    }
}
