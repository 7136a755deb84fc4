//! The page of a request as the browser sees it.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::words::RequestKind;
use crate::service::data_requests::link::Page;

/// Whoever has the link.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestLinkRequest {
    /// What stands behind the `#` of the link.
    #[schema(value_type = String, format = Password)]
    pub token: SecretString,
}

/// Whoever has the link and the code.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LinkCodeRequest {
    /// What stands behind the `#` of the link.
    #[schema(value_type = String, format = Password)]
    pub token: SecretString,
    /// The code that was mailed.
    pub code: String,
}

/// What opens the file, for ten minutes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParcelPass {
    /// To be put into the address of the download.
    pub pass: String,
}

/// What opens the file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PassQuery {
    /// What was answered to the code.
    pub pass: String,
}

/// What the page shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestLink {
    /// Who answers for the data.
    pub organization: String,
    /// What was asked.
    pub kind: RequestKind,
    /// The language to speak.
    pub language: String,
    /// Whether the person has shown who they are.
    pub is_identified: bool,
    /// Until when their file can be fetched, if there is one.
    pub parcel_until: Option<DateTime<Utc>>,
}

impl From<Page> for RequestLink {
    fn from(page: Page) -> Self {
        Self {
            organization: page.organization,
            kind: page.kind,
            language: page.language,
            is_identified: page.is_identified,
            parcel_until: page.parcel_until,
        }
    }
}
