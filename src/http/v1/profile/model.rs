//! One's own account.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::device::{BrowserKind, Device, SystemKind};
use crate::http::session::{DEVICE, SEEN, SINCE};
use crate::http::v1::session::model::{Locale, Theme};
use crate::service::sessions::OwnSession as Stored;

/// What to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ProfileRequest {
    /// The name that colleagues see.
    pub name: Option<String>,
    /// The language of the pages.
    pub locale: Option<Locale>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// The IANA time zone that times are shown in; empty: that of the browser.
    pub time_zone: Option<String>,
    /// The present password: needed to set another.
    #[schema(value_type = Option<String>, format = Password)]
    pub current_password: Option<SecretString>,
    /// The new password. Signs out all other browsers.
    #[schema(value_type = Option<String>, format = Password)]
    pub new_password: Option<SecretString>,
}

/// A photo.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Photo {
    /// What tells it from the one before.
    pub version: i64,
}

/// A browser in which one is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnSession {
    /// Its id.
    pub id: Uuid,
    /// The browser.
    pub browser: BrowserKind,
    /// What it runs on.
    pub system: SystemKind,
    /// When it signed in; null of a session from before that was kept.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl From<Stored> for OwnSession {
    fn from(stored: Stored) -> Self {
        let kept: Map<String, Value> = serde_json::from_slice(&stored.data).unwrap_or_default();
        let at = |name| DateTime::from_timestamp(kept.get(name)?.as_i64()?, 0);
        let device = kept.get(DEVICE).and_then(|it| Device::deserialize(it).ok());
        let Device { browser, system } = device.unwrap_or_default();
        Self {
            id: stored.id,
            browser,
            system,
            signed_in_at: at(SINCE),
            last_used_at: at(SEEN),
            current: stored.is_current,
        }
    }
}
