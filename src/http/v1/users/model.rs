//! Users: accounts in the organization.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::ids::ChannelId;
use crate::domain::words::{Role, UserState};
use crate::http::v1::tickets::model::MailboxRef;
use crate::service::users;

/// A user.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// The membership's id: what tickets are assigned to.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The version of their photo, if they have one.
    pub photo: Option<i64>,
    /// Their role.
    pub role: Role,
    /// How they are. Who is disabled is listed for the sake of their name.
    pub state: UserState,
    /// When the link of their invitation ends, while they have not followed it.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// The mailboxes that they belong to, of those that you may see.
    pub mailboxes: Vec<MailboxRef>,
    /// Rises with each change of role, and when they are shut out or let in; what a change says in
    /// `If-Match`.
    pub version: i32,
}

/// Which photo.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PhotoQuery {
    /// Its version: the answer may then be kept for ever.
    #[param(required = false, value_type = i64)]
    pub v: Option<i64>,
}

/// Who is to be invited.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct UserRequest {
    /// The name that colleagues see.
    pub name: String,
    /// The address that the invitation goes to, and that they sign in with.
    pub email: String,
    /// What they may do. Only an owner can invite an owner.
    pub role: Role,
    /// The mailboxes that they belong to from the start.
    #[serde(default)]
    pub mailbox_ids: Vec<Uuid>,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct UserChange {
    /// What they may do.
    pub role: Option<Role>,
    /// True signs them out at once and lets them in no more; false lets them in again.
    pub disabled: Option<bool>,
    /// With `disabled`: their tickets that are open, pending or on hold become nobody's.
    pub unassign_tickets: bool,
}

/// An invitation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// Who was invited.
    pub user: User,
    /// The link to hand over, when the server sends no mail of its own; null when it was mailed.
    /// Whoever opens it first chooses the password.
    pub link: Option<String>,
}

/// How much somebody has to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserTickets {
    /// Tickets that are assigned to them and open, pending or on hold, in all mailboxes.
    pub unfinished: u64,
}

impl From<users::User> for User {
    fn from(user: users::User) -> Self {
        let mailbox = |(id, name): (ChannelId, String)| MailboxRef {
            id: id.0,
            name,
            disconnected: false,
            due_at: None,
        };
        Self {
            id: user.membership_id.0,
            name: user.name,
            email: user.email,
            photo: user.photo,
            role: user.role,
            state: user.state,
            invitation_expires_at: user.invitation_ends,
            mailboxes: user.mailboxes.into_iter().map(mailbox).collect(),
            version: user.version,
        }
    }
}

impl From<users::Invited> for Invitation {
    fn from(invited: users::Invited) -> Self {
        Self { user: invited.user.into(), link: invited.link }
    }
}

impl From<UserRequest> for users::Invitation {
    fn from(request: UserRequest) -> Self {
        Self {
            name: request.name,
            email: request.email,
            role: request.role,
            mailboxes: request.mailbox_ids.into_iter().map(ChannelId).collect(),
        }
    }
}
