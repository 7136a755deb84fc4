//! The organization.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::service::organization;

/// The organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its IANA time zone.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
    /// Whether the server can mail its users: invitations, links for a password, alarms.
    pub sends_mail: bool,
    /// Rises with each change; what a change says in `If-Match`.
    pub version: i32,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct OrganizationRequest {
    /// The name.
    pub name: Option<String>,
    /// An IANA time zone.
    pub time_zone: Option<String>,
}

impl Organization {
    /// As it is stored, with what the server can do.
    pub(super) fn new(organization: organization::Organization, sends_mail: bool) -> Self {
        let organization::Organization { id, name, time_zone, version, .. } = organization;
        Self { id: id.0, name, time_zone, sends_mail, version }
    }
}
