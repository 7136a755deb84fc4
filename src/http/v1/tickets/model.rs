//! Tickets as the browser sees them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::desk::DraftKind;
use crate::domain::words::{MarkKind, Priority, Status, TagColor};
use crate::http::v1::messages::model::Message;
use crate::service::tags::Tag;

/// A ticket in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketSummary {
    /// Its number in the organization.
    pub number: i64,
    /// The subject.
    pub subject: String,
    /// The beginning of the last message.
    pub snippet: String,
    /// Its status.
    pub status: Status,
    /// Who wrote.
    pub customer: Person,
    /// Who works on it.
    pub assignee: Option<UserRef>,
    /// The team that works on it.
    pub team: Option<TeamRef>,
    /// How urgent it is.
    pub priority: Priority,
    /// Its tags, by name.
    pub tags: Vec<TagRef>,
    /// Until when it sleeps, if it does.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// When it will be deleted for good, if somebody said so.
    pub delete_at: Option<DateTime<Utc>>,
    /// The mailbox that it came in by.
    pub mailbox: MailboxRef,
    /// How many messages it has.
    pub message_count: i32,
    /// Whether any message has a file.
    pub has_attachment: bool,
    /// Whether there is something that the actor has not seen.
    pub unread: bool,
    /// Whether the actor has begun to write on it.
    pub has_draft: bool,
    /// What the actor has begun to write, where a list of just that was asked for.
    pub own_draft: Option<OwnDraft>,
    /// Since when the customer waits for an answer.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When the last message came or went.
    pub last_message_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// For `If-Match`.
    pub version: i32,
}

/// The beginning of a draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnDraft {
    /// What it is of.
    pub kind: DraftKind,
    /// Its first words.
    pub snippet: String,
}

/// A ticket with its conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ticket {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: TicketSummary,
    /// The customer as a contact.
    pub contact: Option<Contact>,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Who follows it.
    pub followers: Vec<UserRef>,
    /// Tickets that belong together with this one.
    pub related: Vec<RelatedTicket>,
    /// The actor's own draft of an answer.
    pub draft: Option<Draft>,
    /// The actor's own draft of a mail that passes a message on.
    pub forward_draft: Option<Draft>,
    /// The actor's own draft of a note.
    pub note_draft: Option<Draft>,
    /// Whether an answer can be sent.
    pub can_reply: bool,
    /// Why it is kept for longer than its mailbox's rule says, if it is.
    pub exemption: Option<TicketExemption>,
    /// When everything personal in it was removed.
    pub anonymized_at: Option<DateTime<Utc>>,
    /// What a reply starts with.
    pub reply_defaults: ReplyDefaults,
    /// The number of the ticket that this one was merged into: nothing is written here any more.
    pub merged_into: Option<i64>,
}

/// A name and an address.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The name, when one was given.
    #[serde(default)]
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// A user.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserRef {
    /// The membership's id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A team.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TeamRef {
    /// Its id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A tag of a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TagRef {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub name: String,
    /// Its colour.
    pub color: TagColor,
}

impl From<Tag> for TagRef {
    fn from(Tag { id, name, color, .. }: Tag) -> Self {
        Self { id: id.0, name, color }
    }
}

/// Why a ticket is kept for longer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketExemption {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who said so.
    pub by: UserRef,
    /// Why.
    pub reason: String,
}

/// A mailbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MailboxRef {
    /// Its id.
    pub id: Uuid,
    /// Its display name.
    pub name: String,
    /// Whether it is disconnected: the ticket can be read, and not answered, until its data is
    /// deleted.
    pub disconnected: bool,
    /// When that is, of one that is disconnected.
    pub due_at: Option<DateTime<Utc>>,
}

/// A customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// The name.
    pub name: Option<String>,
    /// How they can be reached.
    pub identities: Vec<ContactIdentity>,
    /// What they want of everything that is done with their data.
    pub marks: Vec<MarkKind>,
    /// When they last had their facts put right.
    pub rectified_at: Option<DateTime<Utc>>,
}

/// A way to reach a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactIdentity {
    /// Such as `email`.
    pub kind: String,
    /// Such as the address.
    pub value: String,
}

/// Another ticket that belongs with this one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelatedTicket {
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// Why: `follow_up`, `same_customer`, `possibly_related`.
    pub reason: String,
}

/// Whom a reply goes to, unless the agent says otherwise.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ReplyDefaults {
    /// Whom *reply* goes to.
    pub to: Vec<Person>,
    /// Who got a copy of the mail, and gets one of the answer.
    pub cc: Vec<Person>,
    /// Who else was addressed: *reply all* writes to them too.
    pub others: Vec<Person>,
    /// The mailbox was only in BCC: an answer would show that.
    pub bcc_warning: bool,
}

/// What the agent has written and not sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Draft {
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
    pub attachments: Vec<crate::http::v1::messages::model::Attachment>,
    /// Another subject than the ticket's.
    pub subject: Option<String>,
    /// The message that is passed on.
    pub forwarded: Option<ForwardedMail>,
    /// No signature stands under it.
    pub without_signature: bool,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// A message that is passed on, with its files.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ForwardedMail {
    /// Which.
    pub message_id: Uuid,
    /// Those of its files that stay behind.
    #[serde(default)]
    pub without: Vec<Uuid>,
}

/// What comes with a ticket.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct OpenQuery {
    /// Of how many of the newest messages the HTML comes as well, as `/messages/{id}/html` gives it
    /// without images from elsewhere: 10 at most, and 128 KiB in all.
    #[param(required = false, value_type = u8, maximum = 10)]
    pub with_html: u8,
}

/// Which draft.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DraftQuery {
    /// `answer`, `forward` or `note`; `answer` unless given.
    #[param(required = false, inline)]
    pub kind: Option<DraftKind>,
}

impl DraftQuery {
    pub(super) fn kind(&self) -> DraftKind {
        self.kind.unwrap_or(DraftKind::Answer)
    }
}

/// What the agent has written so far.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct DraftRequest {
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
    /// Another subject than the ticket's.
    pub subject: Option<String>,
    /// The message that is passed on.
    pub forwarded: Option<ForwardedMail>,
    /// No signature stands under it.
    pub without_signature: bool,
    /// `updated_at` of the draft that this builds on, or null where there was none: what another
    /// device has saved since is not replaced. Left out, whatever is there is.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub builds_on: Option<Option<DateTime<Utc>>>,
}

/// Which tickets to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// `open`, `pending`, `on_hold`, `closed`, `spam`, `trash`, or `all` (all but spam and trash).
    #[param(required = false, value_type = String)]
    pub status: Option<String>,
    /// `me`, `none`, or a user's id.
    #[param(required = false, value_type = String)]
    pub assignee: Option<String>,
    /// A mailbox's id.
    #[param(required = false, value_type = Uuid)]
    pub mailbox: Option<Uuid>,
    /// Those that sleep: others are left out, and they are in no list of open tickets.
    #[param(required = false, value_type = bool)]
    pub snoozed: bool,
    /// `low`, `normal`, `high` or `urgent`.
    #[param(required = false, value_type = String)]
    pub priority: Option<String>,
    /// `none`, or a team's id.
    #[param(required = false, value_type = String)]
    pub team: Option<String>,
    /// A tag's id.
    #[param(required = false, value_type = Uuid)]
    pub tag: Option<Uuid>,
    /// `me`: those with a note that names the actor.
    #[param(required = false, value_type = String)]
    pub mentioned: Option<String>,
    /// A ticket's number, or a customer's address.
    #[param(required = false, value_type = String)]
    pub q: Option<String>,
    /// Whether with or without files.
    #[param(required = false, value_type = bool)]
    pub has_attachment: Option<bool>,
    /// `true`: only what one has not read.
    #[param(required = false, value_type = bool)]
    pub unread: Option<bool>,
    /// `true`: only those on which one has begun to write.
    #[param(required = false, value_type = bool)]
    pub draft: Option<bool>,
    /// A customer's id.
    #[param(required = false, value_type = Uuid)]
    pub contact: Option<Uuid>,
    /// The last message came or went on this day or later.
    #[param(required = false, value_type = String, format = Date)]
    pub since: Option<NaiveDate>,
    /// The last message came or went on this day or earlier.
    #[param(required = false, value_type = String, format = Date)]
    pub until: Option<NaiveDate>,
    /// The IANA time zone of these days; one's own, or else the organization's, unless given.
    #[param(required = false, value_type = String)]
    pub zone: Option<String>,
    /// `newest` or `oldest` message first; without it who has waited longest comes first in `open`,
    /// and the newest in all others.
    #[param(required = false, value_type = String)]
    pub sort: Option<String>,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false, value_type = String)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 unless given.
    #[param(required = false, value_type = u64)]
    pub limit: Option<u64>,
}

/// How many tickets there are of each kind.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct TicketCounts {
    /// Open.
    pub open: i64,
    /// Pending.
    pub pending: i64,
    /// On hold.
    pub on_hold: i64,
    /// Closed.
    pub closed: i64,
    /// Spam.
    pub spam: i64,
    /// Trash.
    pub trash: i64,
    /// Open and assigned to the actor.
    pub mine: i64,
    /// Open and assigned to nobody.
    pub unassigned: i64,
    /// Sleeping; those are not counted as open.
    pub snoozed: i64,
    /// With a note that names the actor, whatever their status but spam and trash.
    pub mentioned: i64,
    /// On which the actor has begun to write, likewise.
    pub drafts: i64,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TicketRequest {
    /// The new status.
    pub status: Option<Status>,
    /// A user's id, or null for nobody.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    pub assignee_id: Option<Option<Uuid>>,
    /// A team's id, or null for none.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    pub team_id: Option<Option<Uuid>>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Until when it sleeps, or null to wake it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub snoozed_until: Option<Option<DateTime<Utc>>>,
    /// Ids of tags to put on.
    pub tags_add: Vec<Uuid>,
    /// Ids of tags to take off.
    pub tags_remove: Vec<Uuid>,
}

/// Tells a field that is null from one that was left out.
#[expect(clippy::option_option, reason = "left out, null and a value are three things")]
pub(in crate::http::v1) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// An answer to the customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReplyRequest {
    /// Whom it answers.
    pub mode: ReplyMode,
    /// Whom it goes to.
    pub to: Vec<Person>,
    /// Who else gets it.
    #[serde(default)]
    pub cc: Vec<Person>,
    /// Who else gets it unseen.
    #[serde(default)]
    pub bcc: Vec<Person>,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    #[serde(default)]
    pub html: Option<String>,
    /// Uploaded files.
    #[serde(default)]
    pub attachment_ids: Vec<Uuid>,
    /// The status of the ticket afterwards.
    #[serde(default)]
    pub then: ReplyThen,
    /// The version of the ticket that the agent has read: an answer to an older one asks first.
    pub seen_version: i32,
    /// Another subject than the ticket's.
    #[serde(default)]
    pub subject: Option<String>,
    /// The message that is passed on, for a forward.
    #[serde(default)]
    pub forwarded: Option<ForwardedMail>,
    /// No signature is put under it.
    #[serde(default)]
    pub without_signature: bool,
    /// The ticket sleeps until then, unless the customer answers.
    #[serde(default)]
    pub snooze_until: Option<DateTime<Utc>>,
}

/// Whom an answer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplyMode {
    /// The customer.
    Reply,
    /// Everybody who was addressed.
    ReplyAll,
    /// A message is passed on to whom the agent names.
    Forward,
}

/// The status of the ticket after an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplyThen {
    /// Waits for the customer.
    #[default]
    Pending,
    /// Still to be worked on.
    Open,
    /// Done.
    Closed,
    /// As it is.
    Unchanged,
}

/// A mail to a customer who has not written: a ticket begins with it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewTicketRequest {
    /// The mailbox that it goes out by.
    pub mailbox_id: Uuid,
    /// What it is about.
    pub subject: String,
    /// Whom it goes to; the first is the customer.
    pub to: Vec<Person>,
    /// Who else gets it.
    #[serde(default)]
    pub cc: Vec<Person>,
    /// Who else gets it unseen.
    #[serde(default)]
    pub bcc: Vec<Person>,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has any format.
    #[serde(default)]
    pub html: Option<String>,
    /// Uploaded files.
    #[serde(default)]
    pub attachment_ids: Vec<Uuid>,
    /// The status of the ticket afterwards.
    #[serde(default)]
    pub then: ReplyThen,
    /// No signature is put under it.
    #[serde(default)]
    pub without_signature: bool,
}

/// A ticket that was just begun.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewTicket {
    /// Its number.
    pub number: i64,
    /// Its first message.
    pub message: Message,
}

/// A note between colleagues.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NoteRequest {
    /// As plain text. It may be empty where there are files.
    pub text: String,
    /// Uploads of the author.
    #[serde(default)]
    pub attachment_ids: Vec<Uuid>,
    /// The users whom it names: they are told.
    #[serde(default)]
    pub mentions: Vec<Uuid>,
    /// The teams that it names: those of them who can read the ticket are told.
    #[serde(default)]
    pub teams: Vec<Uuid>,
}

/// Who the customer is: an address, or the sender of a mail that was forwarded.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CustomerRequest {
    /// The address.
    pub address: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// Instead of an address: a message of the ticket that forwards the customer's mail.
    pub forwarded_message_id: Option<Uuid>,
}
