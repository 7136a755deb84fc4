//! Links for passwords as the browser sees them.

use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// Who has forgotten their password.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PasswordLinkRequest {
    /// The address to sign in with.
    pub email: String,
}

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PasswordRequest {
    /// What stands behind the `#` of the link.
    #[schema(value_type = String, format = Password)]
    pub token: SecretString,
    /// The new password.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}
