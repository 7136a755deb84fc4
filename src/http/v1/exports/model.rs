//! Exports as the browser sees them.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::ParcelState;
use crate::service::parcels::mailbox::ParcelView;

/// An export.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Export {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub state: ParcelState,
    /// How many tickets are written.
    pub done: i64,
    /// Of how many.
    pub total: i64,
    /// Bytes, once it is ready.
    pub size: u64,
    /// Why it could not be made (`failed`), or is there no more (`lost`).
    pub error: Option<String>,
    /// Who made it.
    pub made_by: Option<String>,
    /// Whether it is one's own: only then it can be downloaded and removed.
    pub is_own: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was ready.
    pub ready_at: Option<DateTime<Utc>>,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
    /// How often it was downloaded.
    pub downloads: i64,
    /// When last.
    pub downloaded_at: Option<DateTime<Utc>>,
}

impl From<ParcelView> for Export {
    fn from(view: ParcelView) -> Self {
        let parcel = view.parcel;
        Self {
            id: parcel.id.0,
            state: parcel.state,
            done: parcel.done,
            total: parcel.total,
            size: parcel.size,
            error: parcel.error_code,
            made_by: view.made_by,
            is_own: view.is_own,
            created_at: parcel.created_at,
            ready_at: parcel.ready_at,
            expires_at: parcel.expires_at,
            downloads: parcel.downloads,
            downloaded_at: parcel.downloaded_at,
        }
    }
}

/// What it takes to export.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ExportRequest {
    /// One's own password.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}
