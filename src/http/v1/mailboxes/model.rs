//! Mailboxes as the browser sees them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::words::{AccessEnd, ChannelState, CheckCode, FolderRole, ImportMode, Provider};
use crate::http::v1::tickets::model::UserRef;

/// A linked mailbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mailbox {
    /// Its id.
    pub id: Uuid,
    /// Its address.
    pub address: String,
    /// The name that customers see.
    pub display_name: String,
    /// Where it lives.
    pub provider: Provider,
    /// How it is.
    pub state: ChannelState,
    /// What is wrong with it, if anything is.
    pub error: Option<MailboxError>,
    /// Since when it is as it is. One that needs a sign-in for 14 days is disconnected, unless
    /// `kept_at` is set.
    pub state_at: DateTime<Utc>,
    /// When an admin chose to keep its data although it needs a sign-in.
    pub kept_at: Option<DateTime<Utc>>,
    /// Access to it ends within 30 days, or has.
    pub access_ends: Option<AccessEnds>,
    /// When its mail was last looked at with success.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// The language of its answers: `en`, `nl`, `de`.
    pub language: String,
    /// What stands under its answers; may be empty.
    pub signature: String,
    /// What it answers by itself.
    pub acknowledgement: Acknowledgement,
    /// What was brought along at the start, and how far that is.
    pub import: Import,
    /// What became of its mail.
    pub counts: MailCounts,
    /// What a comparison with the server found, once a day and in each folder.
    pub comparisons: Vec<FolderComparison>,
    /// Who may read and answer in it.
    pub members: Vec<UserRef>,
    /// Rises with each change of its settings and members; what a change says in `If-Match`.
    pub version: i32,
}

/// What a mailbox says at once to whoever begins a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Acknowledgement {
    /// Whether it does.
    pub enabled: bool,
    /// The text, with `{{ticket.number}}`, `{{organization.name}}` and `{{mailbox.name}}`; may be empty.
    /// The signature of the mailbox stands under it.
    pub text: String,
    /// The subject, in the language of the mailbox, with `{{ticket.number}}`.
    pub subject: String,
}

/// What a mailbox is to answer by itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct AcknowledgementChange {
    /// Whether it does.
    pub enabled: bool,
    /// The text, at most 5,000 characters, with `{{ticket.number}}`, `{{organization.name}}` and
    /// `{{mailbox.name}}`. It is kept while it is off.
    pub text: String,
}

/// The mails that the server had in a folder: `on_server` is `imported`, `duplicates` and
/// `left_out` together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FolderComparison {
    /// What the folder is for.
    pub folder: FolderRole,
    /// When it was compared.
    pub at: DateTime<Utc>,
    /// Mails in the folder.
    pub on_server: i64,
    /// Made into messages.
    pub imported: i64,
    /// There already.
    pub duplicates: i64,
    /// Left out on purpose, older than what was to be brought along, or in quarantine.
    pub left_out: i64,
    /// Those that Loket had missed, and fetched then: they are among the others.
    pub missed: i64,
}

/// Access that ends on a day that is known.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct AccessEnds {
    /// When.
    pub at: DateTime<Utc>,
    /// What has to be renewed before.
    pub what: AccessEnd,
}

/// What is wrong with a mailbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailboxError {
    /// A stable word.
    pub code: String,
    /// More of it, such as the server's own words.
    pub detail: Option<String>,
}

/// What is brought along at the start.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    /// Which mail.
    pub mode: ImportMode,
    /// From when on, if `mode` is `since`.
    pub since: Option<DateTime<Utc>>,
    /// How many were read so far.
    pub read: i64,
    /// Of how many, as far as that is known.
    pub total: Option<i64>,
    /// It waits until then, since it has used its share of what the provider hands out in a day.
    pub waits_until: Option<DateTime<Utc>>,
}

/// What became of a mailbox's mail.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct MailCounts {
    /// Made into messages.
    pub imported: i64,
    /// Left out on purpose, there already, or gone before it could be fetched.
    pub skipped: i64,
    /// Could not be processed.
    pub quarantined: i64,
    /// Why mail was left out, the most frequent first.
    pub skipped_why: Vec<SkippedMail>,
}

/// Mail that was left out for one reason.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SkippedMail {
    /// A stable word: `sent_unrelated`, `own_answer`, `same_content`, `bounce_unmatched`,
    /// `notice_unmatched`, `before_import`, `spam`, …
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// A mailbox to link with a password, or a folder on the server.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MailboxRequest {
    /// Where it lives.
    pub provider: NewProvider,
    /// Its address.
    pub address: String,
    /// The name that customers see.
    pub display_name: String,
    /// Where mail is read (`imap`).
    #[serde(default)]
    pub imap: Option<MailServer>,
    /// Where answers are handed in (`imap`).
    #[serde(default)]
    pub smtp: Option<MailServer>,
    /// The name to sign in with; the address unless given.
    #[serde(default)]
    pub user_name: Option<String>,
    /// The password (`imap`).
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
    /// The folder on the server (`maildir`).
    #[serde(default)]
    pub path: Option<String>,
    /// What becomes of answers (`maildir`).
    #[serde(default)]
    pub deliver: Option<Deliver>,
    /// Which mail to bring along.
    #[serde(default)]
    pub import: ImportRequest,
    /// The language of its answers; English unless given.
    #[serde(default)]
    pub language: Option<String>,
}

/// Where a mailbox that needs no OAuth lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewProvider {
    /// Any IMAP and SMTP server.
    Imap,
    /// A folder on the server.
    Maildir,
}

/// A mail server.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MailServer {
    /// Its name.
    #[schema(example = "imap.example.com")]
    pub host: String,
    /// Its port.
    #[schema(example = 993)]
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: MailTls,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// From the first byte.
    Implicit,
    /// After STARTTLS.
    Starttls,
}

/// What becomes of the answers of a Maildir mailbox.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Deliver {
    /// They are put into a folder.
    Folder {
        /// A Maildir on the server.
        path: String,
    },
    /// They are handed to sendmail.
    Sendmail {
        /// Another program than `/usr/sbin/sendmail`.
        #[serde(default)]
        command: Option<String>,
    },
}

/// Which mail to bring along.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct ImportRequest {
    /// Which.
    pub mode: ImportMode,
    /// From when on, if `mode` is `since`.
    #[serde(default)]
    pub since: Option<DateTime<Utc>>,
}

impl Default for ImportRequest {
    fn default() -> Self {
        Self { mode: ImportMode::Now, since: None }
    }
}

/// The outcome of a connection test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailboxCheck {
    /// Whether every step succeeded.
    pub ok: bool,
    /// The steps, in order; the first that fails is the last.
    pub steps: Vec<MailboxCheckStep>,
}

/// A step of a connection test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailboxCheckStep {
    /// A stable word, such as `imap_login`.
    pub name: String,
    /// Whether it succeeded.
    pub ok: bool,
    /// What happened, as a stable word.
    pub code: CheckCode,
    /// What a sentence about it names: `host`, `port`, `count`, `path`; `said` is the server's words.
    pub values: BTreeMap<&'static str, String>,
    /// What happened, in a sentence.
    pub message: String,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MailboxChange {
    /// The name that customers see.
    pub display_name: Option<String>,
    /// What stands under answers; an empty text removes it.
    pub signature: Option<String>,
    /// What it answers by itself.
    pub acknowledgement: Option<AcknowledgementChange>,
    /// The language of answers.
    pub language: Option<String>,
    /// Stop or go on.
    pub state: Option<MailboxSwitch>,
    /// The new password of an IMAP mailbox.
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<SecretString>,
}

/// Stop or go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailboxSwitch {
    /// Stop.
    Paused,
    /// Go on.
    Active,
}

/// Who may read and answer in a mailbox.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct MembersRequest {
    /// Ids of users.
    pub membership_ids: Vec<Uuid>,
}

/// A mailbox to link by consent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ConnectRequest {
    /// Google or Microsoft.
    pub provider: OAuthProvider,
    /// Which mail to bring along.
    #[serde(default)]
    pub import: ImportRequest,
    /// The mailbox to reconnect, if it is one that was linked before.
    #[serde(default)]
    pub mailbox_id: Option<Uuid>,
    /// Microsoft: the address of a shared mailbox that the account which consents may open.
    #[serde(default)]
    pub shared_address: Option<String>,
}

/// A provider with a page of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OAuthProvider {
    /// Gmail and Google Workspace.
    Google,
    /// Outlook.com and Microsoft 365.
    Microsoft,
}

/// Where to send the browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConnectStarted {
    /// The provider's page of consent.
    pub authorize_url: String,
}

impl From<OAuthProvider> for Provider {
    fn from(provider: OAuthProvider) -> Self {
        match provider {
            OAuthProvider::Google => Self::Google,
            OAuthProvider::Microsoft => Self::Microsoft,
        }
    }
}
