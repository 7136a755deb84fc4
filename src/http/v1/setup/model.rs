//! The first start.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the server waits for its first organization.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SetupStatus {
    /// There is no organization yet.
    pub needed: bool,
}

/// The first organization and its owner.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SetupRequest {
    /// The one-time token that the server printed when it started.
    #[schema(value_type = String)]
    pub token: SecretString,
    /// The name of the organization.
    pub organization_name: String,
    /// Its IANA time zone.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's address, to sign in with.
    pub owner_email: String,
    /// The owner's password: 10 characters or more.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}
