//! One's own settings as the browser sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::desk::NoticeSwitch;
use crate::service::own_settings::MemberSettings;

/// What one has set for oneself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnSettings {
    /// What stands under one's answers, above the mailbox's signature.
    pub signature: Option<String>,
    /// Of what one is not told, and how.
    pub switched_off: Vec<NoticeSwitch>,
}

/// What one sets for oneself.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct OwnSettingsRequest {
    /// What stands under one's answers, above the mailbox's signature.
    pub signature: Option<String>,
    /// Of what one is not told, and how.
    pub switched_off: Vec<NoticeSwitch>,
}

impl From<MemberSettings> for OwnSettings {
    fn from(settings: MemberSettings) -> Self {
        let MemberSettings { signature, switched_off } = settings;
        Self { signature, switched_off }
    }
}

impl From<OwnSettingsRequest> for MemberSettings {
    fn from(request: OwnSettingsRequest) -> Self {
        let OwnSettingsRequest { signature, switched_off } = request;
        Self { signature, switched_off }
    }
}
