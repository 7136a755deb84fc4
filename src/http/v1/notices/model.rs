//! Notices as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::desk::NoticeKind;
use crate::http::v1::tickets::model::UserRef;
use crate::service::notices::{NoticePage, NoticeView};

/// What one is told of a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub kind: NoticeKind,
    /// The ticket's number.
    pub number: i64,
    /// The colleague who gave reason to; null when it was a customer.
    pub by: Option<UserRef>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it has been read.
    pub read: bool,
}

/// A page of notices, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notices {
    /// The notices.
    pub items: Vec<Notice>,
    /// How many are unread, of all.
    pub unread: u64,
    /// Give this as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<Uuid>,
}

impl From<NoticeView> for Notice {
    fn from(view: NoticeView) -> Self {
        let NoticeView { notice, number, actor_name } = view;
        let by =
            notice.actor_id.map(|id| UserRef { id: id.0, name: actor_name.unwrap_or_default() });
        Self {
            id: notice.id.0,
            kind: notice.kind,
            number,
            by,
            at: notice.at,
            read: notice.read_at.is_some(),
        }
    }
}

impl From<NoticePage> for Notices {
    fn from(page: NoticePage) -> Self {
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            unread: page.unread,
            next_cursor: page.next_cursor.map(|id| id.0),
        }
    }
}

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = Uuid)]
    pub cursor: Option<Uuid>,
}

/// Which notices have been read.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReadRequest {
    /// These; all when left out.
    pub ids: Option<Vec<Uuid>>,
}
