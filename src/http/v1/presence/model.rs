//! Who is at a ticket, as the browser sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::desk::PresenceState;
use crate::service::presence;

/// Somebody at a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Present {
    /// The user's id.
    pub id: Uuid,
    /// What they do.
    pub state: PresenceState,
    /// Until when that is taken to be so, unless they say it again.
    pub until: DateTime<Utc>,
}

/// Those at a ticket, without the actor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Presence {
    /// The ticket's number.
    pub number: i64,
    /// Who is there.
    pub people: Vec<Present>,
}

/// What one does with a ticket.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(default)]
pub struct PresenceRequest {
    /// To be said every 20 seconds, and when it changes.
    pub state: PresenceState,
}

impl Default for PresenceRequest {
    fn default() -> Self {
        Self { state: PresenceState::Viewing }
    }
}

impl From<presence::Present> for Present {
    fn from(present: presence::Present) -> Self {
        let presence::Present { membership_id, state, until } = present;
        Self { id: membership_id.0, state, until }
    }
}

impl From<presence::Room> for Presence {
    fn from(room: presence::Room) -> Self {
        Self { number: room.number, people: room.people.into_iter().map(Into::into).collect() }
    }
}
