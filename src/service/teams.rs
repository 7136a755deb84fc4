//! Teams: groups of members that tickets are given to. Everybody sees them; admins make them.

use serde_json::json;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, still_at};
use crate::audit::{Action, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{MembershipId, TeamId};
use crate::domain::words::EventKind;
use crate::store::events::NewEvent;
use crate::store::versions::{self, Versioned};
use crate::store::{Tx, memberships, teams};

pub use crate::store::teams::Team;

/// Characters of a name.
const LONGEST: usize = 50;

/// Tickets taken from a team in one transaction: it holds the only writer.
const BATCH: u64 = 50;

/// What to change; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TeamChange {
    /// What it is called.
    pub name: Option<String>,
    /// Who is in it.
    pub members: Option<Vec<MembershipId>>,
}

/// The teams of the organization, by name.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Team>> {
    services.scope(actor, Permission::ListUsers)?;
    Ok(teams::list(services.store(), actor.organization_id).await?)
}

/// Makes a team.
pub async fn create(
    services: &Services,
    actor: &Actor,
    name: &str,
    members: Vec<MembershipId>,
) -> Result<Team> {
    services.scope(actor, Permission::ManageTeams)?;
    let store = services.store();
    let team = Team {
        id: TeamId(store.new_id()),
        name: check_name(name)?,
        members: check_members(services, actor, members).await?,
        created_at: store.now(),
        version: 1,
    };
    record(services, actor, team.id).await?;
    let tx = store.begin().await?;
    is_free(&teams::lock_names(&tx, actor.organization_id).await?, team.id, &team.name)?;
    teams::add(&tx, actor.organization_id, &team).await?;
    tell(&tx, actor, team.id);
    tx.commit().await?;
    Ok(team)
}

/// Changes a team that is still at `version`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: TeamId,
    version: i32,
    change: TeamChange,
) -> Result<Team> {
    services.scope(actor, Permission::ManageTeams)?;
    still_at(get(services, actor, id).await?.version, version)?;
    let name = change.name.as_deref().map(check_name).transpose()?;
    let members = match change.members {
        Some(members) => Some(check_members(services, actor, members).await?),
        None => None,
    };
    record(services, actor, id).await?;
    let tx = services.store().begin().await?;
    // First the names, whatever changes: in another order two changes would wait for each other.
    let names = teams::lock_names(&tx, actor.organization_id).await?;
    versions::raise(&tx, actor.organization_id, Versioned::Team(id), version).await?;
    if let Some(name) = &name {
        is_free(&names, id, name)?;
        teams::rename(&tx, actor.organization_id, id, name).await?;
    }
    if let Some(members) = &members {
        teams::set_members(&tx, actor.organization_id, id, members).await?;
    }
    tell(&tx, actor, id);
    tx.commit().await?;
    get(services, actor, id).await
}

/// Removes a team. Its tickets are no team's from then on.
pub async fn remove(services: &Services, actor: &Actor, id: TeamId) -> Result<()> {
    services.scope(actor, Permission::ManageTeams)?;
    get(services, actor, id).await?;
    record(services, actor, id).await?;
    loop {
        let tx = services.store().begin().await?;
        let taken = teams::take_from(&tx, actor.organization_id, id, BATCH).await?;
        for (ticket, channel) in &taken {
            let (organization_id, kind) = (actor.organization_id, EventKind::TicketUpdated);
            tx.event(
                NewEvent::ticket(organization_id, kind, *channel, *ticket)
                    .by(Some(actor.membership_id))
                    .data(json!({ "team": null, "team_before": id })),
            );
        }
        if taken.is_empty() {
            teams::remove(&tx, actor.organization_id, id).await?;
            tell(&tx, actor, id);
        }
        tx.commit().await?;
        if taken.is_empty() {
            return Ok(());
        }
    }
}

async fn get(services: &Services, actor: &Actor, id: TeamId) -> Result<Team> {
    let all = teams::list(services.store(), actor.organization_id).await?;
    all.into_iter().find(|team| team.id == id).ok_or(ServiceError::NotFound)
}

fn tell(tx: &Tx, actor: &Actor, id: TeamId) {
    let (kind, data) = (EventKind::TeamChanged, json!({ "id": id }));
    tx.event(NewEvent::about(actor.organization_id, kind, data).by(Some(actor.membership_id)));
}

async fn record(services: &Services, actor: &Actor, id: TeamId) -> Result<()> {
    let object = Object::new(ObjectKind::Team, id.0);
    access::record_all(services, actor, &[(Action::ChangeTeam, object)]).await
}

fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(ServiceError::invalid("name", "Give a name of at most 50 characters."));
    }
    Ok(name.to_owned())
}

async fn check_members(
    services: &Services,
    actor: &Actor,
    mut members: Vec<MembershipId>,
) -> Result<Vec<MembershipId>> {
    members.sort_unstable();
    members.dedup();
    let known = memberships::list_all(services.store(), actor.organization_id).await?;
    if members.iter().any(|id| !known.iter().any(|member| member.id == *id)) {
        return Err(ServiceError::invalid("member_ids", "There is no such user."));
    }
    Ok(members)
}

fn is_free(names: &[(TeamId, String)], id: TeamId, name: &str) -> Result<()> {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    if names.iter().any(|(other, known)| *other != id && same(known)) {
        return Err(ServiceError::conflict("name_taken", "Another one has this name already."));
    }
    Ok(())
}
