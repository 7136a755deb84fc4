//! Users: accounts in the organization.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::Role;
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
    /// Their role.
    pub role: Role,
}

impl From<users::User> for User {
    fn from(user: users::User) -> Self {
        Self { id: user.membership_id.0, name: user.name, email: user.email, role: user.role }
    }
}
