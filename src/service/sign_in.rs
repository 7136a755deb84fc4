//! Signing in: an address and a password become an actor.
//!
//! Guessing is slowed down in three ways: per address and caller, per address, per caller. An
//! unknown address costs the same time as a wrong password and gets the same answer.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;

use super::access::{self, Object};
use super::{Result, ServiceError, Services, passwords, policies};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{AccountId, MembershipId, OrganizationId};
use crate::domain::preferences::Preferences;
use crate::store::accounts::{self, Account};
use crate::store::organizations::{self, Organization};
use crate::store::{events, memberships, person_marks};

/// Attempts in 15 minutes for one address from one caller.
const PER_PAIR: u32 = 10;
/// For one address from anywhere: high, or anybody could lock anybody out.
const PER_ADDRESS: u32 = 100;
/// From one caller for any address: an office shares one.
const PER_CALLER: u32 = 200;

/// Links for a password in 15 minutes to one address: nobody's inbox is filled by others.
const LINKS_PER_ADDRESS: u32 = 3;
/// From one caller for any address.
const LINKS_PER_CALLER: u32 = 30;

/// Everything that the pages need to know of who is signed in.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// The account.
    pub account: Account,
    /// The organization.
    pub organization: Organization,
    /// Who acts.
    pub actor: Actor,
    /// Whether a policy text waits to be read before anything else. Known at the sign-in; of a
    /// session that is under way the browser's session knows.
    pub has_unread: bool,
    /// How they like their pages.
    pub preferences: Preferences,
    /// The newest event's number at this moment: what is read after it knows of it.
    pub last_event: i64,
}

impl SessionView {
    /// The names of what the role allows.
    pub fn permissions(&self) -> impl Iterator<Item = &'static str> {
        Permission::ALL
            .iter()
            .filter(|(permission, _)| self.actor.may(*permission))
            .map(|(_, name)| *name)
    }
}

/// Signs in; `caller` is only counted, never stored.
pub async fn sign_in(
    services: &Services,
    caller: IpAddr,
    email: &str,
    password: SecretString,
) -> Result<SessionView> {
    let store = services.store();
    let blind = accounts::email_blind(&store.keyring().server_key().await?, email);
    let caller = caller.to_string().into_bytes();
    let pair = [blind.as_slice(), caller.as_slice()].concat();
    let counted = [(&pair, PER_PAIR), (&blind, PER_ADDRESS), (&caller, PER_CALLER)];
    for (name, limit) in counted {
        count(services, name, limit)?;
    }
    let account = accounts::find_by_email(store, email)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = passwords::verify(hash, password).await?;
    // Asked for a stranger too, who must not be told by the time that it takes.
    let id = account.as_ref().map_or(AccountId(uuid::Uuid::nil()), |account| account.id);
    let memberships = memberships::list_of_account(store, id).await?;
    let Some(membership) = memberships.first() else {
        return refuse(services, access::SERVER, Object::list(ObjectKind::Membership)).await;
    };
    let (organization_id, membership_id) = (membership.organization_id, membership.id);
    let object = Object::new(ObjectKind::Membership, membership_id.0);
    if !right {
        return refuse(services, organization_id, object).await;
    }
    services.throttle().forget(&pair);
    let mut view = open(services, id, organization_id, membership_id).await?;
    access::record_all(services, &view.actor, &[(Action::SignIn, object)]).await?;
    view.has_unread = policies::has_unread(services, &view.actor).await?;
    Ok(view)
}

/// Nobody has shown who they are: the server itself writes the entry.
async fn refuse<T>(
    services: &Services,
    organization_id: OrganizationId,
    object: Object,
) -> Result<T> {
    let (who, action) = (Who::System, Action::SignInRefused);
    access::record_by(services, organization_id, who, action, object).await?;
    Err(ServiceError::WrongCredentials)
}

/// Signs out; `http` ends the session afterwards.
pub async fn sign_out(services: &Services, actor: &Actor) -> Result<()> {
    let object = Object::new(ObjectKind::Membership, actor.membership_id.0);
    access::record_all(services, actor, &[(Action::SignOut, object)]).await
}

/// Counts an attempt at the password of an account whose session asks.
pub(super) fn attempt_password(services: &Services, account: &Account) -> Result<()> {
    count(services, account.id.0.as_bytes(), PER_PAIR)
}

/// Counts a wish for a link to choose a password by.
pub(super) async fn attempt_link(services: &Services, caller: IpAddr, email: &str) -> Result<()> {
    let key = services.store().keyring().server_key().await?;
    let address = [b"link ".as_slice(), &accounts::email_blind(&key, email)].concat();
    let caller = [b"link ".as_slice(), caller.to_string().as_bytes()].concat();
    count(services, &address, LINKS_PER_ADDRESS)?;
    count(services, &caller, LINKS_PER_CALLER)
}

/// Counts an invitation to an account that was invited before.
pub(super) fn attempt_invitation(services: &Services, id: AccountId) -> Result<()> {
    count(services, &[b"invite ".as_slice(), id.0.as_bytes()].concat(), LINKS_PER_ADDRESS)
}

fn count(services: &Services, name: &[u8], limit: u32) -> Result<()> {
    match services.throttle().attempt(name, limit, services.store().now()) {
        None => Ok(()),
        Some(retry_after) => Err(ServiceError::Throttled { retry_after }),
    }
}

/// What the pages need to know.
pub async fn open(
    services: &Services,
    account_id: AccountId,
    organization_id: OrganizationId,
    membership_id: MembershipId,
) -> Result<SessionView> {
    let actor = find_actor(services, account_id, organization_id, membership_id)
        .await?
        .ok_or(ServiceError::Unauthenticated)?;
    view(services, &actor).await
}

/// What the pages need to know of the actor.
pub async fn view(services: &Services, actor: &Actor) -> Result<SessionView> {
    let store = services.store();
    let account = accounts::find(store, actor.account_id)
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or(ServiceError::Unauthenticated)?;
    let organization = organizations::find(store, actor.organization_id)
        .await?
        .ok_or(ServiceError::Unauthenticated)?;
    let preferences = super::preferences::get(services, actor).await?;
    let last_event = events::newest(store, actor.organization_id).await?;
    let actor = actor.clone();
    Ok(SessionView { account, organization, actor, has_unread: false, preferences, last_event })
}

/// The actor with the rights that they have at this moment; `None` when the
/// membership or the account is shut.
pub async fn find_actor(
    services: &Services,
    account_id: AccountId,
    organization_id: OrganizationId,
    membership_id: MembershipId,
) -> Result<Option<Actor>> {
    let store = services.store();
    let rights = memberships::rights(store, organization_id, membership_id, account_id).await?;
    let Some(rights) = rights else { return Ok(None) };
    let hidden = if rights.has_restrictions {
        person_marks::hidden_from(store, organization_id, membership_id).await?
    } else {
        Vec::new()
    };
    Ok(Some(Actor {
        account_id,
        membership_id,
        organization_id,
        role: rights.role,
        channels: Arc::from(rights.channels),
        hidden: Arc::from(hidden),
    }))
}
