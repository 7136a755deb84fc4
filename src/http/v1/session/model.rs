//! What a session looks like to the browser.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::preferences::Preferences;
use crate::domain::words::Role;
use crate::service::accounts::Account as StoredAccount;
use crate::service::sign_in::SessionView;

/// Who is signed in, where, and what they may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// The sign-in.
    pub account: Account,
    /// The organization.
    pub organization: SessionOrganization,
    /// The account in the organization.
    pub membership: SessionMembership,
    /// What the role allows, such as `tickets.work`.
    pub permissions: Vec<String>,
    /// Whether a policy text waits to be read before anything else.
    pub policies_unread: bool,
    /// How they like their pages.
    pub preferences: Preferences,
    /// The newest event at this moment. A stream that goes on after it (`Last-Event-ID`) tells all that
    /// what is read from now on may not know.
    pub last_event_id: i64,
}

/// A sign-in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The name that colleagues see.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The language of the pages.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
    /// The IANA time zone that times are shown in; null: that of the browser.
    pub time_zone: Option<String>,
}

/// The organization of a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionOrganization {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// An IANA time zone.
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
}

/// The account in the organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionMembership {
    /// Its id: what tickets are assigned to.
    pub id: Uuid,
    /// Its role.
    pub role: Role,
}

/// An address and a password.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SignInRequest {
    /// The address of the account.
    pub email: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    pub password: secrecy::SecretString,
}

/// The language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    En,
    /// Dutch.
    Nl,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl From<SessionView> for Session {
    fn from(view: SessionView) -> Self {
        Self {
            permissions: view.permissions().map(str::to_owned).collect(),
            policies_unread: view.has_unread,
            preferences: view.preferences,
            last_event_id: view.last_event,
            organization: SessionOrganization {
                id: view.organization.id.0,
                name: view.organization.name,
                time_zone: view.organization.time_zone,
            },
            membership: SessionMembership { id: view.actor.membership_id.0, role: view.actor.role },
            account: view.account.into(),
        }
    }
}

impl From<StoredAccount> for Account {
    fn from(account: StoredAccount) -> Self {
        Self {
            id: account.id.0,
            locale: Locale::of(&account.locale),
            theme: Theme::of(&account.theme),
            time_zone: account.time_zone,
            name: account.name,
            email: account.email,
        }
    }
}

impl Locale {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }

    fn of(word: &str) -> Self {
        if word == "nl" { Self::Nl } else { Self::En }
    }
}

impl Theme {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}
