//! Users: accounts and their memberships.
//!
//! - [`create`], with a password, for the operator and for the first owner.
//! - [`invite`], without one: whoever is invited chooses it by a link (`service/password_links.rs`).
//! - [`list`], with how each is and what they belong to.
//! - [`change`]: role, disabled or not. Owners are made and unmade by owners, never the last one,
//!   and nobody changes themselves.

use secrecy::SecretString;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, passwords};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::Actor;
use crate::crypto::OpenKey;
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::domain::words::{EventKind, Role};
use crate::store::accounts::{self, Account};
use crate::store::events::NewEvent;
use crate::store::memberships::{self, Membership};
use crate::store::{Store, StoreError, Tx};

mod change;
mod invite;
mod list;

pub use change::{UserChange, count_tickets, update};
pub use invite::{Invitation, Invited, invite, invite_again, invite_for};
pub use list::{User, get, list, list_of};

/// A user to be made.
#[derive(Debug)]
pub struct NewUser {
    /// The name that colleagues see.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Their password.
    pub password: SecretString,
}

/// A user that was checked, with everything that must be done outside a transaction.
#[derive(Debug)]
pub(super) struct Prepared {
    server_key: OpenKey,
    account: Account,
    membership_id: MembershipId,
    role: Role,
    invited: bool,
}

/// Checks a user of an organization, or of one to be made, and hashes the password.
pub(super) async fn prepare(
    services: &Services,
    organization_id: Option<OrganizationId>,
    new: NewUser,
) -> Result<Prepared> {
    let store = services.store();
    let name = check_name("name", &new.name)?;
    let email = check_email("email", &new.email)?;
    let server_key = store.keyring().server_key().await?;
    let membership_id = MembershipId(store.new_id());
    refuse_taken(store, organization_id, &email).await?;
    passwords::check("password", &new.password)?;
    let hash = passwords::hash(services, new.password).await?;
    let account = new_account(services, name, email, "en", Some(hash));
    Ok(Prepared { server_key, account, membership_id, role: new.role, invited: false })
}

/// Writes to the audit log that the operator makes the user: at the command line, or with the
/// token that the console showed.
pub(super) async fn record_made(
    services: &Services,
    organization_id: OrganizationId,
    user: &Prepared,
) -> Result<()> {
    let made = Object::new(ObjectKind::Membership, user.membership_id.0);
    access::record_by(services, organization_id, Who::Cli, Action::ChangeMembership, made).await
}

/// Adds the user to the organization.
pub(super) async fn add(
    tx: &Tx,
    services: &Services,
    organization_id: OrganizationId,
    user: &Prepared,
) -> Result<(AccountId, MembershipId)> {
    let store = services.store();
    accounts::add(tx, &user.server_key, &user.account).await.map_err(taken)?;
    let membership = Membership {
        organization_id,
        id: user.membership_id,
        account_id: user.account.id,
        role: user.role,
        created_at: store.now(),
        invited_at: user.invited.then(|| store.now()),
        disabled_at: None,
        version: 1,
    };
    memberships::add(tx, &membership).await.map_err(taken)?;
    tell(tx, organization_id, membership.id);
    Ok((user.account.id, membership.id))
}

fn taken(error: StoreError) -> ServiceError {
    match error {
        StoreError::Duplicate(_) => user_exists(),
        other => other.into(),
    }
}

/// Until a sign-in can choose between organizations, a second one could never be reached.
async fn refuse_taken(
    store: &Store,
    organization_id: Option<OrganizationId>,
    email: &str,
) -> Result<()> {
    let Some(account) = accounts::find_by_email(store, email).await? else { return Ok(()) };
    let Some(organization_id) = organization_id else { return Err(address_elsewhere()) };
    match memberships::find_of_account(store, organization_id, account.id).await? {
        None => Err(address_elsewhere()),
        Some(member) if member.disabled_at.is_some() => Err(ServiceError::conflict(
            "user_disabled",
            "A user with this address is disabled. Enable them again instead.",
        )),
        Some(_) => Err(user_exists()),
    }
}

fn user_exists() -> ServiceError {
    ServiceError::conflict("user_exists", "There is a user with this address already.")
}

fn address_elsewhere() -> ServiceError {
    ServiceError::conflict(
        "address_elsewhere",
        "This address signs in to another organization on this server, and an address signs in \
         to one. Take another address of theirs.",
    )
}

/// Owners are made, changed and disabled by owners.
fn owners_only(actor: &Actor, role: Role) -> Result<()> {
    if role == Role::Owner && actor.role != Role::Owner {
        return Err(ServiceError::conflict(
            "owner_needed",
            "Only an owner can invite, change or disable an owner. Ask one.",
        ));
    }
    Ok(())
}

/// Makes a user. For the operator at the command line.
pub async fn create(
    services: &Services,
    organization_id: OrganizationId,
    new: NewUser,
) -> Result<MembershipId> {
    let user = prepare(services, Some(organization_id), new).await?;
    record_made(services, organization_id, &user).await?;
    let tx = services.store().begin().await?;
    let (_, membership_id) = add(&tx, services, organization_id, &user).await?;
    tx.commit().await?;
    Ok(membership_id)
}

fn new_account(
    services: &Services,
    name: String,
    email: String,
    locale: &str,
    password_hash: Option<SecretString>,
) -> Account {
    let store = services.store();
    Account {
        id: AccountId(store.new_id()),
        email,
        name,
        password_hash,
        locale: locale.to_owned(),
        theme: "system".to_owned(),
        time_zone: None,
        created_at: store.now(),
        disabled_at: None,
    }
}

/// Whoever lists users is told of this one.
fn tell(tx: &Tx, organization_id: OrganizationId, id: MembershipId) {
    let data = serde_json::json!({ "id": id });
    tx.event(NewEvent::about(organization_id, EventKind::UserChanged, data));
}

/// A name of 1 to 100 characters without control characters.
pub(super) fn check_name(field: &'static str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid(field, "give a name of 1 to 100 characters"));
    }
    Ok(name.to_owned())
}

/// An address that mail can be sent to.
pub(super) fn check_email(field: &'static str, email: &str) -> Result<String> {
    let email = email.trim();
    let right = email.len() <= 254
        && !email.chars().any(|c| c.is_control() || c.is_whitespace())
        && email.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.starts_with('.')
        });
    if right {
        Ok(email.to_owned())
    } else {
        Err(ServiceError::invalid(field, "give an address, such as name@example.com"))
    }
}
