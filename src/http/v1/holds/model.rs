//! Legal holds as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::ids::MembershipId;
use crate::domain::words::HoldKind;
use crate::http::v1::tickets::model::UserRef;
use crate::service::holds::{HoldView, NewHold};

/// A legal hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hold {
    /// Its id.
    pub id: Uuid,
    /// What it keeps.
    pub kind: HoldKind,
    /// Which one.
    pub subject_id: Uuid,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: UserRef,
    /// When.
    pub placed_at: DateTime<Utc>,
    /// When somebody is to look whether it is needed yet.
    pub review_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<UserRef>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who may read what it keeps, once everybody else may not.
    pub people: Vec<UserRef>,
}

impl From<HoldView> for Hold {
    fn from(view: HoldView) -> Self {
        let HoldView { hold, names } = view;
        let user =
            |id: MembershipId| UserRef { id: id.0, name: names.member(id).unwrap_or_default() };
        Self {
            id: hold.id.0,
            kind: hold.kind,
            subject_id: hold.subject_id,
            reason: hold.reason,
            placed_by: user(hold.placed_by),
            placed_at: hold.placed_at,
            review_at: hold.review_at,
            ended_by: hold.ended_by.map(user),
            ended_at: hold.ended_at,
            people: hold.people.into_iter().map(user).collect(),
        }
    }
}

/// A hold to be placed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct HoldRequest {
    /// What it keeps.
    pub kind: HoldKind,
    /// Which one, by id; nothing for the organization.
    #[serde(default)]
    pub subject_id: Option<Uuid>,
    /// Instead of the id of a ticket: its number.
    #[serde(default)]
    pub ticket_number: Option<i64>,
    /// Why.
    pub reason: String,
    /// When somebody is to look whether it is needed yet.
    pub review_at: DateTime<Utc>,
    /// Who may read what it keeps, by the ids of their memberships.
    pub people: Vec<Uuid>,
}

impl From<HoldRequest> for NewHold {
    fn from(request: HoldRequest) -> Self {
        Self {
            kind: request.kind,
            subject_id: request.subject_id,
            ticket_number: request.ticket_number,
            reason: request.reason,
            review_at: request.review_at,
            people: request.people.into_iter().map(MembershipId).collect(),
        }
    }
}
