//! Teams as the browser sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::ids::MembershipId;
use crate::service::teams;

/// A group of users that tickets are given to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Team {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Who is in it: ids of users.
    pub member_ids: Vec<Uuid>,
    /// Rises with each change; what a change says in `If-Match`.
    pub version: i32,
}

/// A team to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TeamRequest {
    /// What it is called; no other has the name.
    pub name: String,
    /// Who is in it: ids of users.
    #[serde(default)]
    pub member_ids: Vec<Uuid>,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TeamChange {
    /// What it is called.
    pub name: Option<String>,
    /// Who is in it from now on: ids of users.
    pub member_ids: Option<Vec<Uuid>>,
}

impl TeamRequest {
    pub(super) fn members(&self) -> Vec<MembershipId> {
        self.member_ids.iter().copied().map(MembershipId).collect()
    }
}

impl From<TeamChange> for teams::TeamChange {
    fn from(change: TeamChange) -> Self {
        let members = |ids: Vec<Uuid>| ids.into_iter().map(MembershipId).collect();
        Self { name: change.name, members: change.member_ids.map(members) }
    }
}

impl From<teams::Team> for Team {
    fn from(team: teams::Team) -> Self {
        let member_ids = team.members.into_iter().map(|id| id.0).collect();
        Self { id: team.id.0, name: team.name, member_ids, version: team.version }
    }
}
