//! Who may do what: the actor, the permission table, and one decision function.
//!
//! A permission says what kind of act; the channels of the actor say on what. A new act gets a
//! [`Permission`] and a place in [`allows`]; the compiler asks for it in each role.

use std::sync::Arc;

use crate::domain::ids::{AccountId, ChannelId, ContactId, MembershipId, OrganizationId};
use crate::domain::words::Role;

/// Who acts: a member of an organization, and the channels that they belong to.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The sign-in.
    pub account_id: AccountId,
    /// The account in this organization.
    pub membership_id: MembershipId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// What they are there.
    pub role: Role,
    /// The channels that they belong to. Being an admin opens no mail.
    pub channels: Arc<[ChannelId]>,
    /// Customers whose data is restricted, and who named others to read it.
    pub hidden: Arc<[ContactId]>,
}

/// A kind of act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read tickets of one's channels.
    ReadTickets,
    /// Answer, note, assign, close.
    WorkOnTickets,
    /// Delete tickets for good.
    DeleteTickets,
    /// Make and change tags.
    ManageTags,
    /// See who is in the organization.
    ListUsers,
    /// Invite and change users.
    ManageUsers,
    /// Make teams; say who belongs to them.
    ManageTeams,
    /// See mailboxes and how they are.
    ListMailboxes,
    /// Connect, change, pause mailboxes; say who belongs to them.
    ManageMailboxes,
    /// Read and retry what could not be processed.
    ManageQuarantine,
    /// Name, time zone, OAuth clients.
    ManageOrganization,
    /// Place and end legal holds.
    ManageHolds,
    /// Handle what people ask about their data.
    ManageRequests,
    /// Read the audit log.
    ReadAudit,
}

impl Permission {
    /// Every permission with its name in the API.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::ReadTickets, "tickets.read"),
        (Self::WorkOnTickets, "tickets.work"),
        (Self::DeleteTickets, "tickets.delete"),
        (Self::ManageTags, "tags.manage"),
        (Self::ListUsers, "users.list"),
        (Self::ManageUsers, "users.manage"),
        (Self::ManageTeams, "teams.manage"),
        (Self::ListMailboxes, "mailboxes.list"),
        (Self::ManageMailboxes, "mailboxes.manage"),
        (Self::ManageQuarantine, "quarantine.manage"),
        (Self::ManageOrganization, "organization.manage"),
        (Self::ManageHolds, "holds.manage"),
        (Self::ManageRequests, "requests.manage"),
        (Self::ReadAudit, "audit.read"),
    ];
}

/// The decision: whether a role allows a kind of act.
#[must_use]
pub fn allows(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Owner | Role::Admin => true,
        Role::Agent => matches!(
            permission,
            P::ReadTickets | P::WorkOnTickets | P::ListUsers | P::ListMailboxes
        ),
        Role::Auditor => matches!(permission, P::ListUsers | P::ListMailboxes | P::ReadAudit),
    }
}

impl Actor {
    /// Whether the actor may do this kind of act at all.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        allows(self.role, permission)
    }

    /// Whether the actor belongs to the channel.
    #[must_use]
    pub fn reaches(&self, channel: ChannelId) -> bool {
        self.channels.contains(&channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_no_mail() {
        assert!(!allows(Role::Auditor, Permission::ReadTickets));
        assert!(allows(Role::Auditor, Permission::ReadAudit));
    }

    #[test]
    fn an_agent_manages_nothing() {
        for (permission, name) in Permission::ALL {
            if name.ends_with(".manage") {
                assert!(!allows(Role::Agent, *permission), "{name}");
            }
        }
    }
}
