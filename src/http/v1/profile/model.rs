//! One's own account.

use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::v1::session::model::{Locale, Theme};

/// What to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProfileRequest {
    /// The name that colleagues see.
    pub name: Option<String>,
    /// The language of the pages.
    pub locale: Option<Locale>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// The present password: needed to set another.
    #[schema(value_type = Option<String>, format = Password)]
    pub current_password: Option<SecretString>,
    /// The new password. Signs out all other browsers.
    #[schema(value_type = Option<String>, format = Password)]
    pub new_password: Option<SecretString>,
}
