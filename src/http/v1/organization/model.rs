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

impl From<organization::Organization> for Organization {
    fn from(organization: organization::Organization) -> Self {
        Self { id: organization.id.0, name: organization.name, time_zone: organization.time_zone }
    }
}
