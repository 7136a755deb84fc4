//! Status, assignee, team, priority, tags and snooze.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Changed, begin, by_act, kind_of, tell, told, write};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::desk::NoticeKind;
use crate::domain::ids::{ActId, ChannelId, MembershipId, TagId, TeamId};
use crate::domain::words::{Priority, Status};
use crate::service::notices::{self, Told};
use crate::service::tickets::{reach, summary_of};
use crate::service::{Result, ServiceError, Services, access};
use crate::store::acts::{self, StatusStep, Step, Trace};
use crate::store::tickets::{self, Locked, TicketState};
use crate::store::{channels, keys, memberships, tags, teams};

/// Nobody means to sleep for longer.
const LONGEST_SNOOZE: TimeDelta = TimeDelta::days(5 * 366);

/// Tags that are put on or taken off at once.
const MOST_TAGS: usize = 50;

/// What changes. Fields that are `None` stay.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// The new status.
    pub status: Option<Status>,
    /// Out of spam or trash, to the status that it had before.
    pub restore: bool,
    /// The new assignee; `Some(None)` takes the ticket from whoever has it.
    pub assignee: Option<Option<MembershipId>>,
    /// The new team; `Some(None)` takes the ticket from the one that has it.
    pub team: Option<Option<TeamId>>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Until when it sleeps; `Some(None)` wakes it.
    pub snoozed_until: Option<Option<DateTime<Utc>>>,
    /// Tags to be put on.
    pub tags_add: Vec<TagId>,
    /// Tags to be taken off.
    pub tags_remove: Vec<TagId>,
}

impl Patch {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.status.is_none()
            && !self.restore
            && self.assignee.is_none()
            && self.team.is_none()
            && self.priority.is_none()
            && self.snoozed_until.is_none()
            && self.tags_add.is_empty()
            && self.tags_remove.is_empty()
    }
}

/// What must be known of others before a ticket is changed.
#[derive(Debug, Default)]
pub(super) struct Checks {
    /// The channels that the assignee belongs to; nothing when they cannot work.
    assignee: HashSet<ChannelId>,
    /// The channels that somebody of the team belongs to.
    team: HashSet<ChannelId>,
}

impl Checks {
    /// Reads it, and refuses what is wrong for every ticket.
    pub(super) async fn load(services: &Services, actor: &Actor, patch: &Patch) -> Result<Self> {
        let store = services.store();
        let organization_id = actor.organization_id;
        check_tags(services, actor, patch).await?;
        if let Some(Some(until)) = patch.snoozed_until {
            let now = store.now();
            if until <= now || until - now > LONGEST_SNOOZE {
                let message = "Choose a time to come, within five years.";
                return Err(ServiceError::invalid("snoozed_until", message));
            }
        }
        let mut checks = Self::default();
        if let (None | Some(None), None | Some(None)) = (patch.assignee, patch.team) {
            return Ok(checks);
        }
        let working: HashSet<MembershipId> = memberships::list(store, organization_id)
            .await?
            .into_iter()
            .map(|member| member.id)
            .collect();
        let mut members: HashMap<MembershipId, Vec<ChannelId>> = HashMap::new();
        for (channel, member) in channels::list_all_members(store, organization_id).await? {
            if working.contains(&member) {
                members.entry(member).or_default().push(channel);
            }
        }
        let reached = |id: &MembershipId| members.get(id).into_iter().flatten().copied();
        if let Some(Some(id)) = patch.assignee {
            checks.assignee = reached(&id).collect();
        }
        if let Some(Some(id)) = patch.team {
            let all = teams::list(store, organization_id).await?;
            let team = all.into_iter().find(|team| team.id == id);
            let missing = || ServiceError::invalid("team_id", "There is no such team.");
            checks.team = team.ok_or_else(missing)?.members.iter().flat_map(reached).collect();
        }
        Ok(checks)
    }
}

async fn check_tags(services: &Services, actor: &Actor, patch: &Patch) -> Result<()> {
    if patch.tags_add.len().max(patch.tags_remove.len()) > MOST_TAGS {
        return Err(ServiceError::invalid("tags_add", "At most 50 tags at once."));
    }
    if patch.tags_add.is_empty() {
        return Ok(());
    }
    let store = services.store();
    let key = keys::of_organization(store, actor.organization_id).await?;
    let known = tags::find_many(store, &key, actor.organization_id, &patch.tags_add).await?;
    if patch.tags_add.iter().any(|id| !known.contains_key(id)) {
        return Err(ServiceError::invalid("tags_add", "There is no such tag."));
    }
    Ok(())
}

/// What becomes of a ticket, and what that changes.
pub(super) fn plan(
    checks: &Checks,
    patch: &Patch,
    ticket: &Locked,
    has: &[TagId],
    now: DateTime<Utc>,
) -> Result<(TicketState, Trace)> {
    let before = &ticket.state;
    let mut state = before.clone();
    if before.merged_into_id.is_some() {
        return Err(ServiceError::conflict("merged", "This ticket went up in another already."));
    }
    if let Some(status) = wanted_status(before, patch)? {
        state.set_status(status, now);
        // Whoever says what it is has looked at it.
        state.snoozed_until = None;
    }
    if let Some(assignee) = patch.assignee.filter(|new| *new != before.assignee_id) {
        if assignee.is_some() && !checks.assignee.contains(&before.channel_id) {
            return Err(ServiceError::invalid(
                "assignee_id",
                "This user does not belong to the ticket's mailbox. Add them to it first.",
            ));
        }
        state.assignee_id = assignee;
    }
    if let Some(team) = patch.team.filter(|new| *new != before.team_id) {
        if team.is_some() && !checks.team.contains(&before.channel_id) {
            return Err(ServiceError::invalid(
                "team_id",
                "Nobody of this team belongs to the ticket's mailbox. Add somebody to it first.",
            ));
        }
        state.team_id = team;
    }
    state.priority = patch.priority.unwrap_or(before.priority);
    if let Some(until) = patch.snoozed_until {
        snooze(&mut state, until, now)?;
    }
    let mut trace = differences(before, &state);
    let added = patch.tags_add.iter().filter(|id| !has.contains(id));
    trace.tags_added = distinct(added);
    let removed = patch.tags_remove.iter().filter(|id| has.contains(id));
    trace.tags_removed = distinct(removed.filter(|id| !patch.tags_add.contains(id)));
    Ok((state, trace))
}

fn wanted_status(before: &TicketState, patch: &Patch) -> Result<Option<Status>> {
    if patch.restore {
        if !before.status.is_thrown_away() {
            return Err(ServiceError::conflict(
                "not_thrown_away",
                "This ticket is neither spam nor in the trash.",
            ));
        }
        return Ok(Some(before.status_before.unwrap_or(Status::Open)));
    }
    Ok(patch.status.filter(|status| *status != before.status || before.snoozed_until.is_some()))
}

fn snooze(state: &mut TicketState, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    if until.is_some() && state.status.is_thrown_away() {
        let message = "Restore the ticket first: what is thrown away does not come back.";
        return Err(ServiceError::invalid("snoozed_until", message));
    }
    if until.is_some() && state.status == Status::Closed {
        state.set_status(Status::Open, now);
    }
    state.snoozed_until = until;
    Ok(())
}

fn distinct<'a>(ids: impl Iterator<Item = &'a TagId>) -> Vec<TagId> {
    let mut ids: Vec<TagId> = ids.copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What two states of a ticket differ in.
pub(super) fn differences(before: &TicketState, after: &TicketState) -> Trace {
    fn step<T: Copy + PartialEq>(before: T, after: T) -> Option<Step<T>> {
        (before != after).then_some(Step { before, after })
    }
    Trace {
        status: (before.status != after.status).then_some(StatusStep {
            before: before.status,
            after: after.status,
            closed_at: before.closed_at,
            waiting_since: before.waiting_since,
            status_before: before.status_before,
        }),
        priority: step(before.priority, after.priority),
        assignee: step(before.assignee_id, after.assignee_id),
        team: step(before.team_id, after.team_id),
        snoozed_until: step(before.snoozed_until, after.snoozed_until),
        delete_at: step(before.delete_at, after.delete_at),
        channel: step(before.channel_id, after.channel_id),
        ..Trace::default()
    }
}

/// Changes a ticket that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    number: i64,
    version: i32,
    patch: Patch,
) -> Result<Changed> {
    let ticket = reach(services, actor, Permission::WorkOnTickets, number).await?;
    if ticket.version != version {
        return Err(ServiceError::Stale);
    }
    let checks = Checks::load(services, actor, &patch).await?;
    wanted_status(&ticket.state, &patch)?;
    let (action, kind) = (Action::ChangeTicket, ObjectKind::Ticket);
    access::record(services, actor, action, kind, ticket.id.0, ticket.state.channel_id).await?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let tx = store.begin().await?;
    let locked = tickets::lock_states(&tx, organization_id, &[ticket.id]).await?.pop();
    let locked = locked.filter(|now| now.version == version).ok_or(ServiceError::Stale)?;
    let has = tags::of_locked(&tx, organization_id, &[ticket.id]).await?;
    let has: Vec<TagId> = has.into_iter().map(|(_, tag)| tag).collect();
    let (state, trace) = plan(&checks, &patch, &locked, &has, store.now())?;
    let mut act = None;
    if !trace.is_empty() {
        let (id, kind) = (ActId(store.new_id()), kind_of(&trace));
        write(&tx, organization_id, &locked, &state, &trace).await?;
        begin(&tx, actor, id, kind).await?;
        if let Some(assignee) = trace.assignee.and_then(|step| step.after) {
            let about = Told { ticket_id: ticket.id, by: Some(actor.membership_id) };
            let assigned = NoticeKind::Assigned;
            notices::tell(&tx, organization_id, assigned, about, &[assignee]).await?;
        }
        tell(&tx, actor, ticket.id, &state, by_act(told(&trace), id, kind));
        acts::add_tickets(&tx, organization_id, id, &[(ticket.id, trace)]).await?;
        act = Some(id);
    }
    tx.commit().await?;
    Ok(Changed { summary: summary_of(services, actor, number).await?, act })
}
