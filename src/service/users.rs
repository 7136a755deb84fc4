//! Users: accounts and their memberships.

use std::collections::HashMap;

use secrecy::SecretString;

use super::access::{self, Object};
use super::post::{self, Kind};
use super::{Result, ServiceError, Services, passwords};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::crypto::OpenKey;
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::domain::words::Role;
use crate::store::accounts::{self, Account};
use crate::store::memberships::{self, Membership};
use crate::store::{StoreError, Tx};

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

/// A user as colleagues see them.
#[derive(Debug, Clone)]
pub struct User {
    /// The account in the organization.
    pub membership_id: MembershipId,
    /// The sign-in.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
}

/// A user that was checked, with everything that must be done outside a transaction.
#[derive(Debug)]
pub(super) struct Prepared {
    server_key: OpenKey,
    account: Account,
    membership_id: MembershipId,
    role: Role,
}

/// Checks a user and hashes the password.
pub(super) async fn prepare(services: &Services, new: NewUser) -> Result<Prepared> {
    let store = services.store();
    let name = check_name("name", &new.name)?;
    let email = check_email("email", &new.email)?;
    let server_key = store.keyring().server_key().await?;
    let membership_id = MembershipId(store.new_id());
    // Until a sign-in can choose between organizations, a second one could never be reached.
    if accounts::find_by_email(store, &email).await?.is_some() {
        return Err(user_exists());
    }
    passwords::check("password", &new.password)?;
    let hash = passwords::hash(services, new.password).await?;
    let account = new_account(services, name, email, Some(hash));
    Ok(Prepared { server_key, account, membership_id, role: new.role })
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
        disabled_at: None,
    };
    memberships::add(tx, &membership).await.map_err(taken)?;
    Ok((user.account.id, membership.id))
}

fn taken(error: StoreError) -> ServiceError {
    match error {
        StoreError::Duplicate(_) => user_exists(),
        other => other.into(),
    }
}

fn user_exists() -> ServiceError {
    ServiceError::conflict(
        "user_exists",
        "There is a user with this address already, here or in another organization, and an \
         address signs in to one. Take another address.",
    )
}

/// Makes a user. For the operator at the command line.
pub async fn create(
    services: &Services,
    organization_id: OrganizationId,
    new: NewUser,
) -> Result<MembershipId> {
    let user = prepare(services, new).await?;
    record_made(services, organization_id, &user).await?;
    let tx = services.store().begin().await?;
    let (_, membership_id) = add(&tx, services, organization_id, &user).await?;
    tx.commit().await?;
    Ok(membership_id)
}

/// Makes a user who chooses a password by a link that is mailed to them. For the operator at the
/// command line.
pub async fn invite(
    services: &Services,
    organization_id: OrganizationId,
    name: &str,
    email: &str,
    role: Role,
) -> Result<MembershipId> {
    let store = services.store();
    let name = check_name("name", name)?;
    let email = check_email("email", email)?;
    if !post::is_ready(services).await? {
        return Err(ServiceError::conflict(
            "no_own_mail",
            "Loket cannot send mail of its own: set smtp.host or smtp.mailbox first.",
        ));
    }
    let server_key = store.keyring().server_key().await?;
    if accounts::find_by_email(store, &email).await?.is_some() {
        return Err(user_exists());
    }
    let account = new_account(services, name, email, None);
    let membership_id = MembershipId(store.new_id());
    let user = Prepared { server_key, account, membership_id, role };
    record_made(services, organization_id, &user).await?;
    let tx = store.begin().await?;
    let (account_id, membership_id) = add(&tx, services, organization_id, &user).await?;
    post::enqueue(&tx, None, Kind::Invitation, account_id).await?;
    tx.commit().await?;
    Ok(membership_id)
}

fn new_account(
    services: &Services,
    name: String,
    email: String,
    password_hash: Option<SecretString>,
) -> Account {
    let store = services.store();
    Account {
        id: AccountId(store.new_id()),
        email,
        name,
        password_hash,
        locale: "en".to_owned(),
        theme: "system".to_owned(),
        created_at: store.now(),
        disabled_at: None,
    }
}

/// The users of the actor's organization, oldest first.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<User>> {
    services.scope(actor, Permission::ListUsers)?;
    list_of(services, actor.organization_id).await
}

/// The users of an organization, oldest first: for the server itself.
pub async fn list_of(services: &Services, organization_id: OrganizationId) -> Result<Vec<User>> {
    let store = services.store();
    let members = memberships::list(store, organization_id).await?;
    let ids: Vec<AccountId> = members.iter().map(|member| member.account_id).collect();
    let mut accounts: HashMap<AccountId, Account> = accounts::list(store, &ids)
        .await?
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    Ok(members
        .into_iter()
        .filter_map(|member| {
            let account = accounts.remove(&member.account_id)?;
            Some(User {
                membership_id: member.id,
                account_id: member.account_id,
                name: account.name,
                email: account.email,
                role: member.role,
            })
        })
        .collect())
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
