//! Letters as the browser sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::v1::messages::model::Attachment;
use crate::http::v1::tickets::model::{Person, given};
use crate::service::{drafts, letters};

/// A mail to a customer that is being written.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Letter {
    /// The mailbox that it is to go out by.
    pub mailbox_id: Option<Uuid>,
    /// What it is about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
    /// Whom it goes to.
    pub to: Vec<Person>,
    /// Who else gets it.
    pub cc: Vec<Person>,
    /// Who else gets it unseen.
    pub bcc: Vec<Person>,
    /// Uploaded files.
    pub attachments: Vec<Attachment>,
    /// No signature stands under it.
    pub without_signature: bool,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// What is written so far.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct LetterRequest {
    /// The mailbox that it is to go out by.
    pub mailbox_id: Option<Uuid>,
    /// What it is about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    pub html: Option<String>,
    /// Whom it goes to.
    pub to: Vec<Person>,
    /// Who else gets it.
    pub cc: Vec<Person>,
    /// Who else gets it unseen.
    pub bcc: Vec<Person>,
    /// Uploaded files.
    pub attachment_ids: Vec<Uuid>,
    /// No signature stands under it.
    pub without_signature: bool,
    /// As for a draft: `updated_at` of the letter that this builds on, or null where there was none.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub builds_on: Option<Option<DateTime<Utc>>>,
}

impl From<letters::View> for Letter {
    fn from(view: letters::View) -> Self {
        let people = |parties: Vec<_>| parties.into_iter().map(Person::from).collect();
        Self {
            mailbox_id: view.channel_id.map(|id| id.0),
            subject: view.content.subject.unwrap_or_default(),
            text: view.content.text,
            html: view.content.html,
            to: people(view.content.to),
            cc: people(view.content.cc),
            bcc: people(view.content.bcc),
            attachments: view.files.into_iter().map(Into::into).collect(),
            without_signature: view.content.without_signature,
            updated_at: view.updated_at,
        }
    }
}

impl From<LetterRequest> for letters::Content {
    fn from(request: LetterRequest) -> Self {
        Self {
            channel_id: request.mailbox_id.map(Into::into),
            written: drafts::Content {
                text: request.text,
                html: request.html,
                to: request.to.into_iter().map(Into::into).collect(),
                cc: request.cc.into_iter().map(Into::into).collect(),
                bcc: request.bcc.into_iter().map(Into::into).collect(),
                attachment_ids: request.attachment_ids.into_iter().map(Into::into).collect(),
                subject: Some(request.subject),
                forwarded: None,
                without_signature: request.without_signature,
            },
        }
    }
}
