//! Names of members, teams and mailboxes, for what is shown beside ids.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{Result, Services};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId, TeamId};
use crate::domain::words::PurgeState;
use crate::store::{names, purges};

/// The names that an organization's pages need.
#[derive(Debug, Clone, Default)]
pub struct Names {
    members: HashMap<MembershipId, String>,
    teams: HashMap<TeamId, String>,
    channels: HashMap<ChannelId, String>,
    leaving: HashMap<ChannelId, Option<DateTime<Utc>>>,
    time_zone: String,
}

impl Names {
    /// Reads them.
    pub async fn load(services: &Services, organization_id: OrganizationId) -> Result<Self> {
        let store = services.store();
        let names = names::all(store, organization_id).await?;
        let gone = names.mailboxes.iter().filter(|(.., disconnected)| *disconnected);
        let mut leaving: HashMap<ChannelId, Option<DateTime<Utc>>> =
            gone.map(|(id, ..)| (*id, None)).collect();
        if !leaving.is_empty() {
            for purge in purges::list(store, organization_id).await? {
                if purge.state == PurgeState::Countdown
                    && let Some(due) = leaving.get_mut(&purge.channel_id)
                {
                    *due = Some(purge.due_at);
                }
            }
        }
        Ok(Self {
            members: names.members.into_iter().collect(),
            teams: names.teams.into_iter().collect(),
            channels: names.mailboxes.into_iter().map(|(id, name, _)| (id, name)).collect(),
            leaving,
            time_zone: names.time_zone,
        })
    }

    /// The organization's time zone, a name of the IANA's.
    pub(super) fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// A member's name, also when they are disabled.
    #[must_use]
    pub fn member(&self, id: MembershipId) -> Option<String> {
        self.members.get(&id).cloned()
    }

    /// The members whose names fit.
    pub(super) fn members_that(&self, fits: &impl Fn(&str) -> bool) -> HashSet<MembershipId> {
        self.members.iter().filter(|(_, name)| fits(name)).map(|(id, _)| *id).collect()
    }

    /// The teams whose names fit.
    pub(super) fn teams_that(&self, fits: &impl Fn(&str) -> bool) -> HashSet<TeamId> {
        self.teams.iter().filter(|(_, name)| fits(name)).map(|(id, _)| *id).collect()
    }

    /// A team's name.
    #[must_use]
    pub fn team(&self, id: TeamId) -> Option<String> {
        self.teams.get(&id).cloned()
    }

    /// Whether a channel is disconnected, and its data there yet.
    #[must_use]
    pub fn is_leaving(&self, id: ChannelId) -> bool {
        self.leaving.contains_key(&id)
    }

    /// When the data of a disconnected channel is deleted, while it waits for that.
    #[must_use]
    pub fn deleted_on(&self, id: ChannelId) -> Option<DateTime<Utc>> {
        self.leaving.get(&id).copied().flatten()
    }

    /// A channel's name; empty once it is gone.
    #[must_use]
    pub fn channel(&self, id: ChannelId) -> String {
        self.channels.get(&id).cloned().unwrap_or_default()
    }
}
