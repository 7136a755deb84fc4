//! Closing as the browser sees it.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::ClosingState;
use crate::http::v1::purges::model::DeletionCounts;
use crate::service::closing::{Preview, View};

/// Whether the organization is being closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosingStatus {
    /// How; null when it is not.
    pub closing: Option<Closing>,
}

/// The closing of the organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Closing {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub state: ClosingState,
    /// The owner who asked.
    pub asked_by: Option<String>,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When they confirmed it by their mail.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Whether one has confirmed it oneself, or need not.
    pub is_confirmed_by_me: bool,
    /// Whether a second owner has to confirm it, and has not.
    pub needs_second: bool,
    /// When the export was ready.
    pub exported_at: Option<DateTime<Utc>>,
    /// Until when it can be taken back, once the window has begun.
    pub due_at: Option<DateTime<Utc>>,
    /// Why it waits although the window has ended: `held`.
    pub waits_for: Option<String>,
}

impl From<Option<View>> for ClosingStatus {
    fn from(found: Option<View>) -> Self {
        Self { closing: found.map(Closing::from) }
    }
}

impl From<View> for Closing {
    fn from(view: View) -> Self {
        let closing = view.closing;
        Self {
            id: closing.id.0,
            state: closing.state,
            asked_by: view.asked_by,
            asked_at: closing.asked_at,
            confirmed_at: closing.confirmed_at,
            is_confirmed_by_me: view.is_confirmed_by_me,
            needs_second: view.needs_second,
            exported_at: closing.exported_at,
            due_at: closing.due_at,
            waits_for: closing.error_code,
        }
    }
}

/// What closing would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosingPreview {
    /// What there is.
    pub counts: DeletionCounts,
    /// Mailboxes.
    pub mailboxes: i64,
    /// Users.
    pub users: i64,
    /// The other owners: one of them has to agree.
    pub other_owners: usize,
    /// Legal holds that last: it would wait for them.
    pub holds: usize,
    /// Whether the server can send the mail with the link; without that nothing is closed.
    pub sends_mail: bool,
    /// Days in which it can be undone.
    pub undo_days: u32,
    /// Days after that until the last backup of the keys is gone.
    pub keyring_days: u32,
    /// Days after that until the last backup of data is gone.
    pub backup_days: u32,
}

impl From<Preview> for ClosingPreview {
    fn from(preview: Preview) -> Self {
        Self {
            mailboxes: preview.counts.mailboxes,
            users: preview.counts.users,
            counts: preview.counts.mail.into(),
            other_owners: preview.other_owners,
            holds: preview.holds,
            sends_mail: preview.sends_mail,
            undo_days: preview.undo_days,
            keyring_days: preview.keyring_days,
            backup_days: preview.backup_days,
        }
    }
}

/// What it takes to ask.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ClosingRequest {
    /// The organization's name, typed.
    pub name: String,
    /// One's own password.
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

/// What stands behind the `#` of the link in an owner's mail.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ClosingConfirmation {
    /// It.
    #[schema(value_type = String)]
    pub token: SecretString,
}
