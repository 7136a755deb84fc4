//! Who is in an organization.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::authz::{Actor, Permission};
use crate::domain::ids::{AccountId, ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{Role, UserState};
use crate::service::password_links::INVITATION_LIFE;
use crate::service::{Result, ServiceError, Services, mailboxes};
use crate::store::accounts::{self, Account};
use crate::store::memberships::{self, Membership};
use crate::store::{channels, mailboxes as stored, photos};

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
    /// The version of their photo, if they have one.
    pub photo: Option<i64>,
    /// Their role.
    pub role: Role,
    /// How they are.
    pub state: UserState,
    /// When the link of an invitation that was not followed ends.
    pub invitation_ends: Option<DateTime<Utc>>,
    /// The mailboxes that they belong to and the reader may see, with their names.
    pub mailboxes: Vec<(ChannelId, String)>,
    /// Rises with each change of role, and when they are shut out or let in.
    pub version: i32,
}

impl User {
    fn new(member: &Membership, account: Account) -> Self {
        let state = if member.disabled_at.or(account.disabled_at).is_some() {
            UserState::Disabled
        } else if account.password_hash.is_none() {
            UserState::Invited
        } else {
            UserState::Active
        };
        let invited_at = member.invited_at.filter(|_| state == UserState::Invited);
        Self {
            membership_id: member.id,
            account_id: member.account_id,
            name: account.name,
            email: account.email,
            photo: None,
            role: member.role,
            state,
            invitation_ends: invited_at.map(|at| at + INVITATION_LIFE),
            mailboxes: Vec::new(),
            version: member.version,
        }
    }
}

/// The users of the actor's organization, oldest first; those who are disabled as well.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<User>> {
    services.scope(actor, Permission::ListUsers)?;
    let store = services.store();
    let members = memberships::list_all(store, actor.organization_id).await?;
    let mut users = open(services, members).await?;
    let names: HashMap<ChannelId, String> = stored::list(store, actor.organization_id)
        .await?
        .into_iter()
        .filter(|mailbox| mailboxes::sees(actor, mailbox.channel_id))
        .map(|mailbox| (mailbox.channel_id, mailbox.display_name))
        .collect();
    let mut of: HashMap<MembershipId, Vec<(ChannelId, String)>> = HashMap::new();
    for (channel, member) in channels::list_all_members(store, actor.organization_id).await? {
        if let Some(name) = names.get(&channel) {
            of.entry(member).or_default().push((channel, name.clone()));
        }
    }
    let accounts: Vec<AccountId> = users.iter().map(|user| user.account_id).collect();
    let photos = photos::versions(store, &accounts).await?;
    for user in &mut users {
        user.photo = photos.get(&user.account_id).copied();
        user.mailboxes = of.remove(&user.membership_id).unwrap_or_default();
        user.mailboxes.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
    }
    Ok(users)
}

/// One user of the actor's organization.
pub async fn get(services: &Services, actor: &Actor, id: MembershipId) -> Result<User> {
    let users = list(services, actor).await?;
    users.into_iter().find(|user| user.membership_id == id).ok_or(ServiceError::NotFound)
}

/// The users of an organization who are not disabled, oldest first, without their mailboxes: for
/// the server itself.
pub async fn list_of(services: &Services, organization_id: OrganizationId) -> Result<Vec<User>> {
    open(services, memberships::list(services.store(), organization_id).await?).await
}

async fn open(services: &Services, members: Vec<Membership>) -> Result<Vec<User>> {
    let ids: Vec<AccountId> = members.iter().map(|member| member.account_id).collect();
    let mut accounts: HashMap<AccountId, Account> = accounts::list(services.store(), &ids)
        .await?
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    Ok(members
        .iter()
        .filter_map(|member| Some(User::new(member, accounts.remove(&member.account_id)?)))
        .collect())
}
