//! Inviting: a user is made who chooses a password by a link. Loket mails it; where Loket sends no
//! mail of its own, whoever invites is given the link, to hand it over by themselves.

use super::{
    Prepared, User, add, check_email, check_name, get, new_account, owners_only, refuse_taken, tell,
};
use crate::audit::{Action, Actor as Who, ObjectKind};
use crate::authz::{Actor, Permission};
use crate::domain::ids::{ChannelId, MembershipId, OrganizationId};
use crate::domain::words::{EventKind, Role, UserState};
use crate::service::access::{self, Object};
use crate::service::post::{self, Kind};
use crate::service::{Result, ServiceError, Services, password_links, sign_in};
use crate::store::events::NewEvent;
use crate::store::versions::{self, Versioned};
use crate::store::{accounts, channels, mailboxes, memberships};

/// Who is to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The name that colleagues see.
    pub name: String,
    /// The address that is written to, and to sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The mailboxes that they belong to from the start.
    pub mailboxes: Vec<ChannelId>,
}

/// Who was invited.
#[derive(Debug)]
pub struct Invited {
    /// The user.
    pub user: User,
    /// The link, when Loket sends no mail of its own. Whoever has it can sign in as the user.
    pub link: Option<String>,
}

/// Invites somebody.
pub async fn invite(services: &Services, actor: &Actor, new: Invitation) -> Result<Invited> {
    services.scope(actor, Permission::ManageUsers)?;
    owners_only(actor, new.role)?;
    let store = services.store();
    let organization_id = actor.organization_id;
    let mut channels = new.mailboxes;
    channels.sort_unstable();
    channels.dedup();
    for id in &channels {
        if mailboxes::find(store, organization_id, *id).await?.is_none() {
            return Err(ServiceError::invalid("mailbox_ids", "there is no such mailbox"));
        }
    }
    // Whoever invites them speaks their language, until they choose one themselves.
    let inviter = accounts::find(store, actor.account_id).await?;
    let locale = inviter.map_or_else(|| "en".to_owned(), |account| account.locale);
    let (name, email) = (new.name.as_str(), new.email.as_str());
    let user = prepare(services, organization_id, name, email, new.role, &locale).await?;
    let mails = post::is_ready(services).await?;
    let made = Object::new(ObjectKind::Membership, user.membership_id.0);
    let joined = channels
        .iter()
        .map(|id| (Action::ChangeMembers, Object::of(*id, ObjectKind::Channel, id.0)));
    let entries: Vec<_> = std::iter::once((Action::Invite, made)).chain(joined).collect();
    access::record_all(services, actor, &entries).await?;
    let tx = store.begin().await?;
    let (account_id, id) = add(&tx, services, organization_id, &user).await?;
    channels::join(&tx, organization_id, id, &channels).await?;
    for channel in channels {
        versions::touch(&tx, organization_id, Versioned::Mailbox(channel)).await?;
        let changed = NewEvent::channel(organization_id, EventKind::MailboxChanged, channel);
        tx.event(changed.by(Some(actor.membership_id)));
    }
    if mails {
        post::enqueue(&tx, None, Kind::Invitation, account_id).await?;
    }
    tx.commit().await?;
    invited(services, actor, id, mails).await
}

/// Invites somebody again who has not followed the first invitation.
pub async fn invite_again(services: &Services, actor: &Actor, id: MembershipId) -> Result<Invited> {
    services.scope(actor, Permission::ManageUsers)?;
    let user = get(services, actor, id).await?;
    owners_only(actor, user.role)?;
    if user.state != UserState::Invited {
        return Err(ServiceError::conflict(
            "not_invited",
            "There is no invitation to send again: this user has chosen a password, or is \
             disabled.",
        ));
    }
    sign_in::attempt_invitation(services, user.account_id)?;
    let store = services.store();
    let mails = post::is_ready(services).await?;
    let object = Object::new(ObjectKind::Membership, id.0);
    access::record_all(services, actor, &[(Action::Invite, object)]).await?;
    let tx = store.begin().await?;
    let members = memberships::lock_all(&tx, actor.organization_id).await?;
    let member = members.into_iter().find(|member| member.id == id);
    let mut member = member.ok_or(ServiceError::NotFound)?;
    member.invited_at = Some(store.now());
    memberships::update(&tx, &member).await?;
    tell(&tx, actor.organization_id, id);
    if mails {
        post::enqueue(&tx, None, Kind::Invitation, member.account_id).await?;
    }
    tx.commit().await?;
    invited(services, actor, id, mails).await
}

async fn invited(
    services: &Services,
    actor: &Actor,
    id: MembershipId,
    mails: bool,
) -> Result<Invited> {
    let user = get(services, actor, id).await?;
    let link = match user.invitation_ends {
        Some(ends) if !mails => {
            Some(password_links::invitation_link(services, user.account_id, ends).await?)
        }
        _ => None,
    };
    Ok(Invited { user, link })
}

/// Invites somebody by mail. For the operator at the command line.
pub async fn invite_for(
    services: &Services,
    organization_id: OrganizationId,
    name: &str,
    email: &str,
    role: Role,
) -> Result<MembershipId> {
    let user = prepare(services, organization_id, name, email, role, "en").await?;
    if !post::is_ready(services).await? {
        return Err(ServiceError::conflict(
            "no_own_mail",
            "Loket cannot send mail of its own: set smtp.host or smtp.mailbox first.",
        ));
    }
    let made = Object::new(ObjectKind::Membership, user.membership_id.0);
    access::record_by(services, organization_id, Who::Cli, Action::Invite, made).await?;
    let tx = services.store().begin().await?;
    let (account_id, membership_id) = add(&tx, services, organization_id, &user).await?;
    post::enqueue(&tx, None, Kind::Invitation, account_id).await?;
    tx.commit().await?;
    Ok(membership_id)
}

async fn prepare(
    services: &Services,
    organization_id: OrganizationId,
    name: &str,
    email: &str,
    role: Role,
    locale: &str,
) -> Result<Prepared> {
    let store = services.store();
    let name = check_name("name", name)?;
    let email = check_email("email", email)?;
    refuse_taken(store, Some(organization_id), &email).await?;
    let server_key = store.keyring().server_key().await?;
    let account = new_account(services, name, email, locale, None);
    let membership_id = MembershipId(store.new_id());
    Ok(Prepared { server_key, account, membership_id, role, invited: true })
}
