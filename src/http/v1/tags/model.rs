//! Tags as the browser sees them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::ids::TagId;
use crate::domain::words::TagColor;
use crate::service::tags;

/// A word on tickets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tag {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub name: String,
    /// Its colour.
    pub color: TagColor,
    /// Rises with each change; what a change says in `If-Match`.
    pub version: i32,
}

/// A tag to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TagRequest {
    /// What it says; no other says the same.
    pub name: String,
    /// Its colour.
    pub color: TagColor,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TagChange {
    /// What it says.
    pub name: Option<String>,
    /// Its colour.
    pub color: Option<TagColor>,
}

/// Which tags to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct TagQuery {
    /// Part of the name; those that begin with it come first.
    #[param(required = false, value_type = String)]
    pub q: Option<String>,
    /// Only the one of this id.
    #[param(required = false, value_type = Uuid)]
    pub id: Option<Uuid>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = String)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 unless given.
    #[param(required = false, value_type = u64)]
    pub limit: Option<usize>,
}

impl From<TagQuery> for tags::TagQuery {
    fn from(query: TagQuery) -> Self {
        Self { find: query.q, id: query.id.map(TagId), cursor: query.cursor, limit: query.limit }
    }
}

impl From<TagChange> for tags::TagChange {
    fn from(change: TagChange) -> Self {
        Self { name: change.name, color: change.color }
    }
}

impl From<tags::Tag> for Tag {
    fn from(tag: tags::Tag) -> Self {
        Self { id: tag.id.0, name: tag.name, color: tag.color, version: tag.version }
    }
}
