//! An incident: whose mail was reached in a window of time, ready for a notice to the authority.
//!
//! 1. [`package`] (an owner or admin) and [`package_for`] (the operator) write into the audit log
//!    that they read it, and walk the whole log ([`gather`]): it is verified from its first entry,
//!    and what is of the window is counted by who, how and what.
//! 2. [`complete`] adds what the ids of the log stand for: numbers, mailboxes, contacts.
//! 3. [`text`] says it to people.
//! 4. [`tell`]: the operator's message to the admins of the organizations that are affected.
//!
//! The log is read in pages, and no more than [`gather::MOST`] lines are kept in memory: a package
//! that is not complete says so.
//!
//! To extend: a further audited read gets its word in [`gather::how`].

use chrono::{DateTime, Utc};

use super::access::{self, Object};
use super::{Result, ServiceError, Services};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MembershipId};
use crate::domain::incident::IncidentPackage;
use crate::store::organizations::Organization;
use crate::store::{accounts, mailboxes, memberships, organizations};

mod complete;
mod gather;
pub mod tell;
pub mod text;

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// From then on.
    pub from: DateTime<Utc>,
    /// Until before then.
    pub to: DateTime<Utc>,
    /// Only what this user did.
    pub user: Option<MembershipId>,
    /// Only what was done to this mailbox.
    pub mailbox: Option<ChannelId>,
    /// When the incident became known; now, unless it is said.
    pub aware_at: Option<DateTime<Utc>>,
}

/// The package, for owners and admins.
pub async fn package(
    services: &Services,
    actor: &Actor,
    window: Window,
) -> Result<IncidentPackage> {
    services.scope(actor, Permission::ManageOrganization)?;
    check(window)?;
    let organization = super::organization::get(services, actor).await?;
    let object = Object::new(ObjectKind::Organization, organization.id.0);
    access::record_all(services, actor, &[(Action::ReadIncident, object)]).await?;
    make(services, &organization, window).await
}

/// The package, for the operator.
pub async fn package_for(
    services: &Services,
    organization: &Organization,
    window: Window,
) -> Result<IncidentPackage> {
    check(window)?;
    let object = Object::new(ObjectKind::Organization, organization.id.0);
    access::record_by(services, organization.id, Who::Cli, Action::ReadIncident, object).await?;
    make(services, organization, window).await
}

async fn make(
    services: &Services,
    organization: &Organization,
    window: Window,
) -> Result<IncidentPackage> {
    let gathered = gather::gather(services, organization.id, window).await?;
    complete::complete(services, organization, window, gathered).await
}

fn check(window: Window) -> Result<()> {
    if window.from >= window.to {
        return Err(ServiceError::invalid("to", "the end must be later than the beginning"));
    }
    Ok(())
}

/// Whom and what the operator means, in one organization. `None` when it has no such user or no
/// such mailbox.
pub async fn window_in(
    services: &Services,
    organization: &Organization,
    window: Window,
    user: Option<&str>,
    mailbox: Option<&str>,
) -> Result<Option<Window>> {
    let (store, id) = (services.store(), organization.id);
    let mut window = window;
    if let Some(email) = user {
        let Some(account) = accounts::find_by_email(store, email).await? else { return Ok(None) };
        let member = memberships::find_of_account(store, id, account.id).await?;
        let Some(member) = member else { return Ok(None) };
        window.user = Some(member.id);
    }
    if let Some(address) = mailbox {
        let mut all = mailboxes::list(store, id).await?;
        all.extend(mailboxes::list_disconnected(store, id).await?);
        let found = all.iter().find(|one| one.address.eq_ignore_ascii_case(address.trim()));
        let Some(found) = found else { return Ok(None) };
        window.mailbox = Some(found.channel_id);
    }
    Ok(Some(window))
}

/// The organization called so, or all of them.
pub async fn organizations(services: &Services, wanted: Option<&str>) -> Result<Vec<Organization>> {
    match wanted {
        Some(_) => Ok(vec![super::operator::find_organization(services, wanted).await?]),
        None => Ok(organizations::list(services.store()).await?),
    }
}
